/**
 * Resumes an interrupted run, with results that are the same to the bit.
 *
 * <p>{@link org.sparkprop.train.checkpoint.Checkpointer} decides when one is written, and finds the
 * last one again; a {@link org.sparkprop.train.checkpoint.Checkpoint} is where a run is between two
 * rounds, to the last bit; {@link org.sparkprop.train.checkpoint.CheckpointFile} is that in a file,
 * with the options and rows that the run must have; {@link
 * org.sparkprop.train.checkpoint.CheckpointFolder} writes them, as drafts that {@link
 * org.sparkprop.spark.Storage} renames, and keeps the last two whole whenever a process is killed.
 *
 * <p>It knows neither the loop nor Spark's jobs; {@code train} and those above it use it. Begin
 * with {@link org.sparkprop.train.checkpoint.Checkpointer}.
 */
@NullMarked
package org.sparkprop.train.checkpoint;

import org.jspecify.annotations.NullMarked;
