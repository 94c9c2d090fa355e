package org.sparkprop.data.source.file;

import java.util.Arrays;

/**
 * Tells whether a place of a CSV text lies within quotes, unit by unit (bytes or characters): a
 * value is quoted where a quote follows a separator or a line break, until a quote that is neither
 * doubled nor escaped (RFC 4180). A quote within a value that does not start with one is a
 * character like others.
 */
final class CsvQuotes {
  /** Where a line begins, which is where every text begins. */
  static final int LINE_START = 0;

  private static final int FIELD_START = 1;
  private static final int QUOTED = 2;
  private static final int CLOSED = 3;
  private static final int ESCAPED = 4;
  private static final int COMMENT = 5;

  /** And one more state for each unit of the separator that has been met. */
  private static final int UNQUOTED = 6;

  private static final int PLAIN = 0;
  private static final int FIRST_SEPARATOR = 8;
  private static final int CLASSES = 16;

  private final CsvDialect dialect;
  private final int[] separator;
  private final byte[] classes = new byte[256];
  private final int[] wide;
  private final byte[] next;

  /**
   * @param bytes whether the units are bytes, else characters
   */
  CsvQuotes(CsvDialect dialect, boolean bytes) {
    this.dialect = dialect;
    this.separator = dialect.separatorUnits(bytes);
    for (int unit = 0; unit < classes.length; unit++) {
      classes[unit] = (byte) classFor(unit);
    }
    this.wide = bytes ? new int[0] : wideUnits();
    int states = UNQUOTED + separator.length;
    this.next = new byte[states * CLASSES];
    for (int state = 0; state < states; state++) {
      for (int kind = 0; kind < CLASSES; kind++) {
        next[state * CLASSES + kind] = (byte) nextOf(state, kind);
      }
    }
  }

  /** The state after a unit. */
  int next(int state, int unit) {
    return next[state * CLASSES + classOf(unit)];
  }

  /** Whether a line break in this state belongs to a value. */
  static boolean isQuoted(int state) {
    return state == QUOTED || state == ESCAPED;
  }

  /** Whether a unit ends a line, outside quotes. */
  boolean isBreak(int unit) {
    int kind = classOf(unit);
    return kind == Kind.LINE_FEED || kind == Kind.CARRIAGE_RETURN;
  }

  /** What a unit can be; the separator's units follow. */
  private static final class Kind {
    static final int LINE_FEED = 1;
    static final int CARRIAGE_RETURN = 2;
    static final int QUOTE = 3;
    static final int ESCAPE = 4;
    static final int COMMENT = 5;
    static final int BLANK = 6;
  }

  private int classOf(int unit) {
    if (unit < classes.length) {
      return classes[unit];
    }
    for (int special : wide) {
      if (special == unit) {
        return classFor(unit);
      }
    }
    return PLAIN;
  }

  private int classFor(int unit) {
    if (unit == dialect.quote()) {
      return Kind.QUOTE;
    }
    if (unit == dialect.lineEnd()) {
      return Kind.LINE_FEED;
    }
    if (unit == '\r' && dialect.lineSeparator() == null) {
      return Kind.CARRIAGE_RETURN;
    }
    for (int i = 0; i < Math.min(separator.length, CLASSES - FIRST_SEPARATOR); i++) {
      if (unit == separator[i]) {
        return FIRST_SEPARATOR + i; // the first that is the same stands for all
      }
    }
    if (unit == dialect.escape()) {
      return Kind.ESCAPE;
    }
    if (unit == dialect.comment()) {
      return Kind.COMMENT;
    }
    return unit <= ' ' ? Kind.BLANK : PLAIN;
  }

  private int[] wideUnits() {
    int[] units = Arrays.copyOf(separator, separator.length + 3);
    units[separator.length] = dialect.quote();
    units[separator.length + 1] = dialect.escape();
    units[separator.length + 2] = dialect.comment();
    return Arrays.stream(units).filter(unit -> unit >= classes.length).toArray();
  }

  private int nextOf(int state, int kind) {
    boolean lineBreak = kind == Kind.LINE_FEED || kind == Kind.CARRIAGE_RETURN;
    boolean quoteIsEscape = dialect.quote() == dialect.escape();
    if (state == ESCAPED) {
      return QUOTED;
    }
    if (state == QUOTED) {
      return kind == Kind.QUOTE ? CLOSED : kind == Kind.ESCAPE ? ESCAPED : QUOTED;
    }
    if (lineBreak) {
      return LINE_START;
    }
    if (state == COMMENT) {
      return COMMENT;
    }
    if (state == CLOSED) {
      return kind == Kind.QUOTE && quoteIsEscape ? QUOTED : afterUnit(0, kind);
    }
    if (state == LINE_START && kind == Kind.COMMENT) {
      return COMMENT;
    }
    if (state == LINE_START || state == FIELD_START) {
      if (kind == Kind.QUOTE) {
        return QUOTED;
      }
      if (kind == Kind.BLANK && dialect.blanksBeforeQuotes()) {
        return FIELD_START;
      }
      return afterUnit(0, kind);
    }
    return afterUnit(state - UNQUOTED, kind);
  }

  /** The state after one more unit, when {@code met} units of the separator have been met. */
  private int afterUnit(int met, int kind) {
    for (int longest = met + 1; longest > 0; longest--) {
      if (endsWithSeparator(met, kind, longest)) {
        return longest == separator.length ? FIELD_START : UNQUOTED + longest;
      }
    }
    return UNQUOTED;
  }

  /** Whether the last of the units met, and this one, are the first {@code length}. */
  private boolean endsWithSeparator(int met, int kind, int length) {
    if (classFor(separator[length - 1]) != kind) {
      return false;
    }
    for (int i = 0; i < length - 1; i++) {
      if (separator[met - (length - 1) + i] != separator[i]) {
        return false;
      }
    }
    return true;
  }
}
