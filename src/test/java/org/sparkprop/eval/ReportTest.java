package org.sparkprop.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  private static Report report(int hits, int misses) {
    ConfusionMatrix matrix = new ConfusionMatrix(2);
    for (int i = 0; i < hits; i++) {
      matrix.add(0, 0);
    }
    for (int i = 0; i < misses; i++) {
      matrix.add(0, 1);
    }
    return Report.of(
        new Evaluation(matrix, 0.125), List.of("cat", "dog"), "models/pets", "pets test", "b", 2);
  }

  @Test
  void theIntervalIsWilsons() {
    // Wilson's formula with z = 1.959964, worked for 81 of 263: Newcombe 1998, table I: 0.2553 to
    // 0.3662
    List<Double> interval = report(81, 182).accuracyInterval();
    assertEquals(0.2553, interval.get(0), 5e-5);
    assertEquals(0.3662, interval.get(1), 5e-5);
    // and for 0 of 20: 0 to 0.1611
    assertEquals(0.0, report(0, 20).accuracyInterval().get(0), 1e-9);
    assertEquals(0.1611, report(0, 20).accuracyInterval().get(1), 5e-5);
  }

  @Test
  void theFileHasTheNamesOfTheContract(@TempDir Path folder) throws IOException {
    report(9, 1).write(folder.toString(), new Configuration());

    JsonNode json = new ObjectMapper().readTree(folder.resolve("report.json").toFile());
    List<String> names = new ArrayList<>();
    json.fieldNames().forEachRemaining(names::add);
    assertEquals(
        List.of(
            "rows",
            "errors",
            "accuracy",
            "accuracy_interval",
            "loss",
            "labels",
            "confusion",
            "classes",
            "model",
            "data",
            "blas",
            "seconds"),
        names);
    assertEquals(10, json.get("rows").asInt());
    assertEquals(1, json.get("errors").asInt());
    assertEquals(0.9, json.get("accuracy").asDouble());
    assertEquals("[[9,1],[0,0]]", json.get("confusion").toString());
    JsonNode dog = json.get("classes").get(1);
    assertEquals("dog", dog.get("label").asText());
    assertTrue(dog.get("recall").isNull(), "no row is a dog");
    assertEquals(0.0, dog.get("precision").asDouble());
  }

  @Test
  void aReportIsReplacedByTheNext(@TempDir Path folder) throws IOException {
    report(9, 1).write(folder.toString(), new Configuration());
    report(1, 9).write(folder.toString(), new Configuration());

    JsonNode json = new ObjectMapper().readTree(folder.resolve("report.json").toFile());
    assertEquals(0.1, json.get("accuracy").asDouble());
    assertEquals(1, folder.toFile().list().length, "no drafts are left");
  }

  @Test
  void theConsoleShowsTheAccuracyWithItsIntervalAndTheMatrix() {
    String text = ReportText.of(report(9, 1));

    assertTrue(
        text.startsWith(
            "10 rows of pets test: accuracy 90.00 % (95 % interval 59.58 % to 98.21 %), 1 errors, loss 0.1250"),
        text);
    assertTrue(text.contains("rows are truth, columns are predictions"), text);
    assertTrue(text.lines().anyMatch(line -> line.matches(" +cat +9 +1 +10 +100.00 % .*")), text);
    assertTrue(text.lines().anyMatch(line -> line.matches(" +dog +· +· +0 +0.00 % +– .*")), text);
  }
}
