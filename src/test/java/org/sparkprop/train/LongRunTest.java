package org.sparkprop.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkprop.TestSpark;
import org.sparkprop.data.source.Part;
import org.sparkprop.data.source.RowSource;
import org.sparkprop.nn.LayerSpec;
import org.sparkprop.train.options.LocalSteps;
import org.sparkprop.train.options.TrainingOptions;

/** A driver lives for many thousand rounds. */
@Tag("long")
class LongRunTest {
  /**
   * Of 64 KB: in half the rounds, a vector that each round leaves behind would be 38 MB at least.
   * Spark remembers its last thousand jobs, which are some megabytes.
   */
  private static final String LAYERS = "100 relu, 150 relu, 3 softmax";

  private static final int MAX_MEGABYTES = 24;

  /** Pools of Spark and of the JVM grow and shrink; a thread of each round would be hundreds. */
  private static final int MAX_THREADS = 60;

  private static final int MAX_COLLECTIONS = 20;

  private record Use(long heapBytes, int threads) {
    /**
     * After as many collections as find something: one leaves what finalizers and cleaners hold.
     */
    static Use now() {
      long least = Long.MAX_VALUE;
      for (int i = 0; i < MAX_COLLECTIONS; i++) {
        System.gc();
        long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        boolean foundNothing = used > least - (1 << 20);
        least = Math.min(least, used);
        if (foundNothing) {
          break;
        }
      }
      return new Use(least, ManagementFactory.getThreadMXBean().getThreadCount());
    }
  }

  @ParameterizedTest
  @CsvSource({"3000, 1, 1", "1200, 2, 2"})
  void roundsLeaveNeitherMemoryNorThreadsBehind(int count, int workers, int steps) {
    SparkSession spark = TestSpark.session();
    int roundsOfEpoch = 6;
    TrainingOptions options =
        TrainingOptions.of(LayerSpec.parseList(LAYERS))
            .batchSize(24 / (roundsOfEpoch * workers * steps))
            .epochs(count / roundsOfEpoch)
            .localSteps(new LocalSteps(steps))
            .workers(workers)
            .shards(workers)
            .build();
    List<Use> uses = new ArrayList<>();
    TrainingListener watching =
        new TrainingListener() {
          private int rounds;

          @Override
          public Verdict roundDone(RoundRecord round) {
            rounds++;
            if (rounds == count / 2 || rounds == count) {
              uses.add(Use.now());
            }
            return Verdict.CONTINUE;
          }
        };

    new Training(spark, options, watching)
        .run(RowSource.of("spiral(8)").rows(spark, Part.parse("train")), "spiral");

    assertEquals(2, uses.size());
    Use half = uses.get(0);
    Use end = uses.get(1);
    assertTrue(end.heapBytes() - half.heapBytes() < MAX_MEGABYTES << 20, uses.toString());
    assertTrue(end.threads() - half.threads() < MAX_THREADS, uses.toString());
  }
}
