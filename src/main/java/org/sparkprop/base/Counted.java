package org.sparkprop.base;

/** Numbers of things, as English has them: {@code 1 shard}, {@code 1,024 shards}. */
public final class Counted {
  private Counted() {}

  /**
   * So many of a thing.
   *
   * @param noun of one, whose plural has an s more
   */
  public static String of(long count, String noun) {
    return "%,d %s%s".formatted(count, noun, count == 1 ? "" : "s");
  }
}
