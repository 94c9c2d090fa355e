package org.sparkprop.data.source.file;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a person takes a text for: {@code 1,5}, {@code "1,234"}, {@code 5 %} and {@code $5} are
 * numbers, {@code NA} and {@code ?} stand where one is missing, whatever a reader of files makes of
 * them.
 */
public enum TextNumber {
  /** A number as we read it. */
  PLAIN,
  /** A number to a person. */
  WRITTEN,
  /** A number with a unit behind it. */
  WITH_UNIT,
  /** A sign that there is no number, or none that is finite. */
  MARKER,
  TEXT;

  private static final Set<String> MARKERS =
      Set.of(
          "na",
          "n/a",
          "#n/a",
          "#na",
          "<na>",
          "n.a.",
          "n.a",
          "na.",
          "nan",
          "-nan",
          "+nan",
          "null",
          "(null)",
          "none",
          "nil",
          "nul",
          "?",
          "??",
          "-",
          "--",
          "---",
          "–",
          "—",
          ".",
          "..",
          "...",
          "*",
          "\\n",
          "missing",
          "unknown",
          "undefined",
          "inf",
          "+inf",
          "-inf",
          "infinity",
          "+infinity",
          "-infinity",
          "∞",
          "+∞",
          "-∞",
          "#value!",
          "#div/0!",
          "#ref!",
          "#num!",
          "#null!",
          "#name?",
          "1.#ind",
          "-1.#ind",
          "1.#inf",
          "-1.#inf",
          "1.#qnan",
          "1.#nan",
          "not available",
          "not a number",
          "no data",
          "nodata",
          "n/d",
          "nd",
          "tbd",
          "empty");

  private static final int MAX_MARKER = 13;
  private static final int MAX_NUMBER = 48;

  private static final String MONEY =
      "(?:R\\$|[A-Z]{0,2}\\$|[€£¥₹₽₩฿₺₴]|USD|EUR|GBP|CHF|JPY|CNY|INR|kr|zł)";

  private static final String DIGITS =
      "(?:\\d+(?:[.,]\\d*)?(?:[eEdD][+-]?\\d+)?|[.,]\\d+(?:[eEdD][+-]?\\d+)?"
          + "|\\d{1,3}(?:(?:,\\d{3})+(?:\\.\\d*)?|(?:\\.\\d{3})+(?:,\\d*)?"
          + "|(?:['’_ \\u00a0\\u2009\\u202f\\ufffd]\\d{3})+(?:[.,]\\d*)?)"
          + "|\\d{1,2}(?:,\\d{2})+,\\d{3}(?:\\.\\d*)?|0[xX][0-9a-fA-F]+)";

  private static final Pattern PLAIN_FORM =
      Pattern.compile("[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?");

  private static final Pattern FORM =
      Pattern.compile(
          "(?:[<>≤≥~≈]=?\\s*)?\\(?\\s*[+\\-−]?\\s*(?:"
              + MONEY
              + "\\s*)?[+\\-−]?"
              + DIGITS
              + "-?\\s*(?:[%‰]|"
              + MONEY
              + "|[kKMBGT]|(?<unit>[\\p{L}µ°/²³]{1,6}))?\\s*\\)?");

  /** What a person does not see, or takes for quotes, at the ends of a text. */
  private static final Pattern AROUND =
      Pattern.compile("^[\\s\\p{Z}\\p{Cf}'’‘`\"“”\\ufffd]+|[\\s\\p{Z}\\p{Cf}'’‘`\"“”\\ufffd]+$");

  private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}(?:\\.\\d{1,3}){3}");

  /**
   * What a text is.
   *
   * @param text without blanks at its ends
   */
  public static TextNumber of(String text) {
    if (text.length() <= MAX_MARKER && MARKERS.contains(text.toLowerCase(Locale.ROOT))) {
      return MARKER;
    }
    if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
      return PLAIN; // a feature, too
    }
    if (text.length() > MAX_NUMBER || !hasDigit(text)) {
      return TEXT;
    }
    if (PLAIN_FORM.matcher(text).matches()) {
      return PLAIN;
    }
    String seen = AROUND.matcher(text).replaceAll("");
    Matcher form = FORM.matcher(seen);
    if (!form.matches() || ADDRESS.matcher(seen).matches()) {
      return TEXT;
    }
    return form.group("unit") == null ? WRITTEN : WITH_UNIT;
  }

  /** What stands behind a number {@link #WITH_UNIT}. */
  public static String unit(String text) {
    Matcher form = FORM.matcher(AROUND.matcher(text).replaceAll(""));
    return form.matches() ? String.valueOf(form.group("unit")) : "";
  }

  private static boolean hasDigit(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= '0' && text.charAt(i) <= '9') {
        return true;
      }
    }
    return false;
  }
}
