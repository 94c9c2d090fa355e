package org.sparkprop.data.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkprop.Refusal;
import org.sparkprop.TestSpark;
import org.sparkprop.data.source.column.TableOptions;

/**
 * CSV that an application or the catalog lets Spark read is told, with the options that check it.
 */
class UncheckedCsvTest {
  private static final String TEXT = "name,a,label\nx,1,0\n\"y \"\"z\"\", w\",2,1\n";

  @TempDir Path folder;

  private final SparkSession spark = TestSpark.session();
  private final List<String> warnings = new ArrayList<>();

  private TableRows open(Dataset<Row> table) {
    return TableRows.of(table, TableOptions.DEFAULT, "the rows", warnings::add);
  }

  private Dataset<Row> read(Path file, Map<String, String> options) {
    return spark
        .read()
        .option("header", true)
        .schema("name string, a double, label int")
        .options(options)
        .csv(file.toString());
  }

  @Test
  void rowsOfAnApplicationNameTheOptionsThatCheckThem() throws IOException {
    Path file = Files.writeString(folder.resolve("t.csv"), TEXT);
    TableRows rows = open(read(file, Map.of()).where("a > 0"));

    String warning =
        "the rows come from CSV that Spark reads unchecked: a row with too many cells, or with quotes that shift them, is not seen; read it with option(\"mode\", \"FAILFAST\"), option(\"columnPruning\", \"false\"), option(\"unescapedQuoteHandling\", \"RAISE_ERROR\"), option(\"escape\", \"\\\"\")";
    assertEquals(List.of(warning), warnings);
    assertTrue(rows.facts().notes().contains(warning), rows.facts().toString());

    Map<String, String> options = new TreeMap<>();
    Matcher named = Pattern.compile("option\\(\"(\\w+)\", \"(.*?)\"\\)").matcher(warning);
    while (named.find()) {
      options.put(named.group(1), named.group(2).replace("\\\"", "\""));
    }
    warnings.clear();
    assertEquals(
        List.of("[1.0]", "[2.0]"),
        open(read(file, options)).rows().orderBy("row").collectAsList().stream()
            .map(row -> row.getList(row.fieldIndex("features")).toString())
            .toList());
    assertEquals(List.of(), warnings);

    Path ragged = Files.writeString(folder.resolve("r.csv"), TEXT + "z,3,0,7\n");
    String refused = Refusal.of(() -> open(read(ragged, options)).rows().collectAsList());
    assertTrue(refused.contains("r.csv"), refused);
  }

  @Test
  void aTableOfTheCatalogNamesThemToo() throws IOException {
    Path file = Files.writeString(folder.resolve("t.csv"), TEXT);
    String create =
        "create table unchecked_csv (name string, a double, label int) using csv options (header 'true'%s) location '%s'";
    List<String> told = new ArrayList<>();
    RowSource source =
        RowSource.of("table:unchecked_csv", TableOptions.DEFAULT, TableOptions.DEFAULT);
    source.prepare(spark, told::add);
    try {
      spark.sql(create.formatted("", file));
      source.rows(spark, Part.parse("train")).count();
      String options =
          "mode 'FAILFAST', columnPruning 'false', unescapedQuoteHandling 'RAISE_ERROR', escape '\"'";
      assertTrue(
          told.contains(
              "warning: table:unchecked_csv train is CSV that Spark reads unchecked: a row with too many cells, or with quotes that shift them, is not seen; create the table with OPTIONS ("
                  + options
                  + "), or name its files"),
          told.toString());
      spark.sql("drop table unchecked_csv");
      spark.sql(create.formatted(", " + options, file));
      told.clear();
      RowSource checked =
          RowSource.of("table:unchecked_csv", TableOptions.DEFAULT, TableOptions.DEFAULT);
      checked.prepare(spark, told::add);
      assertEquals(2, checked.rows(spark, Part.parse("train")).count());
      assertTrue(told.stream().noneMatch(line -> line.startsWith("warning: ")), told.toString());
    } finally {
      spark.sql("drop table if exists unchecked_csv");
    }
  }
}
