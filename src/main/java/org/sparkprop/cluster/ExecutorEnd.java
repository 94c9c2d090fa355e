package org.sparkprop.cluster;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Why an executor is no longer there, as a sentence. */
final class ExecutorEnd {
  private static final Pattern EXIT = Pattern.compile("(?:code|status)[: ]+(\\d+)");

  private ExecutorEnd() {}

  /**
   * @param reason what Spark says
   */
  static String line(String executor, String reason) {
    return "executor %s is lost: %s; what it kept is computed again where it is needed"
        .formatted(executor, cause(reason));
  }

  private static String cause(String reason) {
    String line = reason == null ? "" : reason.strip().lines().findFirst().orElse("");
    Matcher exit = EXIT.matcher(line);
    if (exit.find()) {
      return switch (exit.group(1)) {
        case "52" -> "it ran out of memory (give --executor-memory)";
        case "137" -> "it was killed (by its host, if that ran out of memory)";
        case "143" -> "it was terminated";
        default -> "its process ended with status " + exit.group(1);
      };
    }
    if (line.isBlank()) {
      return "Spark does not say why";
    }
    if (line.startsWith("Remote RPC client disassociated")) {
      return "its process ended, or the network to it did";
    }
    if (line.startsWith("Executor killed by driver") || line.contains("decommission")) {
      return "it was given back or taken away by the cluster";
    }
    String sentence = line.replaceFirst("\\.( .*)?$", "").replaceFirst("[.,;:]+$", "");
    return Character.toLowerCase(sentence.charAt(0)) + sentence.substring(1);
  }
}
