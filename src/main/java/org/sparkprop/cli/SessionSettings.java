package org.sparkprop.cli;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.JavaSerializer;
import org.sparkprop.SparkpropPlugin;
import org.sparkprop.nn.blas.BlasChoice;

/** What a command sets in Spark before it starts it. */
final class SessionSettings {
  private static final String MASTER = "spark.master";
  private static final String PLUGINS = "spark.plugins";
  private static final String EXECUTOR_DEFAULTS = "spark.executor.defaultJavaOptions";

  /** As submit.sh has it for the driver; Java that does not know it passes over it. */
  private static final String EXECUTOR_OPTIONS =
      "-XX:+UnlockDiagnosticVMOptions -XX:GCLockerRetryAllocationCount=32";

  private static final String SERIALIZER = "spark.serializer";
  private static final String CONSOLE_PROGRESS = "spark.ui.showConsoleProgress";

  /** What Spark does unasked. */
  private static final Set<String> AS_SPARK = Set.of(SERIALIZER, CONSOLE_PROGRESS);

  private SessionSettings() {}

  /** Those of a session that is about to start with what the user has {@code given}. */
  static Map<String, String> of(SparkConf given, BlasChoice blas) {
    Map<String, String> settings = new LinkedHashMap<>();
    // Spark's own bar would draw over our lines.
    settings.put(CONSOLE_PROGRESS, "false");
    // Kryo, which a site may have chosen, cannot write records.
    settings.put(SERIALIZER, JavaSerializer.class.getName());
    settings.put(PLUGINS, withOurs(given.get(PLUGINS, "")));
    settings.put(SparkpropPlugin.BLAS, blas.word());
    // What the user gives comes after these.
    settings.put(
        EXECUTOR_DEFAULTS, (EXECUTOR_OPTIONS + " " + given.get(EXECUTOR_DEFAULTS, "")).strip());
    if (isLocal(given)) {
      // A task without memory would end this JVM before a word could be said.
      settings.put("spark.executor.killOnFatalError.depth", "0");
      // Spark takes a buffer of this size, 4 MiB, for what each job tells its tasks: some KiB.
      putUnlessGiven("spark.broadcast.blockSize", "128k", given, settings);
    }
    // The sums of a round are as large as the model is, and needed.
    putUnlessGiven("spark.driver.maxResultSize", "0", given, settings);
    // Parameters are as good as random numbers: compressing them costs time and saves nothing.
    putUnlessGiven("spark.broadcast.compress", "false", given, settings);
    return settings;
  }

  /** Those that a session which others have started is without, each as {@code name=value}. */
  static List<String> missingIn(SparkConf session) {
    Set<String> missing = new TreeSet<>();
    of(session, BlasChoice.AUTO)
        .forEach(
            (name, value) -> {
              if (!session.get(name, AS_SPARK.contains(name) ? value : "").equals(value)) {
                missing.add(name + "=" + value);
              }
            });
    missing.removeIf(setting -> isMoot(setting, session));
    return List.copyOf(missing);
  }

  /** What is of the executors alone, or is refused where it does not hold. */
  private static boolean isMoot(String setting, SparkConf session) {
    boolean isOfExecutors = setting.startsWith(EXECUTOR_DEFAULTS);
    return setting.startsWith(SparkpropPlugin.BLAS)
        || (isOfExecutors
            && (isLocal(session)
                || session.get(EXECUTOR_DEFAULTS, "").startsWith(EXECUTOR_OPTIONS)));
  }

  private static boolean isLocal(SparkConf given) {
    return given.get(MASTER, "local").startsWith("local");
  }

  private static void putUnlessGiven(
      String name, String value, SparkConf given, Map<String, String> settings) {
    if (!given.contains(name)) {
      settings.put(name, value);
    }
  }

  /** The plugins that the user has set, and our own. */
  private static String withOurs(String plugins) {
    String ours = SparkpropPlugin.class.getName();
    if (Arrays.stream(plugins.split(",", -1))
        .map(String::strip)
        .anyMatch(SparkpropPlugin.NAMES::contains)) {
      return plugins;
    }
    return plugins.isBlank() ? ours : plugins + "," + ours;
  }
}
