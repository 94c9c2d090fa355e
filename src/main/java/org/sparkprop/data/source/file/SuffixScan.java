package org.sparkprop.data.source.file;

/**
 * Looks for cells such as {@code 5d} and {@code 1.5f}, which Java takes for numbers, and so Spark,
 * but no person does: a step a byte, without a branch. Where it finds one there may be none (a
 * quoted comma ends a cell here); where there is one it finds it.
 */
final class SuffixScan {
  // What a unit is.
  private static final int END = 0;
  private static final int NUMBER = 1;
  private static final int SUFFIX = 2;
  private static final int OTHER = 3;

  // What was seen of a cell.
  private static final int NOTHING = 0;
  private static final int A_NUMBER = 1;
  private static final int WITH_SUFFIX = 2;
  private static final int ANYTHING = 3;
  private static final int FOUND = 4;

  /** By what was seen, times 4, and what comes. */
  private static final byte[] NEXT = {
    NOTHING, A_NUMBER, ANYTHING, ANYTHING,
    NOTHING, A_NUMBER, WITH_SUFFIX, ANYTHING,
    FOUND, ANYTHING, ANYTHING, ANYTHING,
    NOTHING, ANYTHING, ANYTHING, ANYTHING,
    FOUND, FOUND, FOUND, FOUND
  };

  private final byte[] kinds = new byte[256];
  private int seen = NOTHING;

  SuffixScan(CsvDialect dialect, boolean bytes) {
    java.util.Arrays.fill(kinds, (byte) OTHER);
    "0123456789.+-eE".chars().forEach(unit -> kinds[unit] = NUMBER);
    "dDfF".chars().forEach(unit -> kinds[unit] = SUFFIX);
    " \t\r\n".chars().forEach(unit -> kinds[unit] = END);
    kinds[dialect.lineEnd()] = END;
    for (int unit : dialect.separatorUnits(bytes)) {
      end(unit);
    }
    if (dialect.quote() >= 0) {
      end(dialect.quote());
    }
  }

  private void end(int unit) {
    if (unit < kinds.length) {
      kinds[unit] = END;
    }
  }

  void take(int unit) {
    seen = NEXT[seen << 2 | kinds[unit & 0xff]];
  }

  /** Whether there may be one, at the end of the text too. */
  boolean found() {
    return seen == FOUND || seen == WITH_SUFFIX;
  }
}
