package org.sparkprop.eval;

import java.util.Arrays;

/** The figures of rows that have any of the labels. */
final class LabelFigures extends HitFigures<LabelFigures> {
  private double exact;
  private double wrongCells;

  LabelFigures(int labels) {
    super(labels);
  }

  /**
   * Adds a row.
   *
   * @param output probabilities, from {@code at} on one for each label; so are {@code targets}
   */
  void add(float[] output, float[] targets, int at, double lossOfRow, double weightOfRow) {
    if (weightOfRow == 0) {
      return; // not 0 times a loss that may be infinite
    }
    int wrong = 0;
    for (int label = 0; label < of.length; label++) {
      boolean has = isOn(targets[at + label]);
      boolean taken = isOn(output[at + label]);
      of[label] += has ? weightOfRow : 0;
      predicted[label] += taken ? weightOfRow : 0;
      hits[label] += has && taken ? weightOfRow : 0;
      wrong += has == taken ? 0 : 1;
    }
    weight += weightOfRow;
    loss += weightOfRow * lossOfRow;
    exact += wrong == 0 ? weightOfRow : 0;
    wrongCells += weightOfRow * wrong;
  }

  /** Whether a target is a label, or an output predicts it. */
  static boolean isOn(float value) {
    return value > 0.5f;
  }

  @Override
  void add(LabelFigures right) {
    addHits(right);
    exact += right.exact;
    wrongCells += right.wrongCells;
  }

  /** What the rows weigh whose labels are all predicted, and no other. */
  double exact() {
    return exact;
  }

  /** The share of the rows whose labels are all predicted, and no other. */
  double subsetAccuracy() {
    return exact / weight;
  }

  double hammingLoss() {
    return wrongCells / (weight * of.length);
  }

  double f1Micro() {
    return 2
        * Arrays.stream(hits).sum()
        / (Arrays.stream(of).sum() + Arrays.stream(predicted).sum());
  }
}
