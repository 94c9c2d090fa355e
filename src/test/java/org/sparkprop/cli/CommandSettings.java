package org.sparkprop.cli;

import java.util.Map;
import org.apache.spark.SparkConf;
import org.sparkprop.nn.blas.BlasChoice;

/** What a command would set in a session of its own, for a session that commands share. */
public final class CommandSettings {
  private CommandSettings() {}

  public static Map<String, String> of(SparkConf given) {
    return SessionSettings.of(given, BlasChoice.AUTO);
  }
}
