package org.sparkprop.optim;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What holds parameters and gradients small. In a step, in this order: the mean gradient of the
 * loss is clipped by value, then by norm; L1 and L2 are added to it; the rule and the decay, both
 * from the parameters before the step, make the new parameters; their norm is bounded. Penalties,
 * decay and norms of units concern weights, never biases.
 *
 * @param l1 times the sign of each weight is added to the gradient
 * @param l2 times each weight is added to the gradient
 * @param weightDecay times the rate, this share of each weight is taken away, past the rule
 *     (decoupled: Loshchilov and Hutter 2019)
 * @param maxNorm most length of the weights that come into a unit (Srivastava et al. 2014);
 *     infinite for no bound
 * @param clipValue most of each element of the mean gradient, either way; infinite for no bound
 * @param clipNorm most length of the mean gradient of all parameters (Pascanu et al. 2013);
 *     infinite for no bound
 */
public record Regularization(
    double l1, double l2, double weightDecay, double maxNorm, double clipValue, double clipNorm)
    implements Serializable {
  /** A bound that bounds nothing. */
  public static final double UNBOUNDED = Double.POSITIVE_INFINITY;

  /** The word for it. */
  public static final String UNBOUNDED_WORD = "none";

  /** Nothing at all. */
  public static final Regularization NONE =
      new Regularization(0, 0, 0, UNBOUNDED, UNBOUNDED, UNBOUNDED);

  public Regularization {
    checkPenalty("l1", l1);
    checkPenalty("l2", l2);
    checkPenalty("weight decay", weightDecay);
    checkBound("max norm", maxNorm);
    checkBound("clip value", clipValue);
    checkBound("clip norm", clipNorm);
  }

  /** L2 alone. */
  static Regularization ofL2(double l2) {
    return new Regularization(0, l2, 0, UNBOUNDED, UNBOUNDED, UNBOUNDED);
  }

  /** What a rule has where nothing is given: its own weight decay. */
  public static Regularization standard(UpdateRule rule) {
    return new Regularization(0, 0, rule.weightDecay(), UNBOUNDED, UNBOUNDED, UNBOUNDED);
  }

  /** Every number by its name on the command line. */
  public Map<String, String> toWords() {
    Map<String, String> words = new LinkedHashMap<>();
    words.put("l1", Double.toString(l1));
    words.put("l2", Double.toString(l2));
    words.put("weight-decay", Double.toString(weightDecay));
    words.put("max-norm", word(maxNorm));
    words.put("clip-value", word(clipValue));
    words.put("clip-norm", word(clipNorm));
    return words;
  }

  /** A bound in words. */
  public static String word(double bound) {
    return bound == UNBOUNDED ? UNBOUNDED_WORD : Double.toString(bound);
  }

  private static void checkPenalty(String what, double value) {
    if (!(value >= 0)) {
      throw new IllegalArgumentException("Invalid %s: %s (must be >= 0)".formatted(what, value));
    }
    if (!(value <= Float.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "Invalid %s: %s (must be <= %s)".formatted(what, value, Float.MAX_VALUE));
    }
  }

  private static void checkBound(String what, double value) {
    if (value != UNBOUNDED) {
      PositiveFloat.check(what, value);
    }
  }
}
