package org.sparkprop.train;

import java.util.List;
import org.sparkprop.model.EpochRecord;

/** What the loop has come to. */
final class Outcome {
  private final float[] parameters;
  private final List<EpochRecord> history;
  private final String ending;

  /**
   * @param parameters the best; not copied
   * @param ending why there was no further round, in words
   */
  Outcome(float[] parameters, List<EpochRecord> history, String ending) {
    this.parameters = parameters;
    this.history = history;
    this.ending = ending;
  }

  float[] parameters() {
    return parameters;
  }

  List<EpochRecord> history() {
    return history;
  }

  String ending() {
    return ending;
  }
}
