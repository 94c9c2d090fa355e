package org.sparkprop.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.sparkprop.NeuralNetwork;
import org.sparkprop.NeuralNetworkModel;
import org.sparkprop.Refusal;
import org.sparkprop.TestSpark;

@Tag("long")
class KryoSettingTest {
  private static final String LINE =
      "Cannot use this session: it has spark.kryo.registrationRequired=true, and sparkprop's classes are not registered (start it with spark.kryo.registrationRequired=false)";

  @AfterEach
  void shareTheSessionAgain() {
    TestSpark.shareAgain();
  }

  private static Dataset<Row> rows(String registrationRequired) {
    SparkSession spark =
        TestSpark.restart(
            "local[2]",
            Map.of(
                "spark.serializer",
                "org.apache.spark.serializer.KryoSerializer",
                "spark.kryo.registrationRequired",
                registrationRequired));
    return spark.sql(
        "SELECT id AS row, array(float(id)) AS features, int(id % 2) AS label FROM range(9)");
  }

  @Test
  void aSessionThatWantsClassesRegisteredIsRefusedAndItsWayOutWorks() {
    NeuralNetwork network = NeuralNetwork.layers("2 softmax").epochs(1);
    Dataset<Row> rows = rows("false");
    NeuralNetworkModel model = network.fit(rows);
    assertEquals(9, model.transform(rows).count());

    Dataset<Row> refused = rows("true");
    assertEquals(LINE, Refusal.of(() -> network.fit(refused)));
    assertEquals(LINE, Refusal.of(() -> model.transform(refused)));
    assertEquals(LINE, Refusal.of(() -> model.evaluate(refused)));
  }
}
