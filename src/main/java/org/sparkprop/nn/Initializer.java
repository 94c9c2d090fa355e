package org.sparkprop.nn;

import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sparkprop.base.HasWord;
import org.sparkprop.base.Nearest;
import org.sparkprop.base.RandomStream;
import org.sparkprop.base.RandomStream.Purpose;

/**
 * How the first weights are drawn; biases start at zero. The weights of a layer are a pure function
 * of the seed and the number of the layer.
 *
 * @param kind the distribution
 * @param scale a of uniform(−a, a), σ of normal(σ); NaN for the kinds that derive it from the layer
 */
public record Initializer(Kind kind, double scale) {
  /** The distributions, by their words in options and files. */
  public enum Kind implements HasWord {
    /** He for layers that rectify, LeCun for selu, Glorot for the others. */
    AUTO,
    /** uniform(−a, a) with a² = 6 / (in + out) (Glorot and Bengio 2010, equation 16). */
    GLOROT,
    /** normal(σ) with σ² = 2 / in (He et al. 2015, equation 10). */
    HE,
    /** normal(σ) with σ² = 1 / in (LeCun et al. 1998; Klambauer et al. 2017, for selu). */
    LECUN,
    /** uniform(−a, a) for a given a. */
    UNIFORM,
    /** normal(σ) for a given σ. */
    NORMAL;

    boolean takesScale() {
      return this == UNIFORM || this == NORMAL;
    }
  }

  public static final Initializer AUTO = new Initializer(Kind.AUTO, Double.NaN);

  private static final double MAX_SCALE = 1e6;
  private static final Pattern FORM = Pattern.compile("([a-z]+)(?:\\(([^()]*)\\))?");

  public Initializer {
    if (kind.takesScale() && !(scale > 0)) {
      throw new IllegalArgumentException(
          "Invalid initializer: %s(%s) (the number must be > 0)".formatted(kind.word(), scale));
    }
    if (kind.takesScale() && !(scale <= MAX_SCALE)) {
      throw new IllegalArgumentException(
          "Invalid initializer: %s(%s) (the number must be <= %s)"
              .formatted(kind.word(), scale, MAX_SCALE));
    }
  }

  /**
   * The initializer that {@code auto}, {@code glorot}, {@code he}, {@code lecun}, {@code
   * uniform(0.5)} or {@code normal(0.1)} names.
   */
  public static Initializer parse(String text) {
    Matcher form = FORM.matcher(text.trim().toLowerCase(Locale.ROOT));
    if (form.matches()) {
      for (Kind kind : Kind.values()) {
        if (kind.word().equals(form.group(1)) && kind.takesScale() == (form.group(2) != null)) {
          return new Initializer(
              kind, kind.takesScale() ? number(text, form.group(2)) : Double.NaN);
        }
      }
    }
    throw invalid(text);
  }

  /** The first parameters of a network. */
  public float[] parameters(Topology topology, long seed) {
    float[] parameters = new float[topology.parameterCount()];
    for (int i = 0; i < topology.layers().size(); i++) {
      DenseLayer layer = topology.layers().get(i);
      Random random = RandomStream.of(seed, Purpose.INITIAL_WEIGHTS, i, 0);
      fillWeights(layer, random, parameters);
    }
    return parameters;
  }

  @Override
  public String toString() {
    return kind.word() + (kind.takesScale() ? "(" + scale + ")" : "");
  }

  private void fillWeights(DenseLayer layer, Random random, float[] parameters) {
    Kind drawn = kind == Kind.AUTO ? defaultFor(layer.activation()) : kind;
    double spread =
        switch (drawn) {
          case GLOROT -> Math.sqrt(6.0 / ((double) layer.in() + layer.out()));
          case HE -> Math.sqrt(2.0 / layer.in());
          case LECUN -> Math.sqrt(1.0 / layer.in());
          case UNIFORM, NORMAL -> scale;
          case AUTO -> throw new IllegalStateException();
        };
    boolean normal = drawn != Kind.GLOROT && drawn != Kind.UNIFORM;
    for (int i = layer.weightsAt(); i < layer.biasesAt(); i++) {
      double unit = normal ? random.nextGaussian() : 2 * random.nextDouble() - 1;
      parameters[i] = (float) (spread * unit);
    }
  }

  private static Kind defaultFor(Activation activation) {
    return switch (activation) {
      case RELU, LEAKY_RELU, ELU, SOFTPLUS, GELU, SILU, MISH -> Kind.HE;
      case SELU -> Kind.LECUN;
      case LINEAR, SIGMOID, TANH, EXPONENTIAL, SOFTMAX -> Kind.GLOROT;
    };
  }

  private static double number(String text, String number) {
    try {
      return Double.parseDouble(number);
    } catch (NumberFormatException notANumber) {
      throw invalid(text);
    }
  }

  private static IllegalArgumentException invalid(String text) {
    return Nearest.refusal(
        "initializer",
        text,
        "auto, glorot, he, lecun, uniform(0.5) or normal(0.1)",
        Arrays.stream(Kind.values()).map(HasWord::word).toList());
  }
}
