package org.sparkprop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import scala.Tuple2;
import scala.jdk.javaapi.CollectionConverters;

/** Fit after fit in one session leaves nothing behind. */
class ManyFitsTest {
  /** Until then Spark loads classes and starts threads of its pools. */
  private static final int FIRST_FITS = 30;

  private static final int FITS = 100;

  /** What Spark keeps of jobs for its pages is 60 to 100 KB a fit; the parameters are 549 KB. */
  private static final long HEAP_OF_A_FIT = 250_000;

  /** Of a pool of Spark's, or of the JVM's compilers, which come and go. */
  private static final int THREADS = 20;

  /** Accessors that the JVM makes for what is called often by reflection. */
  private static final int CLASSES = 400;

  /** Tasks' own broadcasts, which Spark frees when it comes to it. */
  private static final long STORAGE_BYTES = 1 << 20;

  private record Left(
      long heap, int threads, int classes, Set<Path> temporary, Set<String> libraries) {
    static Left now() throws IOException {
      System.gc();
      System.gc();
      Path place = Path.of(System.getProperty("java.io.tmpdir"));
      try (Stream<Path> files = Files.list(place);
          Stream<String> mapped = Files.lines(Path.of("/proc/self/maps"))) {
        return new Left(
            ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
            ManagementFactory.getThreadMXBean().getThreadCount(),
            ManagementFactory.getClassLoadingMXBean().getLoadedClassCount(),
            files.filter(file -> file.toString().contains("sparkprop")).collect(Collectors.toSet()),
            mapped
                .filter(line -> line.contains(".so"))
                .map(line -> line.substring(line.indexOf('/')))
                .collect(Collectors.toSet()));
      }
    }
  }

  private static void fits(Dataset<Row> rows, int times) {
    for (int fit = 0; fit < times; fit++) {
      NeuralNetworkModel model =
          NeuralNetwork.layers("2048 relu, 2 softmax").epochs(1).validation(0.2).fit(rows);
      if (fit % 10 == 0) {
        model.evaluate(rows);
      }
    }
  }

  private static long storageInUse(SparkSession spark) {
    long used = 0;
    for (Tuple2<Object, Object> ofExecutor :
        CollectionConverters.asJava(spark.sparkContext().getExecutorMemoryStatus()).values()) {
      used += (long) ofExecutor._1() - (long) ofExecutor._2();
    }
    return used;
  }

  @Test
  @Tag("long")
  void nothingIsLeftOfThem() throws IOException {
    SparkSession spark = TestSpark.session();
    Dataset<Row> rows =
        spark.sql(
            "SELECT id AS row, array_repeat(float(id), 64) AS features, id % 2 AS label FROM range(40)");
    fits(rows, FIRST_FITS);
    Left before = Left.now();

    fits(rows, FITS);

    assertEquals(0, spark.sparkContext().getPersistentRDDs().size());
    Left after = Left.now();
    assertEquals(before.temporary(), after.temporary());
    assertEquals(before.libraries(), after.libraries());
    assertTrue(after.threads() <= before.threads() + THREADS, before + "\n" + after);
    assertTrue(after.classes() <= before.classes() + CLASSES, before + "\n" + after);
    assertTrue(after.heap() <= before.heap() + FITS * HEAP_OF_A_FIT, before + "\n" + after);
    Eventually.holds(() -> storageInUse(spark) < STORAGE_BYTES, "storage is free");
  }
}
