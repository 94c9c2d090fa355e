package org.sparkprop.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sparkprop.TestSpark;
import org.sparkprop.data.source.Part;
import org.sparkprop.data.source.RowSource;
import org.sparkprop.data.source.column.TableFacts;
import org.sparkprop.eval.Metric;
import org.sparkprop.model.EpochRecord;
import org.sparkprop.nn.Dropout;
import org.sparkprop.nn.LayerSpec;
import org.sparkprop.optim.LearningRateSchedule;
import org.sparkprop.optim.OptimizerSettings;
import org.sparkprop.optim.RateCurve;
import org.sparkprop.optim.Regularization;
import org.sparkprop.optim.ScheduleUnit;
import org.sparkprop.optim.UpdateRule;
import org.sparkprop.train.checkpoint.Checkpoint;
import org.sparkprop.train.checkpoint.CheckpointFile;
import org.sparkprop.train.checkpoint.CheckpointFolder;
import org.sparkprop.train.checkpoint.Checkpointer;
import org.sparkprop.train.options.ClassWeighting;
import org.sparkprop.train.options.LocalSteps;
import org.sparkprop.train.options.Settings;
import org.sparkprop.train.options.Stopping;
import org.sparkprop.train.options.TrainingOptions;
import org.sparkprop.train.options.TrainingOptionsBuilder;

/** A run that is cut off, as by a kill, and goes on has the bits of one that is not. */
class ResumeTest {
  @TempDir Path scratch;

  /** Everything that remembers something from round to round or from epoch to epoch. */
  private enum Kind {
    SGD_WITH_NOISE_DROPOUT_AND_COSINE {
      @Override
      TrainingOptionsBuilder options() {
        return base()
            .optimizer(
                optimizer("sgd", 0.1, Map.of("momentum", 0.9))
                    .withSchedule(
                        new LearningRateSchedule(RateCurve.parse("cosine"), ScheduleUnit.ROUND, 4)))
            .with(Settings.INPUT_NOISE, 0.2)
            .dropout(new Dropout(0.1, List.of(0.3, 0.2)));
      }
    },
    ADAM_WITH_PATIENCE {
      @Override
      TrainingOptionsBuilder options() {
        return base()
            .optimizer(optimizer("adam", 0.02, Map.of()))
            .with(Settings.CLASS_WEIGHTS, ClassWeighting.BALANCED)
            .validation(0.2)
            .stopping(new Stopping(Metric.ACCURACY, 2, 0.2, null, null));
      }
    },
    RMSPROP_ON_PLATEAU {
      @Override
      TrainingOptionsBuilder options() {
        return base()
            .optimizer(
                optimizer("rmsprop", 0.05, Map.of("momentum", 0.5))
                    .withSchedule(
                        new LearningRateSchedule(
                            RateCurve.parse("plateau(0.5, 1)"), ScheduleUnit.EPOCH, 0)))
            .validation(0.2);
      }
    },
    LAMB_IN_LOCAL_STEPS {
      @Override
      TrainingOptionsBuilder options() {
        return base()
            .optimizer(optimizer("lamb", 0.02, Map.of()))
            .dropout(new Dropout(0, List.of(0.2)))
            .localSteps(new LocalSteps(2))
            .workers(2);
      }
    },
    ADAGRAD_IN_MEASURED_STEPS {
      @Override
      TrainingOptionsBuilder options() {
        return base().optimizer(optimizer("adagrad", 0.05, Map.of())).localSteps(LocalSteps.AUTO);
      }
    },
    LBFGS {
      @Override
      TrainingOptionsBuilder options() {
        return TrainingOptions.of(LayerSpec.parseList("6 tanh, 3 softmax"))
            .optimizer(
                optimizer(
                        "lbfgs",
                        1,
                        Map.of(
                            "history",
                            3.0,
                            "layerwise",
                            1.0,
                            "sample-doublings",
                            2.0,
                            "sample-iterations",
                            2.0))
                    .withRegularization(
                        new Regularization(
                            0,
                            0.001,
                            0,
                            Regularization.UNBOUNDED,
                            Regularization.UNBOUNDED,
                            Regularization.UNBOUNDED)))
            .epochs(7)
            .shards(5);
      }
    };

    abstract TrainingOptionsBuilder options();

    private static TrainingOptionsBuilder base() {
      return TrainingOptions.of(LayerSpec.parseList("8 relu, 7 tanh, 3 softmax"))
          .epochs(5)
          .batchSize(40)
          .sliceSize(9)
          .shards(7);
    }

