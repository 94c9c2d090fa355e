package org.sparkprop.cli;

import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.sparkprop.nn.Blas;

/** Spark for the time of one command; says in one line what runs. */
final class SparkRun implements AutoCloseable {
  private final SparkSession spark;

  private SparkRun(SparkSession spark) {
    this.spark = spark;
  }

  static SparkRun start(String command) {
    SparkSession spark =
        SparkSession.builder()
            .appName("sparkprop " + command)
            // Spark's own bar would draw over our lines.
            .config("spark.ui.showConsoleProgress", "false")
            .getOrCreate();
    Map<String, String> versions = Versions.all();
    int cores = spark.sparkContext().defaultParallelism();
    System.out.printf(
        "sparkprop %s, Spark %s, %s, %d cores, BLAS: %s%n",
        versions.get("sparkprop"),
        versions.get("spark"),
        spark.sparkContext().master(),
        cores,
        Blas.name());
    return new SparkRun(spark);
  }

  SparkSession session() {
    return spark;
  }

  @Override
  public void close() {
    spark.stop();
  }
}
