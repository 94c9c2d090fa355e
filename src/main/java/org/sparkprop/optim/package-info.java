/**
 * How a gradient changes the parameters: no Spark, no files. {@link org.sparkprop.optim.Parallel}
 * is its only use of threads.
 *
 * <p>Steps always descend: {@code parameters -= rate * direction}. An {@link
 * org.sparkprop.optim.Optimizer} holds the moments of one training run and makes steps; an {@link
 * org.sparkprop.optim.UpdateRule} is what can be chosen, with its {@link
 * org.sparkprop.optim.Hyperparameter}s, from which the command line makes its options; {@link
 * org.sparkprop.optim.OptimizerSettings} are a rule with every number decided. A further rule is
 * one new class and its name in {@link org.sparkprop.optim.UpdateRule#ALL}.
 *
 * <p>A {@link org.sparkprop.optim.Regularization} says what keeps gradients and weights small, and
 * in which order. A {@link org.sparkprop.optim.LearningRateSchedule} gives the rate of each step of
 * a run: a warm-up, then a {@link org.sparkprop.optim.RateCurve}; a {@link
 * org.sparkprop.optim.Plateau} is told what the run has reached, and lowers the rate accordingly.
 *
 * <p>{@link org.sparkprop.optim.Lbfgs} is no such rule: it decides for itself where it evaluates an
 * {@link org.sparkprop.optim.Objective}, several times an iteration.
 *
 * <p>It uses {@code base} and {@code nn}; {@code train}, {@code bench}, {@code cli} and the library
 * use it. Begin with {@link org.sparkprop.optim.Optimizer}.
 */
@NullMarked
package org.sparkprop.optim;

import org.jspecify.annotations.NullMarked;
