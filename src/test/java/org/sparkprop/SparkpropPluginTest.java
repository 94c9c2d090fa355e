package org.sparkprop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.List;
import java.util.Map;
import org.apache.spark.api.plugin.SparkPlugin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SparkpropPluginTest {
  private static final String OLD_NAME = "org.sparkprop.train.SparkpropPlugin";

  @AfterEach
  void shareTheSessionAgain() {
    TestSpark.shareAgain();
  }

  @Test
  void theNameOfVersionZeroPointOneStillWorksAndSaysSo() throws ReflectiveOperationException {
    try (Warnings warnings = new Warnings()) {
      TestSpark.restart("local[2]", Map.of("spark.plugins", OLD_NAME));

      assertEquals(
          List.of(
              "spark.plugins=org.sparkprop.train.SparkpropPlugin is the old name of spark.plugins=org.sparkprop.SparkpropPlugin; give that one"),
          warnings.lines());
    }
    SparkPlugin old =
        Class.forName(OLD_NAME).asSubclass(SparkPlugin.class).getConstructor().newInstance();
    assertInstanceOf(new SparkpropPlugin().driverPlugin().getClass(), old.driverPlugin());
    assertInstanceOf(new SparkpropPlugin().executorPlugin().getClass(), old.executorPlugin());
  }
}
