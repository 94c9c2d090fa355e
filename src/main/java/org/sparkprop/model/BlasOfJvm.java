package org.sparkprop.model;

import java.io.Serializable;
import java.util.Objects;
import org.apache.spark.SparkEnv;
import org.jspecify.annotations.Nullable;
import org.sparkprop.nn.Blas;

/**
 * What one JVM multiplied with.
 *
 * @param jvm {@code driver}, or the executor by its name and host
 * @param blas the name of its BLAS
 * @param problem why that is not the fast one of its host, and what helps; empty if it is, or if it
 *     was asked for
 */
public record BlasOfJvm(String jvm, String blas, String problem) implements Serializable {
  /** Asked once: a task says it with each of its results. */
  private static volatile @Nullable BlasOfJvm here;

  /** What the driver is called, which multiplies where Spark is local. */
  public static final String DRIVER = "driver";

  /** An executor, as messages call it. */
  public static String executor(String name, String host) {
    return "executor %s on %s".formatted(name, host);
  }

  /** Of this JVM, which chooses its BLAS now if it has none. */
  public static BlasOfJvm here() {
    BlasOfJvm known = here;
    if (known == null) {
      known =
          new BlasOfJvm(
              nameOfThisJvm(), Blas.name(), Objects.requireNonNullElse(Blas.problem(), ""));
      here = known;
    }
    return known;
  }

  private static String nameOfThisJvm() {
    SparkEnv spark = SparkEnv.get();
    if (spark == null || spark.executorId().equals(DRIVER)) {
      return DRIVER;
    }
    return executor(spark.executorId(), spark.blockManager().blockManagerId().host());
  }

  @Override
  public String toString() {
    return "%s: %s".formatted(jvm, blas);
  }
}
