package org.sparkprop.base;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Passwords and keys among options and in URLs: whoever is shown a model, a checkpoint, a report or
 * an error sees {@value #MASK} in their place. What is masked is the same each time, so that it can
 * still be compared, and is never sent to a source.
 */
public final class Secrets {
  /** What the names of options of a data source begin with, among the options of a run. */
  public static final String READ_OPTION = "read-option.";

  /** What stands in a secret's place. */
  public static final String MASK = "***";

  /** In a name, whatever stands around them. */
  private static final Set<String> PARTS =
      Set.of("password", "passwd", "pwd", "passphrase", "secret", "token", "credential");

  /** As the last word of a name: {@code fs.s3a.access.key}, {@code accountKey}, {@code apikey}. */
  private static final String KEY = "key";

  /** As a word of a name. */
  private static final Set<String> WORDS =
      Set.of("pass", "pw", "auth", "authorization", "bearer", "cookie", "sas", "sig", "signature");

  /** Between words, and between a small letter and a capital. */
  private static final Pattern BETWEEN_WORDS = Pattern.compile("[^A-Za-z0-9]+|(?<=[a-z])(?=[A-Z])");

  /** Before the host. In a URL of Azure's storage it is a container. */
  private static final Pattern USER =
      Pattern.compile("\\b(?!abfss?:|wasbs?:)([A-Za-z][A-Za-z0-9+.-]*://)[^\\s/?#'\"<>]*@");

  /** The same where a password has a slash in it; a port is none. */
  private static final Pattern USER_WITH_SLASH =
      Pattern.compile(
          "\\b(?!abfss?:|wasbs?:)([A-Za-z][A-Za-z0-9+.-]*://)[^\\s/@:?]+:(?!\\d{1,5}(?:[/,\\s]|$))[^\\s@]*@");

  /** Oracle's own way: {@code jdbc:oracle:thin:scott/tiger@host}. */
  private static final Pattern USER_OF_ORACLE = Pattern.compile("(jdbc:oracle:\\w+:)[^\\s@:]+@");

  /** {@code password=hunter2} in a URL or a sentence, but no folder such as {@code /key=5/}. */
  private static final Pattern PARAMETER =
      Pattern.compile(
          "(?<![/\\w.-])([A-Za-z][\\w.-]*)(\\s?(?:=|->)\\s?)(\"[^\"]*\"|'[^']*'|[^&;,\\s\"')]+)");

  /** Shorter ones are words that may mean something else in a sentence. */
  private static final int MIN_KNOWN_LENGTH = 6;

  /** Those that were given to this JVM: a driver may repeat them in its messages. */
  private static final Set<String> KNOWN = ConcurrentHashMap.newKeySet();

  private Secrets() {}

  /** Whether an option of this name is one that others must not see. */
  static boolean isSecret(String name) {
    String letters = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
    if (letters.endsWith(KEY) || letters.endsWith(KEY + "s")) {
      return true;
    }
    return PARTS.stream().anyMatch(letters::contains)
        || words(name).anyMatch(word -> WORDS.contains(word) || word.equals(KEY));
  }

  private static Stream<String> words(String name) {
    return Arrays.stream(BETWEEN_WORDS.split(name)).map(word -> word.toLowerCase(Locale.ROOT));
  }

  /** Options by their names, without what others must not see. */
  public static Map<String, String> masked(Map<String, String> words) {
    Map<String, String> masked = new LinkedHashMap<>();
    words.forEach((name, value) -> masked.put(name, masked(name, value)));
    return masked;
  }

  /** Only read options have names that are not ours. */
  private static String masked(String name, String value) {
    boolean isOthers = name.startsWith(READ_OPTION);
    String own = isOthers ? name.substring(READ_OPTION.length()) : name;
    return isOthers && isSecret(own) ? MASK : masked(value);
  }

  /** A text without the secrets in its URLs, nor those that this JVM was given. */
  public static String masked(String text) {
    String masked = text;
    if (text.indexOf('@') >= 0) {
      masked = USER_WITH_SLASH.matcher(masked).replaceAll("$1" + quoted() + "@");
      masked = USER.matcher(masked).replaceAll("$1" + quoted() + "@");
      masked = USER_OF_ORACLE.matcher(masked).replaceAll("$1" + quoted() + "@");
    }
    if (text.indexOf('=') >= 0 || text.contains("->")) {
      masked = PARAMETER.matcher(masked).replaceAll(Secrets::parameter);
    }
    for (String known : KNOWN) {
      masked = masked.replace(known, MASK);
    }
    return masked;
  }

  private static String parameter(MatchResult found) {
    boolean isPlace = found.group(3).equals("VALUE"); // in the form that a message asks for
    String value = isSecret(found.group(1)) && !isPlace ? MASK : found.group(3);
    return Matcher.quoteReplacement(found.group(1) + found.group(2) + value);
  }

  private static String quoted() {
    return Matcher.quoteReplacement(MASK);
  }

  /** Remembers the values of secret options, which are then masked in all texts. */
  public static void remember(Map<String, String> options) {
    options.forEach(
        (name, value) -> {
          if (isSecret(name) && value.length() >= MIN_KNOWN_LENGTH) {
            KNOWN.add(value);
          }
        });
  }

  /**
   * Refuses to send a mask to a source.
   *
   * @throws InvalidInputException naming the option that has to be given again
   */
  public static void refuseMasked(Map<String, String> options) {
    options.forEach(
        (name, value) -> {
          if (value.contains(MASK)) {
            throw new InvalidInputException(
                "Cannot read without the read option %s: it is a secret, which no model keeps (give it again, with --read-option)"
                    .formatted(name));
          }
        });
  }
}
