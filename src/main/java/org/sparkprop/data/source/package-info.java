/**
 * Where rows come from: what {@code --data} names, as a Dataset with our columns.
 *
 * <p>A {@link org.sparkprop.data.source.RowSource} is a folder of IDX files ({@link
 * org.sparkprop.data.source.IdxFolder}), a table that Spark reads ({@link
 * org.sparkprop.data.source.TableSource}), either of them by its path ({@link
 * org.sparkprop.data.source.PathSource}), or generated rows ({@link
 * org.sparkprop.data.source.Spiral}, {@link org.sparkprop.data.source.Simulation}). Each gives a
 * {@code Dataset<Row>} with the columns {@code row}, {@code features} and {@code label} for a
 * {@link org.sparkprop.data.source.Part}. A table lies in the files that {@link
 * org.sparkprop.data.source.TableFinder} finds, which {@code data.source.file} checks once more;
 * {@code data.source.column} tells which column is what; {@link
 * org.sparkprop.data.source.TableRows} are the rows in our columns.
 *
 * <p>It uses {@code base}, {@code spark}, {@code data} and its own rooms; {@code model}, {@code
 * cli} and the library use it. Begin with {@link org.sparkprop.data.source.RowSource}.
 */
@NullMarked
package org.sparkprop.data.source;

import org.jspecify.annotations.NullMarked;
