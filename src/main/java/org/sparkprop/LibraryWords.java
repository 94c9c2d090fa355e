package org.sparkprop;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Messages name options as the command line has them; for an application the same ones are the
 * setters of {@link NeuralNetwork}, and settings of its session.
 */
final class LibraryWords {
  /** Whole phrases, for what an application does in another way. */
  private static final Map<String, String> PHRASES = new LinkedHashMap<>();

  static {
    PHRASES.put(
        "give another --model, or --overwrite to replace it",
        "give another path, or save(path, true) to replace it");
    PHRASES.put("give another --model", "give another path");
    PHRASES.put(
        "give --model, or train one first", "give another path, or save a model there first");
    PHRASES.put(
        "--driver-memory (or, on a cluster, --executor-memory) before the command",
        "spark.driver.memory (or, on a cluster, spark.executor.memory)");
    PHRASES.put("give --packages ", "set spark.jars.packages to ");
    PHRASES.put("--conf spark.", "spark.");
    PHRASES.put(", or give --reduction executors, where tasks are many", "");
    PHRASES.put("--driver-memory", "spark.driver.memory");
    PHRASES.put("--executor-memory", "spark.executor.memory");
    PHRASES.put("--executor-cores", "spark.executor.cores");
    PHRASES.put("--master", "spark.master");
    PHRASES.put(" before the command", "");
  }

  /** Setters that do not have the name of the option. */
  private static final Map<String, String> SETTERS =
      Map.of("init", "initializer", "schedule-by", "schedule");

  private static final Pattern OPTION = Pattern.compile("--([a-z][a-z0-9-]*)");

  private LibraryWords() {}

  /** A message for an application. */
  static String of(String message) {
    String ours = message;
    for (Map.Entry<String, String> phrase : PHRASES.entrySet()) {
      ours = ours.replace(phrase.getKey(), phrase.getValue());
    }
    return OPTION
        .matcher(ours)
        .replaceAll(found -> Matcher.quoteReplacement(setter(found.group(1))));
  }

  /** The name of the setter: {@code learningRate} for {@code learning-rate}. */
  private static String setter(String option) {
    StringBuilder name = new StringBuilder();
    for (String word : SETTERS.getOrDefault(option, option).split("-", -1)) {
      name.append(
          name.isEmpty() || word.isEmpty()
              ? word
              : Character.toUpperCase(word.charAt(0)) + word.substring(1));
    }
    return name.toString();
  }
}
