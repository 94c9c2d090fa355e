package org.sparkprop.train;

import org.jspecify.annotations.Nullable;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.data.Preprocessing;
import org.sparkprop.data.RowFormat;
import org.sparkprop.data.RowStatistics;
import org.sparkprop.data.Scaling;
import org.sparkprop.data.Shards;
import org.sparkprop.nn.Activation;
import org.sparkprop.nn.LearningTask;
import org.sparkprop.train.options.ClassWeighting;
import org.sparkprop.train.options.FeatureUnits;
import org.sparkprop.train.options.TrainingOptions;

/**
 * How the rows of a run are prepared: as its options say, with what the training rows say, or as
 * they were for the model that it goes on from.
 */
final class PreprocessingPlan {
  private final TrainingOptions options;
  private final RowFormat format;
  private final @Nullable Preprocessing earlier;

  /**
   * @param earlier how they were for the model that the run goes on from; null if it starts anew
   * @throws InvalidInputException if that was another way than the options ask for
   */
  PreprocessingPlan(TrainingOptions options, RowFormat format, @Nullable Preprocessing earlier) {
    this.options = options;
    this.format = format;
    this.earlier = earlier;
    if (earlier != null
        && earlier.featureScaling().isNone()
        && options.featureUnits() == FeatureUnits.STANDARD) {
      throw new InvalidInputException(
          "Invalid feature units: standard, but the model to go on from has raw ones (leave out --feature-units, or --init-from)");
    }
  }

  /** Before the rows have been asked. */
  Preprocessing raw() {
    return Preprocessing.raw(format.features());
  }

  /** With the rows that are trained on; a Spark job for each thing that they are asked. */
  Preprocessing of(Shards training) {
    ClassWeighting weighting = options.classWeights();
    Preprocessing prepared =
        raw().withFeatureScaling(features(training)).withTargetScaling(targets(training));
    return weighting.isNone()
        ? prepared
        : prepared.withClassWeights(weighting.of(training, format.labels().size()));
  }

  private Scaling features(Shards training) {
    if (earlier != null) {
      return earlier.featureScaling();
    }
    return switch (options.featureUnits()) {
      case RAW -> Scaling.NONE;
      case STANDARD -> RowStatistics.standardFeatures(training, raw(), format.width());
    };
  }

  private Scaling targets(Shards training) {
    if (earlier != null && options.task() == LearningTask.REGRESSION) {
      return earlier.targetScaling();
    }
    Activation last = options.layers().get(options.layers().size() - 1).activation();
    return options.targetUnits().areStandard(options.task(), last)
        ? RowStatistics.standardTargets(training, format.labels().size())
        : Scaling.NONE;
  }
}
