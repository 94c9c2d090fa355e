package org.sparkprop.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sparkprop.TestSpark;
import org.sparkprop.nn.LayerSpec;
import org.sparkprop.train.options.FeatureUnits;
import org.sparkprop.train.options.Settings;
import org.sparkprop.train.options.TrainingOptions;

class FirstLossTest {
  private final LoggedWarnings logged = new LoggedWarnings(FirstLoss.class);
  private final List<String> warnings = logged.lines();

  @AfterEach
  void listenNoMore() {
    logged.close();
  }

  private static Training.Result train(FeatureUnits units) {
    Dataset<Row> rows =
        TestSpark.session()
            .range(0, 200, 1, 2)
            .selectExpr(
                "id row", "array(float(id * 1000), float(id * 777)) features", "int(id % 2) label");
    TrainingOptions options =
        TrainingOptions.of(LayerSpec.parseList("8 relu, 2 softmax"))
            .with(Settings.FEATURE_UNITS, units)
            .epochs(2)
            .build();
    return new Training(TestSpark.session(), options, new TrainingListener() {})
        .run(rows, "the rows");
  }

  @Test
  void hugeUnitsAreSaidOnceAndTheWayOutHelps() {
    double loss = train(FeatureUnits.RAW).history().get(0).loss();

    assertEquals(
        List.of(
            "the loss of the first epoch is %,.0f: features in huge units lead away before they teach; give --feature-units standard (in an application featureUnits)"
                .formatted(loss)),
        warnings);

    warnings.clear();
    train(FeatureUnits.STANDARD);
    assertEquals(List.of(), warnings);
  }
}
