package org.sparkprop.base;

import java.util.List;

/** Numbers and lists of things, as English has them. */
public final class Words {
  private Words() {}

  /**
   * So many of a thing: {@code 1 shard}, {@code 1,024 shards}.
   *
   * @param noun of one, whose plural has an s more
   */
  public static String count(long count, String noun) {
    return "%,d %s%s".formatted(count, noun, count == 1 ? "" : "s");
  }

  /** {@code "a, b or c"}. */
  public static String either(List<String> words) {
    int last = words.size() - 1;
    return last == 0
        ? words.get(0)
        : String.join(", ", words.subList(0, last)) + " or " + words.get(last);
  }
}
