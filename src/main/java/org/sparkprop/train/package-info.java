/**
 * The loop: round after round, epoch after epoch.
 *
 * <p>{@link org.sparkprop.train.Trainer} is the loop itself and holds no Spark types. An {@link
 * org.sparkprop.train.Algorithm} says what a round is: in {@link
 * org.sparkprop.train.GradientAveraging} one batch, whose rows its {@link
 * org.sparkprop.train.BatchSchedule} names; in {@link org.sparkprop.train.LocalSgd} several steps
 * of each worker; in {@link org.sparkprop.train.FullBatch} all rows, for L-BFGS. {@link
 * org.sparkprop.train.SparkRoundRunner} runs a round as one Spark job, in which {@link
 * org.sparkprop.train.SliceGradients} sums the gradients of the rows of each slice, where they are
 * cached, and the fixed binary tree of a {@link org.sparkprop.data.ReductionTree} adds the slices:
 * it is begun in the tasks and completed on the driver. A {@link org.sparkprop.train.TrainingState}
 * is what a step changes: the {@link org.sparkprop.train.Sums} are divided once by the weight of
 * the rows, and the optimiser steps. Together with the counters of the run it forms the {@link
 * org.sparkprop.train.RunState}, which a {@link org.sparkprop.train.checkpoint.Checkpointer} keeps
 * and finds again.
 *
 * <p>{@link org.sparkprop.train.options.TrainingOptions} holds every choice, checked as a whole;
 * {@link org.sparkprop.train.Training} is a whole run, from rows ({@link
 * org.sparkprop.train.PackedRows}) to a model. {@link org.sparkprop.train.EarlyStopping} compares
 * each epoch with the best so far; a {@link org.sparkprop.train.TrainingListener} watches, and may
 * end the run by its {@link org.sparkprop.train.Verdict}. A {@link org.sparkprop.SparkpropPlugin}
 * sets each executor up before its first task, and registers what Spark's metrics show.
 *
 * <p>It uses every room but {@code bench}, {@code cli} and the library, which use it, and {@code
 * cluster}. Begin with {@link org.sparkprop.train.Trainer}.
 */
@NullMarked
package org.sparkprop.train;

import org.jspecify.annotations.NullMarked;
