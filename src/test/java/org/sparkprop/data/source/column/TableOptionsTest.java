package org.sparkprop.data.source.column;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkprop.Refusal;
import org.sparkprop.data.source.RowSource;

class TableOptionsTest {
  private static final TableOptions ALL =
      new TableOptions(
          "csv",
          Map.of("sep", ";"),
          List.of("a", "b"),
          List.of("c", "d"),
          "w",
          null,
          List.of("i", "j"),
          TableReading.OWN);

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
            "w",
            "ignore",
            "i,j"),
        words);
    assertEquals(ALL, TableOptions.ofWords(words));
    assertEquals(TableOptions.DEFAULT, TableOptions.ofWords(Map.of("epochs", "3")));
  }

  @Test
  void whatIsSaidWinsOverWhatWasSaidBefore() {
    TableOptions given =
        new TableOptions(
            "json", Map.of("sep", ",", "header", "false"), List.of("x"), List.of("y"), "none", "v");

    assertEquals(
        new TableOptions(
            "json",
            Map.of("sep", ",", "header", "false"),
            List.of("x"),
            List.of("y"),
            "none",
            "v",
            List.of("i", "j"),
            TableReading.OWN),
        given.or(ALL));
    assertEquals(ALL, TableOptions.DEFAULT.or(ALL));
  }

  @Test
  void aColumnIsOneThingAlone() {
    assertEquals(
        "Invalid features: a (must be a column that is nothing else)",
        Refusal.of(() -> of(List.of("a", "b", "a"), List.of(), null)));
    assertEquals(
        "Invalid label: price (must be a column that is nothing else)",
        Refusal.of(() -> of(List.of("price"), List.of("price"), null)));
    assertEquals(
        "Invalid label: label (must be a column that is nothing else)",
        Refusal.of(() -> of(List.of("label"), List.of(), null)));
    assertEquals(
        "Invalid weight: y (must be a column that is nothing else)",
        Refusal.of(() -> of(List.of("x"), List.of("y"), "y")));
    assertEquals(
        "Invalid ignore: x (must be a column that is nothing else)",
        Refusal.of(
            () ->
                new TableOptions(
                    null,
                    Map.of(),
                    List.of("x"),
                    List.of(),
                    null,
                    null,
                    List.of("id", "x"),
                    TableReading.OWN)));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '#',
      delimiter = '|',
      value = {
        "a, b ,c | a;b;c",
        "\"price, USD\",a | price, USD;a",
        " \"a\" , b\"c | a;b\"c",
        "\" lead\",\"tail \" |  lead;tail ",
        "\"say \"\"hi\"\", now\" | say \"hi\", now",
        "größe,a.b,c`d | größe;a.b;c`d",
      })
  void aNameWithACommaOrBlanksAtItsEndsStandsInQuotes(String list, String names) {
    List<String> expected = List.of(names.split(";"));
    if (list.contains("lead")) {
      expected = List.of(" lead", "tail ");
    }

    assertEquals(expected, TableOptions.columns("features", list));
  }

  /** Whatever the names, they are read back from the words that a model keeps. */
  @Test
  void anyNamesAreReadBackFromTheirList() {
    Random random = new Random(11);
    String letters = "a,\" .`\\é\n\tb";
    for (int i = 0; i < 5000; i++) {
      List<String> names = new ArrayList<>();
      for (int k = random.nextInt(1, 4); k > 0; k--) {
        StringBuilder name = new StringBuilder("x".repeat(random.nextInt(2)));
        for (int c = random.nextInt(5); c >= 0; c--) {
          name.append(letters.charAt(random.nextInt(letters.length())));
        }
        if (!names.contains(name.toString())) {
          names.add(name.toString());
        }
      }

      TableOptions options = of(names, List.of("label of no other name"), null);

      assertEquals(options, TableOptions.ofWords(options.toWords()), names.toString());
    }
  }

  @Test
  void dataOfAnotherKindRefusesThem() {
    for (String data : List.of("mnist", "spiral", "friedman(10)")) {
      assertEquals(
          "Invalid option: --format with --data %s (it is for tables)".formatted(data),
          Refusal.of(() -> RowSource.of(data, ALL, TableOptions.DEFAULT)));
      assertEquals(
          data, RowSource.of(data, TableOptions.DEFAULT, ALL).toString().replace("(100)", ""));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a,,b", "a,", " "})
  void aListWithoutNamesIsRefused(String list) {
    assertEquals(
        "Invalid features: \"%s\" (must be column names, such as age, height)".formatted(list),
        Refusal.of(() -> TableOptions.columns("features", list)));
  }

  @Test
  void quotesThatDoNotEndAreRefused() {
    assertEquals(
        "Invalid label: \"\"price, USD\" (a name in quotes must end with one)",
        Refusal.of(() -> TableOptions.columns("label", "\"price, USD")));
    assertEquals(
        "Invalid label: \"\"a\"b,c\" (after a name in quotes must come a comma; a quote in it is doubled)",
        Refusal.of(() -> TableOptions.columns("label", "\"a\"b,c")));
  }
}
