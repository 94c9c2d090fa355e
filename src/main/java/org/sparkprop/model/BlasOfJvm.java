package org.sparkprop.model;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import org.apache.spark.SparkEnv;
import org.jspecify.annotations.Nullable;
import org.sparkprop.nn.blas.Blas;

/**
 * What one JVM multiplied with.
 *
 * @param jvm {@code driver}, or the executor by its name and host
 * @param blas the name of its BLAS
 * @param problem why that is not the fast one of its host, and what helps; empty if it is, or if it
 *     was asked for
 */
@DefaultSerializer(JavaSerializer.class)
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
      String jvm = nameOfThisJvm();
      known = new BlasOfJvm(jvm, Blas.name(), problemOf(jvm));
      here = known;
    }
    return known;
  }

  private static String problemOf(String jvm) {
    String problem = Blas.problem();
    String remedy = Blas.remedy();
    if (problem == null || remedy == null) {
      return problem == null ? "" : problem;
    }
    return "%s (give --conf spark.%s.extraJavaOptions=%s with a folder whose files may be executed)"
        .formatted(problem, jvm.equals(DRIVER) ? "driver" : "executor", remedy);
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
