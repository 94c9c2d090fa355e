package org.sparkprop.eval;

import org.jspecify.annotations.Nullable;
import org.sparkprop.nn.Activation;
import org.sparkprop.nn.Network;
import org.sparkprop.nn.Workspace;

/** Counts rows that are each of one class. */
final class ClassTally implements Tally {
  /** Of how many of the largest outputs one must be that of the class, for {@link Metric#TOP_5}. */
  static final int TOP = 5;

  /** Probabilities are kept from 0 and 1 by the distance of 1 to the next float, 2^-23. */
  private static final double CLIP = Math.ulp(1f);

  private final int width;
  private final boolean softmax;
  private final boolean probabilities;
  private final ConfusionMatrix confusion;
  private final Twice<ClassFigures> figures;
  private transient @Nullable ScoreBuffer scores;
  private transient double[] exponentials = {};

  /**
   * @param last the activation that gave the outputs, (rows, width)
   * @param weighted whether rows have weights
   * @param scores takes the scores of the rows of a shard; null if they are not ranked
   */
  ClassTally(int width, Activation last, boolean weighted, @Nullable ScoreBuffer scores) {
    int classes = Math.max(2, width);
    this.width = width;
    this.softmax = last == Activation.SOFTMAX;
    this.probabilities = areProbabilities(last, width);
    this.confusion = new ConfusionMatrix(classes);
    this.figures = Twice.of(() -> new ClassFigures(classes), weighted);
    this.scores = scores;
    if (scores != null) {
      exponentials = new double[width];
    }
  }

  /** Whether outputs are probabilities of the classes. */
  static boolean areProbabilities(Activation last, int width) {
    return last == Activation.SOFTMAX || (width == 1 && last == Activation.SIGMOID);
  }

  @Override
  public void add(Workspace slice, int rows) {
    add(slice.output(), slice.logits(), slice.labels(), slice.weights(), slice.losses(), rows);
  }

  /**
   * Counts rows.
   *
   * @param output (rows, width)
   * @param logits (rows, width): what softmax or sigmoid were given; of other outputs, themselves
   * @param labels (rows); so are {@code weights} and {@code losses}
   */
  void add(
      float[] output, float[] logits, int[] labels, float[] weights, double[] losses, int rows) {
    ClassFigures byRows = figures.byRows();
    ClassFigures byWeight = figures.byWeight();
    for (int row = 0; row < rows; row++) {
      int at = row * width;
      int truth = labels[row];
      int predicted = Network.predictedClass(output, at, width);
      boolean amongTop = width > TOP && isAmongTop(output, at, truth);
      double logLoss = probabilities ? logLoss(output, at, truth) : Double.NaN;
      confusion.add(truth, predicted);
      byRows.add(truth, predicted, amongTop, losses[row], logLoss, 1);
      if (byWeight != null) {
        byWeight.add(truth, predicted, amongTop, losses[row], logLoss, weights[row]);
      }
      if (scores != null) {
        if (scores.isFull()) {
          scores.rank(figures);
        }
        addScores(scores, logits, at, truth);
        scores.endRow(weights[row]);
      }
    }
  }

  @Override
  public void finish() {
    if (scores == null) {
      return;
    }
    scores.rank(figures);
    scores = null;
  }

  @Override
  public void add(Tally right) {
    ClassTally that = (ClassTally) right;
    confusion.add(that.confusion);
    figures.add(that.figures);
  }

  @Override
  public ClassEvaluation evaluation(Network network) {
    return new ClassEvaluation(
        confusion,
        figures.metrics(network),
        figures.weightedMetrics(network),
        figures.byRows().ranking());
  }

  /** Whether few outputs are larger than that of the class; of equals, the first is the larger. */
  private boolean isAmongTop(float[] output, int at, int truth) {
    float own = output[at + truth];
    int larger = 0;
    for (int i = at; i < at + truth; i++) {
      larger += output[i] >= own ? 1 : 0;
    }
    for (int i = at + truth + 1; i < at + width; i++) {
      larger += output[i] > own ? 1 : 0;
    }
    return larger < TOP;
  }

  private double logLoss(float[] output, int at, int truth) {
    double p = width == 1 ? (truth == 1 ? output[at] : 1.0 - output[at]) : output[at + truth];
    return -Math.log(Math.max(CLIP, Math.min(1 - CLIP, p)));
  }

  private void addScores(ScoreBuffer into, float[] logits, int at, int truth) {
    if (width == 1) {
      into.add(0, logits[at], truth == 1);
    } else if (width == 2) {
      into.add(0, logits[at + 1] - logits[at], truth == 1);
    } else if (softmax) {
      addLogOdds(into, logits, at, truth);
    } else {
      for (int i = 0; i < width; i++) {
        into.add(i, logits[at + i], truth == i);
      }
    }
  }

  /**
   * The score of a class is log p / (1 − p), which puts rows in the order of p, and still tells
   * them apart where p as a float is 1.
   */
  private void addLogOdds(ScoreBuffer into, float[] logits, int at, int truth) {
    int best = Network.predictedClass(logits, at, width);
    double max = logits[at + best];
    double others = 0; // than the best
    for (int i = 0; i < width; i++) {
      exponentials[i] = Math.exp(logits[at + i] - max);
      others += i == best ? 0 : exponentials[i];
    }
    for (int i = 0; i < width; i++) {
      double rest = i == best ? others : 1 + others - exponentials[i];
      into.add(i, (float) (logits[at + i] - max - Math.log(rest)), truth == i);
    }
  }
}
