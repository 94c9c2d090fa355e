/**
 * Which column of a table is what, and what its values say.
 *
 * <p>{@link org.sparkprop.data.source.column.ColumnSearch} tells from the schema and the user's
 * {@link org.sparkprop.data.source.column.TableOptions} which columns are label, features, weight
 * and row number: {@link org.sparkprop.data.source.column.ColumnRoles}. One pass over the rows
 * ({@link org.sparkprop.data.source.column.TableScan}) counts what is in them: a {@link
 * org.sparkprop.data.source.column.ColumnProfile} for each column, together a {@link
 * org.sparkprop.data.source.column.TableProfile}, which refuses text that a person would call
 * numbers and warns of keys, copies of the label, and columns on very different scales. {@link
 * org.sparkprop.data.source.column.RowNumbers} depend on the files and not on Spark's partitions.
 * {@link org.sparkprop.data.source.column.TableFacts} keep what a model has to remember of it.
 *
 * <p>It uses {@code base}, {@code spark}, {@code data} and {@code data.source.file}; {@code
 * data.source}, {@code model}, {@code train} and the library use it. Begin with {@link
 * org.sparkprop.data.source.column.ColumnSearch}.
 */
@NullMarked
package org.sparkprop.data.source.column;

import org.jspecify.annotations.NullMarked;
