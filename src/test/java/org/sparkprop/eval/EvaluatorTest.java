package org.sparkprop.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sparkprop.TestSpark;
import org.sparkprop.data.ClassWeights;
import org.sparkprop.data.LabelFormat;
import org.sparkprop.data.Layout;
import org.sparkprop.data.Preprocessing;
import org.sparkprop.data.Preprocessing.FeatureType;
import org.sparkprop.data.RowFormat;
import org.sparkprop.data.Scaling;
import org.sparkprop.data.ShardPlan;
import org.sparkprop.data.Shards;
import org.sparkprop.model.BlasOfRun;
import org.sparkprop.nn.Initializer;
import org.sparkprop.nn.LayerSpec;
import org.sparkprop.nn.LearningTask;
import org.sparkprop.nn.Loss;
import org.sparkprop.nn.Network;
import org.sparkprop.nn.Topology;

class EvaluatorTest {
  private static final int ROWS = 40;
  private static final DataType FLOATS = DataTypes.createArrayType(DataTypes.FloatType);
  private static final Preprocessing PLAIN = Preprocessing.raw(FeatureType.FLOAT);

  private static Network network(String layers, LearningTask task) {
    Topology topology = Topology.of(1, LayerSpec.parseList(layers));
    int last = topology.sizes().size() - 1;
    return new Network(topology, Loss.defaultFor(topology.sizes().get(last).activation()), task);
  }

  /** Row n has the feature n, and the weight n mod 4 if rows are weighted; in seven shards. */
  private static Shards pack(
      Network network, DataType type, IntFunction<Object> label, boolean weighted, int partitions) {
    StructType schema =
        new StructType()
            .add("row", DataTypes.LongType)
            .add("features", FLOATS)
            .add("label", type)
            .add(weighted ? RowFormat.WEIGHT : "other", DataTypes.DoubleType);
    List<Row> rows = new ArrayList<>();
    for (int n = 0; n < ROWS; n++) {
      rows.add(RowFactory.create((long) n, new float[] {n}, label.apply(n), n % 4 + 0.0));
    }
    Dataset<Row> table = TestSpark.session().createDataFrame(rows, schema);
    return Shards.pack(
        table,
        RowFormat.of(table, "rows", LabelFormat.of(network)),
        ShardPlan.all(7, 1),
        Layout.of(7, 7, 0, 1, partitions));
  }

  private static Evaluation evaluate(
      Network network, Preprocessing preprocessing, Shards shards, float... parameters) {
    try (shards) {
      return new Evaluator(TestSpark.context(), network, preprocessing, true, new BlasOfRun())
          .evaluate(shards, parameters);
    }
  }

  private static double metric(Evaluation evaluation, Metric metric) {
    return evaluation.metrics().getOrDefault(metric, Double.NaN);
  }

  private static double weighted(Evaluation evaluation, Metric metric) {
    return evaluation.weightedMetrics().getOrDefault(metric, Double.NaN);
  }

  @Test
  void errorsAreInTheUnitOfTheTargetsAndTheLossInThatOfTheNetwork() {
    Network network = network("1 linear", LearningTask.REGRESSION);
    Preprocessing scaled = PLAIN.withTargetScaling(Scaling.of(List.of(10.0), List.of(4.0)));
    // The target of row n is n − 1, or n + 3 for every fourth; the network says n in the targets'
    // unit: (0.25 n − 2.5) · 4 + 10.
    Shards shards =
        pack(network, DataTypes.DoubleType, n -> n + (n % 4 == 3 ? 3.0 : -1.0), true, 2);
    Evaluation evaluation = evaluate(network, scaled, shards, 0.25f, -2.5f);

    // Squared errors of 1, 1, 1, 9; the weights are 0, 1, 2, 3.
    assertEquals(ROWS, evaluation.rows());
    assertEquals(Math.sqrt(3), metric(evaluation, Metric.RMSE), 1e-15);
    assertEquals(1.5, metric(evaluation, Metric.MAE), 1e-15);
    assertEquals(0.5 * 3 / 16, metric(evaluation, Metric.LOSS), 1e-15);
    assertEquals(Math.sqrt(5), weighted(evaluation, Metric.RMSE), 1e-15);
    assertEquals(2, weighted(evaluation, Metric.MAE), 1e-15);
    assertEquals(0.5 * 5 / 16, weighted(evaluation, Metric.LOSS), 1e-15);
    assertEquals(0.5 * 5 / 16, evaluation.loss(), 1e-15, "as training counts");
  }

