package org.sparkprop;

import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.sparkprop.cli.CommandSettings;

/** The Spark session that all tests of a JVM share. */
public final class TestSpark {
  private static boolean another;

  private TestSpark() {}

  /** {@code local[2]}, started if need be. */
  public static SparkSession session() {
    return builder("local[2]").getOrCreate();
  }

  public static JavaSparkContext context() {
    return JavaSparkContext.fromSparkContext(session().sparkContext());
  }

  /** Stops the shared session and starts one with another master. */
  public static SparkSession restart(String master) {
    return restart(master, Map.of());
  }

  /** The same, with settings that the shared session does not have. */
  public static SparkSession restart(String master, Map<String, String> settings) {
    stop();
    SparkSession.Builder other = builder(master);
    settings.forEach(other::config);
    another = true;
    return other.getOrCreate();
  }

  /** The same, as an application starts it that knows nothing of us. */
  public static SparkSession restartAsOthers() {
    stop();
    another = true;
    return bare("local[2]").getOrCreate();
  }

  /** Stops a session that has taken the place of the shared one. */
  public static void shareAgain() {
    if (another) {
      stop();
      another = false;
    }
  }

  private static void stop() {
    if (SparkEnv.get() != null) { // else there is none, or the test has stopped it
      session().stop();
    }
  }

  /** The same, with next to no memory that Spark could keep blocks in. */
  public static SparkSession restartWithoutStorage(String master) {
    return restart(master, Map.of("spark.memory.fraction", "0.0001"));
  }

  /** As a command would start it, so that what runs in a test is what runs. */
  private static SparkSession.Builder builder(String master) {
    SparkSession.Builder builder = bare(master);
    CommandSettings.of(new SparkConf(false).set("spark.master", master)).forEach(builder::config);
    return builder;
  }

  private static SparkSession.Builder bare(String master) {
    return SparkSession.builder()
        .master(master)
        .appName("tests")
        .config("spark.sql.warehouse.dir", "target/spark-warehouse")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "4") // of the tests' own queries
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1");
  }
}
