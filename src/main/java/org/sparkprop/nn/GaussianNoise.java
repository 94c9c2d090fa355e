package org.sparkprop.nn;

import java.io.Serializable;
import org.apache.commons.numbers.gamma.InverseErfc;
import org.sparkprop.base.RandomStream;
import org.sparkprop.base.RandomStream.Purpose;

/**
 * Normal noise that is added to features in training (Bishop 1995, "Training with noise is
 * equivalent to Tikhonov regularization"; Keras's layer of this name). Predictions have none.
 *
 * <p>What is added is a pure function of a key. It is one of 65536 equally likely numbers: normal
 * quantiles, up to 4.3 deviations either way.
 *
 * @param deviation standard deviation, in the units that the network sees; 0 for no noise
 */
public record GaussianNoise(double deviation) implements Serializable {
  public static final GaussianNoise NONE = new GaussianNoise(0);

  public GaussianNoise {
    if (!(deviation >= 0)) {
      throw new IllegalArgumentException(
          "Invalid input noise: %s (must be >= 0)".formatted(deviation));
    }
    if (!(deviation <= Float.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "Invalid input noise: %s (must be <= %s)".formatted(deviation, Float.MAX_VALUE));
    }
  }

  public boolean isNone() {
    return deviation == 0;
  }

  /**
   * Adds noise to features.
   *
   * @param x (n), or longer
   * @param key decides what is added
   */
  void addTo(float[] x, int n, long key) {
    float scale = (float) deviation;
    float[] quantiles = Quantiles.ALL;
    long counter = RandomStream.hash(key, Purpose.INPUT_NOISE, 0);
    int i = 0;
    for (; i + 4 <= n; i += 4) {
      long bits = RandomStream.mix(counter++);
      x[i] += scale * quantiles[(int) bits & 0xffff];
      x[i + 1] += scale * quantiles[(int) (bits >>> 16) & 0xffff];
      x[i + 2] += scale * quantiles[(int) (bits >>> 32) & 0xffff];
      x[i + 3] += scale * quantiles[(int) (bits >>> 48)];
    }
    for (long bits = RandomStream.mix(counter); i < n; i++, bits >>>= 16) {
      x[i] += scale * quantiles[(int) bits & 0xffff];
    }
  }

  /** The standard normal distribution, made when the first noise is. */
  static final class Quantiles {
    private static final int HALF = 1 << 15;

    /** In the middle of 65536 parts of the same probability; those above 0, then those below. */
    static final float[] ALL = new float[2 * HALF];

    static {
      for (int i = 0; i < HALF; i++) {
        // The tails beyond it, either way, have a probability of (i + 0.5) / HALF.
        float quantile = (float) (Math.sqrt(2) * InverseErfc.value((i + 0.5) / HALF));
        ALL[i] = quantile;
        ALL[HALF + i] = -quantile;
      }
    }

    private Quantiles() {}
  }
}
