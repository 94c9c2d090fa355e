package org.sparkprop.cli;

import org.sparkprop.model.EpochRecord;

/** An epoch as one line of at most 120 columns, all of a run in the same columns. */
final class EpochText {
  /** From here to there figures have fixed decimals, which suits almost all. */
  private static final double MIN = 1e-3;

  private static final double MAX = 1e3;

  private EpochText() {}

  /** {@code epoch 3/10}, as wide for the first epoch as for the last. */
  static String name(int epoch, int epochs) {
    int digits = Integer.toString(epochs).length();
    return ("epoch %" + digits + "d/%d").formatted(epoch, epochs);
  }

  /** What was measured in an epoch. */
  static String line(EpochRecord epoch, int epochs) {
    return "%s  loss %s%s  rate %s  %7.2f s  %,9.0f rows/s"
        .formatted(
            name(epoch.epoch(), epochs),
            figure(epoch.loss()),
            validation(epoch),
            rate(epoch.learningRate()),
            epoch.seconds(),
            epoch.rowsPerSecond());
  }

  /** A loss in eight columns. */
  static String figure(double loss) {
    return (isOrdinary(loss) ? "%8.4f" : "%8.2e").formatted(loss);
  }

  /** A learning rate in eight columns, to three digits. */
  private static String rate(double rate) {
    return (isOrdinary(rate) ? "%8.5f" : "%8.2e").formatted(rate);
  }

  private static boolean isOrdinary(double value) {
    return value == 0 || (value >= MIN && value < MAX);
  }

  /** The loss of the validation, and the figure that people know best for the task. */
  private static String validation(EpochRecord epoch) {
    Double loss = epoch.validationLoss();
    if (loss == null) {
      return "";
    }
    Double accuracy = epoch.validationAccuracy();
    Double r2 = epoch.validation().get("r2");
    String best =
        accuracy != null
            ? "  accuracy %6.2f %%".formatted(100 * accuracy)
            : r2 != null ? "  R² %7.4f".formatted(r2) : "";
    return "  validation loss %s%s".formatted(figure(loss), best);
  }
}
