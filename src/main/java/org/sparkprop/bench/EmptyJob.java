package org.sparkprop.bench;

import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.VoidFunction;

/** A Spark job that does nothing: the floor of a round. */
final class EmptyJob {
  private static final int WARM_UP = 200;
  private static final int MEASURED = 200;

  private EmptyJob() {}

  /** The median time of a job with so many tasks, in milliseconds. */
  static double milliseconds(JavaSparkContext spark, int tasks) {
    JavaRDD<Integer> nothing = spark.parallelize(Collections.nCopies(tasks, 0), tasks);
    VoidFunction<Iterator<Integer>> idle = partition -> {};
    double[] times = new double[MEASURED];
    for (int job = -WARM_UP; job < MEASURED; job++) {
      long start = System.nanoTime();
      nothing.foreachPartition(idle);
      if (job >= 0) {
        times[job] = (System.nanoTime() - start) / 1e6;
      }
    }
    Arrays.sort(times);
    return times[MEASURED / 2];
  }
}
