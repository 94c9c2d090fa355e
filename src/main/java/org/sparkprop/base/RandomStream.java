package org.sparkprop.base;

import java.util.Random;

/**
 * The one source of randomness: independent streams, each a pure function of the seed, a purpose
 * and up to two numbers such as the epoch and the shard.
 *
 * <p>The streams are {@link Random}s because its sequence is the only one that the Java platform
 * specifies to the last bit: first weights and orders are the same on every JDK. The mixing
 * function is the finaliser of SplitMix64 (Steele, Lea, Flood 2014, "Fast Splittable Pseudorandom
 * Number Generators").
 */
public final class RandomStream {
  /** What a stream is for; two purposes never share numbers. The numbers are part of the bits. */
  public enum Purpose {
    INITIAL_WEIGHTS(1),
    SHARD_OF_ROW(2),
    HOLDOUT(3),
    ORDER_OF_SHARDS(4),
    ORDER_OF_ROWS(5),
    GENERATED_ROWS(6),
    DROPOUT(7),
    INPUT_NOISE(8);

    private final int number;

    Purpose(int number) {
      this.number = number;
    }
  }

  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private RandomStream() {}

  /** A stream of its own for {@code purpose}, {@code a} and {@code b}. */
  public static Random of(long seed, Purpose purpose, long a, long b) {
    return new Random(hash(seed, purpose, a, b));
  }

  /** 64 evenly distributed bits that depend on the seed, the purpose and {@code a} alone. */
  public static long hash(long seed, Purpose purpose, long a) {
    long purposeBits = mix(seed + GOLDEN_GAMMA * purpose.number);
    return mix(purposeBits + GOLDEN_GAMMA * (a + 1));
  }

  /** The same with one number more. */
  public static long hash(long seed, Purpose purpose, long a, long b) {
    return mix(hash(seed, purpose, a) + GOLDEN_GAMMA * (b + 1));
  }

  /** Shuffles in place, each order equally likely (Fisher and Yates; Durstenfeld 1964). */
  public static void shuffle(int[] values, Random random) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = values[i];
      values[i] = values[j];
      values[j] = swapped;
    }
  }

  /** 64 bits that look random, for each number another; counting on gives a stream. */
  public static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
