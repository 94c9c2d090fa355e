package org.sparkprop;

import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** The Spark session that all tests share; a test of the commands may have stopped it. */
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
    session().stop();
    SparkSession.Builder other = builder(master);
    settings.forEach(other::config);
    another = true;
    return other.getOrCreate();
  }

  /** Stops a session that has taken the place of the shared one. */
  public static void shareAgain() {
    if (another) {
      session().stop();
      another = false;
    }
  }

  /** The same, with next to no memory that Spark could keep blocks in. */
  public static SparkSession restartWithoutStorage(String master) {
    session().stop();
    return builder(master).config("spark.memory.fraction", "0.0001").getOrCreate();
  }

  private static SparkSession.Builder builder(String master) {
    return SparkSession.builder()
        .master(master)
        .appName("tests")
        .config("spark.sql.warehouse.dir", "target/spark-warehouse")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1");
  }
}
