package org.sparkprop.base;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Column names as one text, {@code age, height}. A name with a comma, a quote at its start or
 * blanks at its ends stands in double quotes, and a quote inside them is doubled, as in a line of
 * CSV (RFC 4180).
 */
public final class NameList {
  private static final int MAX_SHOWN = 8;

  /** What has no width, and blanks of other kinds at the ends. */
  private static final Pattern UNSEEN =
      Pattern.compile("[\\p{Cf}\\p{Cc}]|^[\\s\\p{Z}]+|[\\s\\p{Z}]+$");

  private static final Pattern HIDDEN = Pattern.compile("[\\p{Cf}\\p{Cc}\\p{Z}&&[^ ]]");

  private final String text;
  private int at;

  private NameList(String text) {
    this.text = text;
  }

  /**
   * The names of a list.
   *
   * @throws IllegalArgumentException if one of them is empty or its quotes do not end
   */
  public static List<String> parse(String text) {
    NameList list = new NameList(text);
    List<String> names = new ArrayList<>();
    do {
      names.add(list.next());
    } while (list.at <= text.length());
    return names;
  }

  /** The text that {@link #parse} reads these names from. */
  public static String of(List<String> names) {
    return String.join(",", quoted(names));
  }

  /** The names as they stand in such a text. */
  public static List<String> quoted(List<String> names) {
    return names.stream().map(NameList::quoted).toList();
  }

  private static String quoted(String name) {
    boolean plain = !name.contains(",") && !name.startsWith("\"") && name.equals(name.trim());
    return plain && !name.isEmpty() ? name : "\"" + name.replace("\"", "\"\"") + "\"";
  }

  /** The next name; {@code at} is then behind its comma, or behind a comma that would be there. */
  private String next() {
    while (at < text.length() && text.charAt(at) <= ' ') {
      at++;
    }
    return at < text.length() && text.charAt(at) == '"' ? quotedName() : plainName();
  }

  private String plainName() {
    int comma = text.indexOf(',', at);
    int end = comma < 0 ? text.length() : comma;
    String name = text.substring(Math.min(at, end), end).trim();
    at = end + 1;
    if (name.isEmpty()) {
      throw new IllegalArgumentException("must be column names, such as age, height");
    }
    return name;
  }

  private String quotedName() {
    StringBuilder name = new StringBuilder();
    int from = at + 1;
    while (true) {
      int quote = text.indexOf('"', from);
      if (quote < 0) {
        throw new IllegalArgumentException("a name in quotes must end with one");
      }
      name.append(text, from, quote);
      if (!text.startsWith("\"\"", quote)) {
        at = quote + 1;
        break;
      }
      name.append('"');
      from = quote + 2;
    }
    int comma = text.indexOf(',', at);
    int end = comma < 0 ? text.length() : comma;
    if (!text.substring(at, end).isBlank()) {
      throw new IllegalArgumentException(
          "after a name in quotes must come a comma; a quote in it is doubled");
    }
    at = end + 1;
    return name.toString();
  }

  /** Names for a message, not all if there are many. */
  public static String shown(List<String> names) {
    return names.size() <= MAX_SHOWN
        ? visible(String.join(", ", names))
        : "%s, … (%,d)"
            .formatted(visible(String.join(", ", names.subList(0, MAX_SHOWN - 1))), names.size());
  }

  /** A name as a person reads it: without blanks at its ends, and what has no width. */
  public static String seen(String name) {
    return UNSEEN.matcher(name).replaceAll("").strip();
  }

  /** A text with all that nobody sees, or takes for a blank, as Java writes it. */
  private static String visible(String text) {
    return HIDDEN
        .matcher(text)
        .replaceAll(hidden -> "\\\\u%04x".formatted((int) hidden.group().charAt(0)));
  }
}
