package org.sparkprop.train;

import java.lang.System.Logger;
import java.util.Locale;
import org.sparkprop.train.options.FeatureUnits;

/** Warns when a run begins with a loss that only numbers in huge units give. */
final class FirstLoss {
  /**
   * Guessing costs ln(classes), below 14 for a million; targets are learnt in units of their own.
   */
  private static final double HUGE = 1000;

  private static final Logger LOG = System.getLogger(FirstLoss.class.getName());

  private FirstLoss() {}

  /**
   * Looks at the loss of an epoch.
   *
   * @param epoch from 1; only the first is looked at
   */
  static void look(int epoch, double loss, FeatureUnits units) {
    if (epoch == 1 && loss >= HUGE) {
      LOG.log(
          Logger.Level.WARNING,
          "the loss of the first epoch is {0}: {1}",
          String.format(Locale.ROOT, "%,.0f", loss),
          units == FeatureUnits.RAW
              ? "features in huge units lead away before they teach; give --feature-units standard (in an application featureUnits)"
              : "steps are too long, or targets are far away; lower --learning-rate (in an application learningRate)");
    }
  }
}
