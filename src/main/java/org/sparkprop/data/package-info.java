/**
 * Rows packed: shards in the memory of the executors.
 *
 * <p>Rows come as a {@code Dataset<Row>} with the columns {@code row}, {@code features} and {@code
 * label}, from the room {@code data.source} or from an application. {@link
 * org.sparkprop.data.RowFormat} says what those columns hold.
 *
 * <p>{@link org.sparkprop.data.Shards} packs: a {@link org.sparkprop.data.RowPacker} in each task
 * checks every row and gathers those of one shard in a {@link org.sparkprop.data.Fragment}; a
 * shuffle brings the fragments of a shard together; sorted by row number they become a {@link
 * org.sparkprop.data.Shard}, cached on its executor in a block of neighbours ({@link
 * org.sparkprop.data.Layout}). Bytes stay bytes until a slice is decoded. Which shard a row belongs
 * to depends on its number and the seed alone.
 *
 * <p>{@link org.sparkprop.data.Preprocessing} is what happens to a row between its shard and the
 * network; {@link org.sparkprop.data.RowStatistics} has what it needs to know of all rows, from
 * every shard along a {@link org.sparkprop.data.ShardTree}. Whatever is added over slices or
 * shards, here and in the rooms above, is added by a {@link org.sparkprop.data.ReductionTree}.
 *
 * <p>It uses {@code base}, {@code spark} and {@code nn}; all rooms above use it. Begin with {@link
 * org.sparkprop.data.Shards}.
 */
@NullMarked
package org.sparkprop.data;

import org.jspecify.annotations.NullMarked;
