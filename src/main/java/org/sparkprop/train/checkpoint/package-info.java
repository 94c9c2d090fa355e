/**
 * A run that was cut off goes on from here, to the same bits.
 *
 * <p>{@link org.sparkprop.train.checkpoint.Checkpointer} decides when one is written, and finds the
 * last one again; a {@link org.sparkprop.train.checkpoint.Checkpoint} is where a run is between two
 * rounds, to the last bit; {@link org.sparkprop.train.checkpoint.CheckpointFile} is that in a file,
 * with the options and rows that the run must have; {@link
 * org.sparkprop.train.checkpoint.CheckpointFolder} keeps the last two whole, whatever is killed
 * when.
 *
 * <p>It knows neither the loop nor Spark's jobs; {@code train} and those above it use it. Begin
 * with {@link org.sparkprop.train.checkpoint.Checkpointer}.
 */
@NullMarked
package org.sparkprop.train.checkpoint;

import org.jspecify.annotations.NullMarked;
