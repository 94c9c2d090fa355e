package org.sparkprop.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkprop.Refusal;
import org.sparkprop.TestSpark;
import org.sparkprop.data.HoldOut;
import org.sparkprop.eval.Metric;
import org.sparkprop.model.EpochRecord;
import org.sparkprop.nn.LayerSpec;
import org.sparkprop.nn.LearningTask;
import org.sparkprop.optim.LearningRateSchedule;
import org.sparkprop.optim.OptimizerSettings;
import org.sparkprop.optim.RateCurve;
import org.sparkprop.optim.Regularization;
import org.sparkprop.optim.ScheduleUnit;
import org.sparkprop.optim.UpdateRule;
import org.sparkprop.train.options.ClassWeighting;
import org.sparkprop.train.options.LocalSteps;
import org.sparkprop.train.options.Settings;
import org.sparkprop.train.options.Stopping;
import org.sparkprop.train.options.TrainingOptions;
import org.sparkprop.train.options.TrainingOptionsBuilder;

/** Figures that steer a run where they have no value, and rows that weigh nothing. */
class SteeringTest {
  private final List<RoundRecord> rounds = new ArrayList<>();

  private final TrainingListener listener =
      new TrainingListener() {
        @Override
        public Verdict roundDone(RoundRecord round) {
          rounds.add(round);
          return Verdict.CONTINUE;
        }
      };

  /** A hundred rows, of which the first ten are held out. */
  private static Dataset<Row> rows(String features, String label, String weight) {
    return TestSpark.session()
        .range(0, 100, 1, 2)
        .selectExpr(
            "id row",
            features + " features",
            label + " label",
            weight + " weight",
            "id < 10 validation");
  }

  private static Dataset<Row> labelled(String label) {
    return rows("array(float(id % 7), float(id % 3))", label, "1.0D");
  }

  private static TrainingOptionsBuilder options(String layers, LearningTask task, String monitor) {
    return TrainingOptions.of(LayerSpec.parseList(layers))
        .task(task)
        .epochs(6)
        .batchSize(30)
        .validation(HoldOut.COLUMN)
        .stopping(new Stopping(Metric.of(monitor), 2, 0, null, null));
  }

