package org.sparkprop.eval;

/**
 * What came out of one evaluation job.
 *
 * @param loss mean over the rows and, unless it is softmax cross-entropy, over the outputs
 */
public record Evaluation(ConfusionMatrix confusion, double loss) {
  public double accuracy() {
    return confusion.accuracy();
  }
}