    private static OptimizerSettings optimizer(
        String rule, double rate, Map<String, Double> numbers) {
      return OptimizerSettings.of(UpdateRule.of(rule), rate, numbers);
    }
  }

  /** What a kill looks like from within. */
  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** Ends with an exception when so many rounds are done. */
  private static final class Killer implements TrainingListener {
    private long roundsLeft;

    Killer(long rounds) {
      this.roundsLeft = rounds;
    }

    @Override
    public Verdict roundDone(RoundRecord round) {
      if (--roundsLeft == 0) {
        throw new Killed();
      }
      return Verdict.CONTINUE;
    }
  }

  private CheckpointFolder folder() {
    return new CheckpointFolder(scratch.resolve("m.checkpoint").toString(), new Configuration());
  }

  private Checkpointer resume(TrainingOptions options) {
    return Checkpointer.open(folder(), 0, true, false, options.toWords());
  }

  private static Training.Result train(
      TrainingOptions options, Checkpointer checkpoints, TrainingListener listener) {
    return train(options, checkpoints, listener, "spiral(60)");
  }

  private static Training.Result train(
      TrainingOptions options, Checkpointer checkpoints, TrainingListener listener, String data) {
    SparkSession spark = TestSpark.session();
    Dataset<Row> rows = RowSource.of(data).rows(spark, Part.parse("train"));
    return new Training(
            spark,
            options,
            InitialParameters.drawn(options),
            listener,
            checkpoints,
            TableFacts.NONE)
        .run(rows, "spiral");
  }

  private static void assertSame(Training.Result expected, Training.Result found) {
    assertArrayEquals(expected.model().parameters(), found.model().parameters(), 0f);
    assertEquals(expected.ending(), found.ending());
    assertEquals(
        expected.history().stream().map(ResumeTest::withoutTime).toList(),
        found.history().stream().map(ResumeTest::withoutTime).toList());
  }

  private static EpochRecord withoutTime(EpochRecord epoch) {
    return new EpochRecord(
        epoch.epoch(),
        epoch.rounds(),
        epoch.rows(),
        epoch.loss(),
        epoch.validation(),
        epoch.learningRate(),
        0,
        0,
        epoch.best());
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aRunThatIsKilledInEachThirdRoundHasTheSameBits(Kind kind) {
    TrainingOptions options = kind.options().build();
    Training.Result whole = null;
    int kills = 0;
    while (whole == null) {
      try {
        whole = train(options, resume(options), new Killer(3));
      } catch (Killed killed) {
        kills++;
      }
    }

    assertTrue(kills > 0);
    // Where steps are measured, what the run has found is its number.
    assertSame(train(whole.options(), Checkpointer.none(), new TrainingListener() {}), whole);
  }

  /** From its fourth round on, all jobs of the run fail, as when a cluster has ended it. */
  private static final class JobsFail implements TrainingListener {
    private static int runs;

    private final SparkContext spark = TestSpark.session().sparkContext();
    private final String group = "a run that fails " + runs++;
    private long roundsLeft = 4;

    @Override
    public void started(RunInfo facts) {
      spark.setJobGroup(group, group, false);
    }

    @Override
    public Verdict roundDone(RoundRecord round) {
      if (--roundsLeft == 0) {
        spark.cancelJobGroupAndFutureJobs(group);
      }
      return Verdict.CONTINUE;
    }
  }

  private Checkpointer resumeWithoutInterval(TrainingOptions options) {
    return Checkpointer.open(folder(), 3600, true, false, options.toWords());
  }

  /** The next job is a round of the middle of an epoch, or its validation. */
  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = "ADAGRAD_IN_MEASURED_STEPS")
  void aRunWhoseJobsFailIsKeptAsItWasBeforeTheRound(Kind kind) {
    TrainingOptions options = kind.options().build();
    Training.Result whole = null;
    long rounds = 0;
    int failures = 0;
    while (whole == null) {
      try {
        whole = train(options, resumeWithoutInterval(options), new JobsFail());
      } catch (Exception failed) { // SparkException, which nobody declares
        assertInstanceOf(SparkException.class, failed);
        failures++;
        long kept =
            Objects.requireNonNull(CheckpointFile.last(folder())).checkpoint().numbers().rounds();
        // A line search that has to be done again has as many rounds as it needs.
        assertTrue(kept > rounds || kind == Kind.LBFGS, kept + " after " + rounds);
        rounds = kept;
      } finally {
        TestSpark.session().sparkContext().clearJobGroup();
      }
      assertTrue(failures < 50, "it never ends");
    }

    assertTrue(failures > 0);
    assertSame(train(options, Checkpointer.none(), new TrainingListener() {}), whole);
  }