  private Training.Result train(TrainingOptionsBuilder options, Dataset<Row> rows) {
    return new Training(TestSpark.session(), options.build(), listener).run(rows, "the rows");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2 softmax | CLASSIFICATION | roc-auc | int(id >= 10) | monitor roc-auc: all of the 10 validation rows are of class 0",
        "1 sigmoid | CLASSIFICATION | roc-auc | int(id < 10) | monitor roc-auc: all of the 10 validation rows are of class 1",
        "2 softmax | CLASSIFICATION | pr-auc | int(id >= 10) | monitor pr-auc: all of the 10 validation rows are of class 0",
        "4 softmax | CLASSIFICATION | roc-auc | if(id < 10, 3, id % 4) | monitor roc-auc: all of the 10 validation rows are of class 3",
        "2 softmax | CLASSIFICATION | mcc | int(id >= 10) | monitor mcc: all of the 10 validation rows are of class 0",
        "4 softmax | CLASSIFICATION | kappa | if(id < 10, 2, id % 4) | monitor kappa: all of the 10 validation rows are of class 2",
        "2 sigmoid | MULTI_LABEL | roc-auc | if(id < 10, array(1, 1), array(id % 2, 1)) | monitor roc-auc: each label is in all of the 10 validation rows or in none",
        "2 sigmoid | MULTI_LABEL | pr-auc | if(id < 10, array(0, 0), array(id % 2, 1)) | monitor pr-auc: none of the 10 validation rows has a label",
        "1 | REGRESSION | r2 | if(id < 10, 7, id) | monitor r2: no target changes from row to row in the 10 validation rows",
      })
  void whatIsCertainToHaveNoValueIsRefusedBeforeTheFirstRound(
      String layers, LearningTask task, String monitor, String label, String message) {
    assertEquals(
        "Cannot %s (hold out other rows, or give another metric)".formatted(message),
        Refusal.of(() -> train(options(layers, task, monitor), labelled(label))));
    assertEquals(List.of(), rounds);
  }

  @Test
  void aTargetThatIsCertainToHaveNoValueIsRefusedToo() {
    TrainingOptionsBuilder options =
        options("2 softmax", LearningTask.CLASSIFICATION, "loss")
            .stopping(
                new Stopping(Metric.LOSS, null, 0, null, Stopping.Target.parse("roc-auc=0.9")));
    assertEquals(
        "Cannot wait for the target roc-auc=0.9: all of the 10 validation rows are of class 0 (hold out other rows, or give another metric)",
        Refusal.of(() -> train(options, labelled("int(id >= 10)"))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2 softmax | CLASSIFICATION | roc-auc | id % 2",
        "2 softmax | CLASSIFICATION | mcc | id % 2",
        "3 softmax | CLASSIFICATION | pr-auc | if(id < 10, 0, id % 3)",
        "2 sigmoid | MULTI_LABEL | roc-auc | array(id % 2, 1)",
        "2 | REGRESSION | r2 | array(7, id)",
      })
  void whatHasAValueIsMonitored(String layers, LearningTask task, String monitor, String label) {
    Training.Result result = train(options(layers, task, monitor), labelled(label));

    assertTrue(result.history().get(0).best());
    assertTrue(result.history().get(0).validation().containsKey(Metric.of(monitor).field()));
  }

  /** No row has a label, and soon none is predicted: F1 then divides nothing by nothing. */
  @Test
  void epochsWithoutAValueAreNotCountedAndTheModelIsThatOfTheLast() {
    OptimizerSettings plateau =
        OptimizerSettings.of(
            UpdateRule.of("sgd"),
            0.1,
            Map.of(),
            new LearningRateSchedule(RateCurve.parse("plateau(0.1, 2)"), ScheduleUnit.EPOCH, 0),
            Regularization.NONE);
    Training.Result result =
        train(
            options("2 sigmoid", LearningTask.MULTI_LABEL, "f1-macro").optimizer(plateau),
            rows("array(0.0F)", "array(0, 0)", "1.0D"));

    assertEquals(6, result.history().size(), "patience of 2 has not ended it");
    assertEquals(6, result.epoch());
    for (EpochRecord epoch : result.history()) {
      assertTrue(!epoch.best() && !epoch.validation().containsKey("f1_macro"));
      assertEquals(0.1, epoch.learningRate(), 1e-6, "no plateau");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sgd", "adam", "lamb", "local steps"})
  void roundsThatWeighNothingGiveNoNaN(String way) {
    boolean localSteps = way.equals("local steps");
    TrainingOptionsBuilder options =
        TrainingOptions.of(LayerSpec.parseList("4 tanh, 2 softmax"))
            .optimizer(OptimizerSettings.of(UpdateRule.of(localSteps ? "sgd" : way)))
            .epochs(2)
            .batchSize(4)
            .localSteps(new LocalSteps(localSteps ? 3 : 1))
            .workers(localSteps ? 2 : 1);
    Dataset<Row> rows =
        rows("array(float(id % 7), float(id % 3))", "id % 2", "if(id >= 96, 1.0D, 0.0D)")
            .drop("validation");

    Training.Result result = train(options, rows);

    assertTrue(rounds.size() >= 10);
    rounds.forEach(round -> assertTrue(Double.isFinite(round.loss()), round.toString()));
    result.history().forEach(epoch -> assertTrue(Double.isFinite(epoch.loss())));
    for (float parameter : result.model().parameters()) {
      assertTrue(Float.isFinite(parameter));
    }
  }

  @Test
  void classWeightsThatLeaveNothingAreRefusedBeforeTheFirstRound() {
    TrainingOptionsBuilder options =
        options("2 softmax", LearningTask.CLASSIFICATION, "loss")
            .with(Settings.CLASS_WEIGHTS, ClassWeighting.parse("0, 1"));
    assertEquals(
        "Cannot use the validation rows: all rows are of classes of weight 0 (some must weigh more; see --class-weights)",
        Refusal.of(() -> train(options, labelled("int(id >= 10)"))));
    assertEquals(
        "Cannot use the rows: all rows are of classes of weight 0 (some must weigh more; see --class-weights)",
        Refusal.of(() -> train(options, labelled("int(id < 10)"))));
  }

  /** A search takes some five rounds; a limit that is over ends it in the middle. */
  @Test
  void aSearchForAStepEndsWhenTheRunDoes() {
    TrainingListener stopping =
        new TrainingListener() {
          @Override
          public Verdict roundDone(RoundRecord round) {
            rounds.add(round);
            return rounds.size() == 2 ? Verdict.STOP : Verdict.CONTINUE;
          }
        };
    TrainingOptions options =
        TrainingOptions.of(LayerSpec.parseList("16 tanh, 2 softmax"))
            .optimizer(OptimizerSettings.of(UpdateRule.of("lbfgs"), 1000, Map.of()))
            .epochs(20)
            .build();

    Training.Result result =
        new Training(TestSpark.session(), options, stopping)
            .run(labelled("id % 2").drop("validation"), "the rows");

    assertEquals(2, rounds.size());
    assertEquals("stopped by a listener", result.ending());
  }

  @Test
  void figuresOfTwoRunsDoNotMix() {
    MetricRegistry registry = new MetricRegistry();
    DriverMetrics.register(registry);
    TrainingListener first = DriverMetrics.ofNewRun();
    TrainingListener second = DriverMetrics.ofNewRun();
    first.started(facts());
    first.roundDone(round(10, 3));
    assertEquals(3.0, gauge(registry, "loss"));
    second.started(facts());
    first.roundDone(round(20, 5));
    first.roundDone(round(30, 5));
    second.roundDone(round(10, 4));
    first.roundDone(round(40, 5));

    assertEquals(4.0, gauge(registry, "loss"));
    assertEquals(1L, gauge(registry, "round"));
    assertEquals(10.0, gauge(registry, "rowsPerSecond"));
    assertEquals(2, registry.timer("roundTime").getCount());
  }

  private static RunInfo facts() {
    TrainingOptions options = TrainingOptions.of(LayerSpec.parseList("2 softmax")).build();
    return new RunInfo(options.network(1), options, 100, 0, 1, 8, 800, 0);
  }

  private static RoundRecord round(long rows, double loss) {
    return new RoundRecord(1, rows, loss, 0.1, new RoundRecord.Times(0, 1, 0, 0));
  }

  private static Object gauge(MetricRegistry registry, String name) {
    Gauge<?> gauge = Objects.requireNonNull(registry.getGauges().get(name));
    return gauge.getValue();
  }
}
