/**
 * From where the rows are to shards in the memory of the executors.
 *
 * <p>A {@link org.sparkprop.data.RowSource} says what {@code --data} names: {@link
 * org.sparkprop.data.IdxFolder} is a folder of IDX files (for {@code mnist}, {@link
 * org.sparkprop.data.DatasetCache} fetches it first), {@link org.sparkprop.data.TableSource} a
 * table that Spark reads, {@link org.sparkprop.data.PathSource} the one or the other; {@link
 * org.sparkprop.data.Spiral} and {@link org.sparkprop.data.Simulation} are generated. Each gives a
 * {@code Dataset<Row>} with the columns {@code row}, {@code features} and {@code label} for a
 * {@link org.sparkprop.data.Part}. IDX files are read by a Spark data source of ours, {@link
 * org.sparkprop.data.IdxSource}: its scan cuts a file into ranges of rows, its reader reads one
 * range, from a {@link org.sparkprop.data.IdxColumn} each for features and labels.
 *
 * <p>A table lies in the files that {@link org.sparkprop.data.TableFiles} finds; {@link
 * org.sparkprop.data.ColumnSearch} tells from its schema and the user's {@link
 * org.sparkprop.data.TableOptions} which columns are what, {@link org.sparkprop.data.TableColumns};
 * {@link org.sparkprop.data.TableRows} are the rows in our columns; they get numbers from {@link
 * org.sparkprop.data.RowNumbers}, which follow the files and not how Spark cuts them.
 *
 * <p>Then {@link org.sparkprop.data.Shards} packs: a {@link org.sparkprop.data.RowPacker} in each
 * task checks every row and gathers those of one shard in a {@link org.sparkprop.data.Fragment}; a
 * shuffle brings the fragments of a shard together; sorted by row number they become a {@link
 * org.sparkprop.data.Shard}, cached on its executor in a block of neighbours ({@link
 * org.sparkprop.data.Layout}). Bytes stay bytes until a slice is decoded. Which shard a row belongs
 * to depends on its number and the seed alone.
 *
 * <p>{@link org.sparkprop.data.Preprocessing} is what happens to a row between its shard and the
 * network; {@link org.sparkprop.data.RowStatistics} has what it needs to know of all rows, from
 * every shard along a {@link org.sparkprop.data.ShardTree}.
 *
 * <p>What a user gave and we cannot use is an {@link org.sparkprop.data.InvalidInputException}; its
 * message is the whole story.
 */
@NullMarked
package org.sparkprop.data;

import org.jspecify.annotations.NullMarked;