  /** The listener of somebody else throws; that the run had ended by then is not forgotten. */
  @Test
  void aRunThatHasEndedAsItFailsHasEndedWhenItGoesOn() {
    TrainingOptions options = Kind.ADAM_WITH_PATIENCE.options().build();
    Training.Result expected = train(options, Checkpointer.none(), new TrainingListener() {});
    int last = expected.history().size();
    assertTrue(last < options.epochs(), "its patience ends it");
    TrainingListener thrower =
        new TrainingListener() {
          @Override
          public Verdict epochDone(EpochRecord epoch) {
            if (epoch.epoch() == last) {
              throw new Killed();
            }
            return Verdict.CONTINUE;
          }
        };

    assertThrows(Killed.class, () -> train(options, resumeWithoutInterval(options), thrower));

    assertSame(expected, train(options, resumeWithoutInterval(options), new TrainingListener() {}));
  }

  @Test
  void anInterruptedRunIsKeptAndTheThreadStaysInterrupted() {
    TrainingOptions options = Kind.SGD_WITH_NOISE_DROPOUT_AND_COSINE.options().build();
    Checkpointer checkpoints = resumeWithoutInterval(options);
    TrainingListener interrupting =
        new TrainingListener() {
          @Override
          public Verdict roundDone(RoundRecord round) {
            Thread.currentThread().interrupt();
            return Verdict.CONTINUE;
          }
        };
    try {
      train(options, checkpoints, interrupting);
      fail("it was interrupted");
    } catch (Exception interrupted) { // which nobody declares
      assertInstanceOf(InterruptedException.class, interrupted);
    } finally {
      Thread.interrupted();
    }

    assertEquals(folder().toString(), checkpoints.kept());
    assertSame(
        train(options, Checkpointer.none(), new TrainingListener() {}),
        train(options, resumeWithoutInterval(options), new TrainingListener() {}));
  }

  /** What the command does when the model cannot be written. */
  @Test
  void theEndOfARunCanBeKept() {
    TrainingOptions options = Kind.RMSPROP_ON_PLATEAU.options().build();
    Checkpointer checkpoints = resumeWithoutInterval(options);
    Training.Result expected = train(options, checkpoints, new TrainingListener() {});
    assertNull(checkpoints.kept());

    checkpoints.keepEnd();

    assertEquals(folder().toString(), checkpoints.kept());
    Killer none = new Killer(1);
    assertSame(expected, train(options, resumeWithoutInterval(options), none));
    assertEquals(1, none.roundsLeft, "no round is left");
  }

  @Test
  void withoutCheckpointsNoneIsLeftByAFailure() {
    TrainingOptions options = Kind.LBFGS.options().build();
    Checkpointer none =
        Checkpointer.open(folder(), Double.POSITIVE_INFINITY, true, false, options.toWords());

    assertThrows(Killed.class, () -> train(options, none, new Killer(9)));
    none.keepEnd();

    assertNull(none.kept());
    assertTrue(Files.notExists(scratch.resolve("m.checkpoint")));
  }

  /**
   * As if the rounds before the kill had taken an hour: a limit of time is one of the whole run.
   */
  @Test
  void timeBeforeAKillCounts() {
    Kind kind = Kind.SGD_WITH_NOISE_DROPOUT_AND_COSINE;
    TrainingOptions options = kind.options().build();
    assertThrows(Killed.class, () -> train(options, resume(options), new Killer(3)));
    CheckpointFile cutOff = Objects.requireNonNull(CheckpointFile.last(folder()));
    Checkpoint then = cutOff.checkpoint();
    long rounds = then.numbers().rounds();
    Checkpoint later =
        new Checkpoint(atAnHour(then.numbers()), then.vectors(), then.history(), null);
    folder().write(rounds, CheckpointFile.content(cutOff.origin(), later));

    TrainingOptions limited =
        kind.options().stopping(new Stopping(Metric.LOSS, null, 0, 1800.0, null)).build();
    Training.Result result = train(limited, resume(limited), new TrainingListener() {});

    assertEquals("time limit of 1800.0 s reached", result.ending());
    assertEquals(rounds + 1, result.history().stream().mapToLong(EpochRecord::rounds).sum());
  }

  private static Checkpoint.Numbers atAnHour(Checkpoint.Numbers numbers) {
    return new Checkpoint.Numbers(
        numbers.epoch(),
        numbers.rounds(),
        3600,
        numbers.steps(),
        numbers.rateFactor(),
        numbers.objective(),
        numbers.stopping(),
        numbers.plateau());
  }
}
