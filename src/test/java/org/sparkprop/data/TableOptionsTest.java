package org.sparkprop.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkprop.Refusal;

class TableOptionsTest {
  private static final TableOptions ALL =
      new TableOptions("csv", Map.of("sep", ";"), List.of("a", "b"), List.of("c", "d"), "w", null);

  private static TableOptions of(
      List<String> features, List<String> labels, @Nullable String weight) {
    return new TableOptions(null, Map.of(), features, labels, weight, null);
  }

  @Test
  void whatWasSaidIsReadBackFromItsWords() {
    Map<String, String> words = ALL.toWords();

    assertEquals(
        Map.of(
            "format",
            "csv",
            "read-option.sep",
            ";",
            "features",
            "a,b",
            "label",
            "c,d",
            "weight",
            "w"),
        words);
    assertEquals(ALL, TableOptions.ofWords(words));
    assertEquals(TableOptions.STANDARD, TableOptions.ofWords(Map.of("epochs", "3")));
  }

  @Test
  void whatIsSaidWinsOverWhatWasSaidBefore() {
    TableOptions given =
        new TableOptions(
            "json", Map.of("sep", ",", "header", "false"), List.of("x"), List.of("y"), "none", "v");

    assertEquals(
        new TableOptions(
            "json", Map.of("sep", ",", "header", "false"), List.of("x"), List.of("y"), "none", "v"),
        given.or(ALL));
    assertEquals(ALL, TableOptions.STANDARD.or(ALL));
  }

  @Test
  void aColumnIsOneThingAlone() {
    assertEquals(
        "Invalid features: a (must be a column that is nothing else)",
        Refusal.of(() -> of(List.of("a", "b", "a"), List.of(), null)));
    assertEquals(
        "Invalid label: Price (must be a column that is nothing else)",
        Refusal.of(() -> of(List.of("price"), List.of("Price"), null)));
    assertEquals(
        "Invalid label: label (must be a column that is nothing else)",
        Refusal.of(() -> of(List.of("label"), List.of(), null)));
    assertEquals(
        "Invalid weight: y (must be a column that is nothing else)",
        Refusal.of(() -> of(List.of("x"), List.of("y"), "y")));
  }

  @Test
  void dataOfAnotherKindRefusesThem() {
    for (String data : List.of("mnist", "spiral", "friedman(10)")) {
      assertEquals(
          "Invalid option: --format with --data %s (it is for tables)".formatted(data),
          Refusal.of(() -> RowSource.of(data, ALL, TableOptions.STANDARD)));
      assertEquals(
          data, RowSource.of(data, TableOptions.STANDARD, ALL).toString().replace("(100)", ""));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a,,b", "a,", " "})
  void aListWithoutNamesIsRefused(String list) {
    assertEquals(
        "Invalid features: \"%s\" (must be column names, such as age, height)".formatted(list),
        Refusal.of(() -> TableOptions.columns("features", list)));
  }
}