  @Test
  void aClassCountsByItsWeight() {
    Network network = network("2 softmax", LearningTask.CLASSIFICATION);
    // All rows are taken for class 1; a quarter is of it.
    IntFunction<Object> label = n -> n % 4 == 0 ? 1 : 0;
    Shards shards = pack(network, DataTypes.IntegerType, label, false, 2);
    Preprocessing balanced = PLAIN.withClassWeights(ClassWeights.of(List.of(1.0, 3.0)));
    Evaluation evaluation = evaluate(network, balanced, shards, 0, 0, 0, 1);

    assertEquals(0.25, metric(evaluation, Metric.ACCURACY));
    assertEquals(0.5, weighted(evaluation, Metric.ACCURACY));
    // −log p is log(1 + e^−1) for class 1 and 1 more for the others.
    double ofOne = Math.log1p(Math.exp(-1));
    assertEquals(ofOne + 0.75, metric(evaluation, Metric.LOSS), 1e-6);
    assertEquals(ofOne + 0.5, weighted(evaluation, Metric.LOSS), 1e-6);
    assertEquals(ofOne + 0.75, metric(evaluation, Metric.LOG_LOSS), 1e-6);
  }

  @Test
  void rowsAreToldApartWhereTheirProbabilitiesAreOne() {
    // Logits of 100 to 139: as floats, all probabilities are 1.
    IntFunction<Object> above = n -> n < 10 ? 0 : 1;
    Network one = network("1 sigmoid", LearningTask.CLASSIFICATION);
    Shards shards = pack(one, DataTypes.IntegerType, above, false, 2);
    assertEquals(1, metric(evaluate(one, PLAIN, shards, 1, 100), Metric.ROC_AUC));

    Network two = network("2 softmax", LearningTask.CLASSIFICATION);
    shards = pack(two, DataTypes.IntegerType, above, false, 2);
    assertEquals(1, metric(evaluate(two, PLAIN, shards, 0, 1, 0, 100), Metric.ROC_AUC));

    // Class 2 is the surer the higher n; classes 0 and 1 have the logits 0 and −n.
    Network three = network("3 softmax", LearningTask.CLASSIFICATION);
    shards = pack(three, DataTypes.IntegerType, n -> n < 10 ? 0 : 2, false, 2);
    Evaluation evaluation = evaluate(three, PLAIN, shards, 0, -1, 1, 0, 0, 100);
    assertEquals(1, metric(evaluation, Metric.ROC_AUC));
  }

  @Test
  void rowsAreRankedOnlyIfAsked() {
    Network network = network("2 softmax", LearningTask.CLASSIFICATION);
    try (Shards shards = pack(network, DataTypes.IntegerType, n -> n % 2, false, 2)) {
      Evaluation evaluation =
          new Evaluator(TestSpark.context(), network, PLAIN, false, new BlasOfRun())
              .evaluate(shards, new float[] {0, 1, 0, 0});
      assertFalse(evaluation.metrics().containsKey(Metric.ROC_AUC));
      assertFalse(evaluation.metrics().containsKey(Metric.PR_AUC));
      assertEquals(Map.of(), evaluation.weightedMetrics());
    }
  }

  @ParameterizedTest
  @EnumSource(LearningTask.class)
  void figuresHaveTheSameBitsForAnyNumberOfPartitions(LearningTask task) {
    Network network =
        switch (task) {
          case CLASSIFICATION -> network("8 tanh, 6 softmax", task);
          case MULTI_LABEL -> network("8 tanh, 3 sigmoid", task);
          case REGRESSION -> network("8 tanh, 2 linear", task);
        };
    DataType type = task == LearningTask.CLASSIFICATION ? DataTypes.IntegerType : FLOATS;
    IntFunction<Object> label =
        n ->
            switch (task) {
              case CLASSIFICATION -> n % 6;
              case MULTI_LABEL -> new float[] {n % 2, n / 2 % 2, n < 20 ? 0 : 1};
              case REGRESSION -> new float[] {0.1f * n, 1000 - n};
            };
    float[] parameters = Initializer.AUTO.parameters(network.topology(), 3);
    Evaluation one = evaluate(network, PLAIN, pack(network, type, label, true, 1), parameters);
    for (int partitions : new int[] {2, 3, 7}) {
      Evaluation other =
          evaluate(network, PLAIN, pack(network, type, label, true, partitions), parameters);
      assertEquals(one.metrics(), other.metrics());
      assertEquals(one.weightedMetrics(), other.weightedMetrics());
      assertEquals(one.loss(), other.loss());
    }
  }
}
