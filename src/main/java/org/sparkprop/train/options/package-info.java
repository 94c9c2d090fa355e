/**
 * What a run can be told, as values that have been checked.
 *
 * <p>{@link org.sparkprop.train.options.TrainingOptions} holds every choice and refuses what does
 * not go together. {@link org.sparkprop.train.options.Stopping} says when a run ends and which
 * epoch is the best, {@link org.sparkprop.train.options.LocalSteps} how often workers meet, {@link
 * org.sparkprop.train.options.ClassWeighting}, {@link org.sparkprop.train.options.FeatureUnits} and
 * {@link org.sparkprop.train.options.TargetUnits} how rows are transformed, {@link
 * org.sparkprop.train.options.ReductionPlace} where partial sums are combined. A setting is
 * declared once, in {@link org.sparkprop.train.options.Settings}.
 *
 * <p>Values alone: nothing of the loop, no Spark. {@code train} and those above it use it. Begin
 * with {@link org.sparkprop.train.options.TrainingOptions}.
 */
@NullMarked
package org.sparkprop.train.options;

import org.jspecify.annotations.NullMarked;
