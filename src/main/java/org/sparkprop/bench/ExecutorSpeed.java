package org.sparkprop.bench;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.sparkprop.nn.blas.Blas;
import org.sparkprop.nn.blas.SgemmPeak;

/**
 * How fast an executor multiplies matrices, on one thread while its other cores are idle.
 *
 * @param sgemmGflops 10^9 operations a second
 */
@DefaultSerializer(JavaSerializer.class)
public record ExecutorSpeed(String executor, String host, String blas, double sgemmGflops)
    implements Serializable {
  /** Spark gives one task to each executor when all are idle, but does not promise it. */
  private static final int TRIES = 3;

  /** Measures each executor that answers. */
  static List<ExecutorSpeed> measureAll(JavaSparkContext spark, int executors) {
    Map<String, ExecutorSpeed> byExecutor = new TreeMap<>();
    for (int i = 0; i < TRIES && byExecutor.size() < executors; i++) {
      List<Integer> tasks = Collections.nCopies(executors, 0);
      Function<Integer, ExecutorSpeed> measure = task -> here();
      for (ExecutorSpeed speed : spark.parallelize(tasks, executors).map(measure).collect()) {
        byExecutor.put(speed.executor(), speed);
      }
    }
    return new ArrayList<>(byExecutor.values());
  }

  /** The median of several measurements of each executor. */
  static List<ExecutorSpeed> medians(List<List<ExecutorSpeed>> measurements) {
    Map<String, List<ExecutorSpeed>> byExecutor =
        measurements.stream()
            .flatMap(List::stream)
            .collect(
                Collectors.groupingBy(ExecutorSpeed::executor, TreeMap::new, Collectors.toList()));
    return byExecutor.values().stream()
        .map(
            of ->
                of.stream()
                    .sorted(Comparator.comparingDouble(ExecutorSpeed::sgemmGflops))
                    .toList()
                    .get(of.size() / 2))
        .toList();
  }

  private static ExecutorSpeed here() {
    SparkEnv env = SparkEnv.get();
    return new ExecutorSpeed(
        env.executorId(),
        env.blockManager().blockManagerId().host(),
        Blas.name(),
        SgemmPeak.gigaflops());
  }
}
