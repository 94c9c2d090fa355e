/**
 * IDX files, such as those of MNIST, as a data source of Spark.
 *
 * <p>{@link org.sparkprop.data.source.idx.IdxSource} is its entry point: an {@link
 * org.sparkprop.data.source.idx.IdxScan} cuts a file into ranges of rows, an {@link
 * org.sparkprop.data.source.idx.IdxReader} reads one of them, with one {@link
 * org.sparkprop.data.source.idx.IdxColumn} for features and one for labels. An {@link
 * org.sparkprop.data.source.idx.IdxFile} whose size is not what its {@link
 * org.sparkprop.data.source.idx.IdxHeader} says is refused.
 *
 * <p>It uses {@code base} and {@code spark} alone. Begin with {@link
 * org.sparkprop.data.source.idx.IdxSource}.
 */
@NullMarked
package org.sparkprop.data.source.idx;

import org.jspecify.annotations.NullMarked;
