/**
 * What a run can be told, as values that have been checked.
 *
 * <p>{@link org.sparkprop.train.options.TrainingOptions} holds every choice and refuses what does
 * not go together. {@link org.sparkprop.train.options.Stopping} says when a run ends and which
 * epoch is the best, {@link org.sparkprop.train.options.LocalSteps} how often workers meet, {@link
 * org.sparkprop.train.options.ClassWeighting}, {@link org.sparkprop.train.options.FeatureUnits} and
 * {@link org.sparkprop.train.options.TargetUnits} how rows are transformed, {@link
 * org.sparkprop.train.options.ReductionPlace} where partial sums are combined.
 *
 * <p>An option of a run is declared once, as a {@link org.sparkprop.train.options.Setting}, in
 * {@link org.sparkprop.train.options.Settings} or, of the optimiser and its schedule, in {@link
 * org.sparkprop.train.options.StepSettings}, of the end of a run in {@link
 * org.sparkprop.train.options.StoppingSettings}; what an update rule declares becomes a setting by
 * itself. Its {@link org.sparkprop.train.options.Form} reads a value and refuses one that cannot
 * be, such as a batch of 0 rows. The command line, configuration files, {@code model.json} and the
 * help follow; {@code NeuralNetwork} has a method for it.
 *
 * <p>Values alone: nothing of the loop, no Spark. {@code train} and those above it use it. Begin
 * with {@link org.sparkprop.train.options.TrainingOptions}.
 */
@NullMarked
package org.sparkprop.train.options;

import org.jspecify.annotations.NullMarked;
