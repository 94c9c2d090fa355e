package org.sparkprop.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sparkprop.TestSpark;
import org.sparkprop.nn.LayerSize;

class FirstLossTest {
  private static final Logger LOG = Logger.getLogger(FirstLoss.class.getName());

  private final List<String> warnings = new ArrayList<>();

  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          warnings.add(new SimpleFormatter().formatMessage(record));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    LOG.addHandler(handler);
  }

  @AfterEach
  void listenNoMore() {
    LOG.removeHandler(handler);
  }

  private static Training.Result train(FeatureUnits units) {
    Dataset<Row> rows =
        TestSpark.session()
            .range(0, 200, 1, 2)
            .selectExpr(
                "id row", "array(float(id * 1000), float(id * 777)) features", "int(id % 2) label");
    TrainingOptions options =
        TrainingOptions.of(LayerSize.parseList("8 relu, 2 softmax"))
            .featureUnits(units)
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
