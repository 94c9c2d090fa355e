/**
 * The loop: round after round, epoch after epoch.
 *
 * <p>{@link org.sparkprop.train.Trainer} is the loop itself and holds no Spark types. A {@link
 * org.sparkprop.train.Schedule} says which rows form each {@link org.sparkprop.train.Batch}, in
 * {@link org.sparkprop.train.Batch.Slice slices}; {@link org.sparkprop.train.Gradients} gives the
 * sum of their gradients, and {@link org.sparkprop.train.SparkGradients} does it as one Spark job:
 * a broadcast, a gradient for each slice where its rows are cached, and the fixed binary tree of a
 * {@link org.sparkprop.train.ReductionTree}, begun in the tasks and completed on the driver. The
 * trainer divides the {@link org.sparkprop.train.GradientSums} once by the rows and lets the
 * optimiser step.
 *
 * <p>{@link org.sparkprop.train.TrainingOptions} holds every choice, checked as a whole; {@link
 * org.sparkprop.train.Training} is a whole run, from rows to a model. A {@link
 * org.sparkprop.train.SparkpropPlugin} sets each executor up before its first task.
 */
@NullMarked
package org.sparkprop.train;

import org.jspecify.annotations.NullMarked;
