package org.sparkprop.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkprop.TestSpark;

/** What the columns of a table are taken for, and what becomes of those that are doubtful. */
class ColumnCommandsTest {
  @TempDir Path scratch;

  private CommandRun train(Path data, String... more) {
    List<String> args = new ArrayList<>(List.of("train", "--data", data.toString()));
    args.addAll(
        List.of("--model", scratch.resolve("model").toString(), "--overwrite", "--test-part=none"));
    args.addAll(Arrays.asList(more));
    return CommandRun.of(args.toArray(String[]::new));
  }

  private static CommandRun done(CommandRun run) {
    assertEquals("", run.err());
    assertEquals(0, run.status(), run.err());
    return run;
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(scratch.resolve(name), text);
  }

  private Path save(String name, String format, String sql) {
    TestSpark.session().sql(sql).coalesce(1).write().format(format).save(path(name));
    return scratch.resolve(name);
  }

  private String path(String name) {
    return scratch.resolve(name).toString();
  }

  private JsonNode model() throws IOException {
    return new ObjectMapper().readTree(scratch.resolve("model/model.json").toFile());
  }

  private JsonNode report(Path data, String... more) throws IOException {
    List<String> args = new ArrayList<>(List.of("evaluate", "--model", path("model")));
    args.addAll(List.of("--data", data.toString(), "--report", path("report")));
    args.addAll(Arrays.asList(more));
    done(CommandRun.of(args.toArray(String[]::new)));
    return new ObjectMapper().readTree(scratch.resolve("report/report.json").toFile());
  }

  /** The option that a message names as the way out, as a shell would give it. */
  private static String[] wayOut(String message, String option) {
    Matcher found =
        Pattern.compile("(--%s) ('[^']*'|[^\\s';)]+)".formatted(option)).matcher(message);
    assertTrue(found.find(), message);
    return new String[] {found.group(1), found.group(2).replaceAll("^'|'$", "")};
  }

  /** Only age tells the label: a model without it would have learnt nothing. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NA | 1 | , ",
        "? | 1 | , ",
        "inf | 1 | , ",
        "#DIV/0! | 1 | ,",
        "not measured | 1 | ,",
        "1,5 | 0 | ;",
        "5% | 0 | ,",
        "$5 | 0 | ,",
        "70 kg | 0 | ,",
        "(5) | 0 | ,",
      })
  void aColumnThatAPersonCallsANumberIsRefusedAndNotLeftOut(String odd, int all, String separator)
      throws IOException {
    String sep = separator.trim();
    StringBuilder csv = new StringBuilder("age,income,label\n".replace(",", sep));
    for (int i = 0; i < 20; i++) {
      String age = all == 0 || i == 3 ? odd : Integer.toString(20 + i);
      csv.append(age).append(sep).append(i % 3).append(sep).append(i / 10).append('\n');
    }
    Path data = write("t.csv", csv.toString());

    CommandRun run = train(data, "--layers=2 softmax", "--epochs=1", "--read-option=sep=" + sep);

    assertEquals(1, run.status());
    assertEquals(
        "error: Cannot use %s train: column age is text where a person sees numbers: \"%s\" in line %d of file:%s is no number as we read them (such as 1234.5); correct it, or go without with --ignore age\n"
            .formatted(data, odd, all == 0 ? 2 : 5, data),
        run.err());
    String[] way = wayOut(run.err(), "ignore");
    CommandRun without =
        done(
            train(
                data,
                "--layers=2 softmax",
                "--epochs=1",
                "--read-option=sep=" + sep,
                way[0],
                way[1]));
    assertTrue(
        without.out().contains("columns: label label, features income\nleft out: age (ignored)\n"),
        without.out());
    assertEquals("age", model().get("options").get("ignore").asText());
    assertEquals("[\"left out: age (ignored)\"]", model().get("notes").toString());
    report(data);
  }

  /** 2^53 and more, and what is stored as a decimal since no long has so many digits. */
  @ParameterizedTest
  @ValueSource(
      strings = {"92233720368547000", "1000000000000000000", "123456789012345678901234567"})
  void wholeNumbersThatAreOneDoubleDrawAWarning(String start) throws IOException {
    StringBuilder csv = new StringBuilder("a,b,label\n");
    for (int i = 0; i < 40; i++) {
      csv.append(new BigInteger(start + "00").add(BigInteger.valueOf(i % 8)));
      csv.append(",%d,%d\n".formatted(i % 5, i % 2));
    }
    Path data = write("t.csv", csv.toString());

    CommandRun run = done(train(data, "--layers=2 softmax", "--epochs=1"));

    assertTrue(
        run.out()
            .contains("warning: different numbers of column a become one, since a float keeps"),
        run.out());
    String[] way = wayOut(run.out(), "ignore");
    assertFalse(
        done(train(data, "--layers=2 softmax", "--epochs=1", way[0], way[1]))
            .out()
            .contains("become one"));
  }

  @Test
  void oneTextAmongTheNumbersOfTheOnlyFeatureIsNamed() throws IOException {
    StringBuilder csv = new StringBuilder("a,label\n");
    for (int i = 0; i < 300; i++) {
      csv.append(i == 177 ? "oops" : Integer.toString(i * 7 % 100)).append(",0\n");
    }
    Path data = write("t.csv", csv.toString());

    CommandRun run = train(data, "--layers=2 softmax", "--epochs=1");

    assertEquals(
        "error: Cannot use %s train: no column of numbers is left for the features: column a is text where a person sees numbers: \"oops\" in line 179 of file:%s is no number as we read them (such as 1234.5); correct it, or name the features with --features\n"
            .formatted(data, data),
        run.err());
  }

  /** Text among numbers is in no way a name where whole files have the one and the other. */
  @Test
  void filesOfWhichOneHasTextWhereAnotherHasNumbersAreRefused() throws IOException {
    Path data = Files.createDirectory(scratch.resolve("data"));
    StringBuilder numbers = new StringBuilder("a,name,b,label\n");
    StringBuilder texts = new StringBuilder("a,name,b,label\n");
    for (int i = 0; i < 20; i++) {
      numbers.append("%d,n%d,%d,%d\n".formatted(i * 7 % 20, i, i % 3, i % 2));
      texts.append("x%d,%s,%d,%d\n".formatted(i, i % 2 == 0 ? "n" : "7", i % 3, i % 2));
    }
    Path ofNumbers = write("data/a.csv", numbers.toString());
    Path ofTexts = write("data/b.csv", texts.toString());

    CommandRun run = train(data, "--layers=2 softmax", "--epochs=1");

    assertEquals(
        "error: Cannot use %s train: column a has numbers alone in file:%s, and none in file:%s (\"x0\" in line 2 of file:%s); correct the files, or go without with --ignore a\n"
            .formatted(data, ofNumbers, ofTexts, ofTexts),
        run.err());
    String[] way = wayOut(run.err(), "ignore");
    assertTrue(
        done(train(data, "--layers=2 softmax", "--epochs=1", way[0], way[1]))
            .out()
            .contains("features b\nleft out: a (ignored), name (text)\n"));
  }

  @Test
  void numbersAsTextInJsonAreRefused() throws IOException {
    Path data =
        write("t.json", "{\"a\":\"1\",\"b\":2,\"label\":0}\n{\"a\":\"2\",\"b\":3,\"label\":1}\n");

    CommandRun run = train(data, "--layers=2 softmax", "--epochs=1");

    assertEquals(
        "error: Cannot use %s train: column a is text where a person sees numbers: its texts are numbers, such as \"1\" in line 1 of file:%s; make it a column of numbers; correct it, or go without with --ignore a\n"
            .formatted(data, data),
        run.err());
  }

  /** Names, codes, dates and tickets are no numbers, whatever digits they have. */
  @Test
  void realTextIsLeftOutAndSaid() throws IOException {
    StringBuilder csv = new StringBuilder("name,ticket,sold,zip,range,day,x,label\n");
    for (int i = 0; i < 30; i++) {
      String ticket = i % 3 == 0 ? "A/5 " + (21171 + i) : Integer.toString(113803 + i);
      csv.append(
          "n%d,%s,2024-01-%02d,\"0%04d\",%d-%d,%02d.01.2024,%d,%d\n"
              .formatted(i, ticket, 1 + i % 28, i * 7, i, i + 5, 1 + i % 28, i % 7, i % 2));
    }
    Path data = write("t.csv", csv.toString());
    Path parquet = scratch.resolve("t.parquet");
    TestSpark.session()
        .read()
        .option("header", true)
        .schema(
            "name string, ticket string, sold date, zip string, range string, day string, x int, label int")
        .csv(data.toString())
        .write()
        .parquet(parquet.toString());

    CommandRun run = done(train(parquet, "--layers=2 softmax", "--epochs=1"));

    assertTrue(
        run.out()
            .contains(
                "columns: label label, features x\nleft out: sold (date), name, ticket, zip, range, day (text)\n"),
        run.out());
  }

  /** Digits that a float has not: what the time stamp tells is learnt, and evaluated the same. */
  @Test
  void timeStampsKeepTheirDigits() throws IOException {
    Path data =
        save(
            "t", "parquet", "select (1700000000000 + id) t, int(id >= 500) label from range(1000)");

    CommandRun run =
        done(
            train(
                data,
                "--layers=8 relu, 2 softmax",
                "--feature-units=standard",
                "--optimizer=adam",
                "--learning-rate=0.05",
                "--epochs=40",
                "--batch-size=250"));

    assertTrue(
        run.out().contains("moved, so that a float keeps the digits: t less 1700000000000\n"),
        run.out());
    assertEquals("[1.7E12]", model().get("preprocessing").get("feature_offset").toString());
    assertTrue(report(data).get("accuracy").asDouble() > 0.99);
  }

  /** Whole and broken numbers, dates, decimals: the label is in the last digit alone. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "20240131 + id % 2",
        "16777216 + id % 2",
        "cast(1700000000000 + id % 2 as decimal(20,0))",
        "cast(1234567.125 + id % 2 * 0.001 as decimal(20,3))",
        "-9000000000000000000 + id % 2 * 100",
        "cast(1e9 + id % 2 * 0.5 as double)",
        "array(1700000000000d + id % 2)",
        "named_struct('type', 1Y, 'size', cast(null as int), 'indices', cast(null as array<int>), 'values', array(1.7e12 + id % 2))",
      })
  void theLastDigitIsLearnt(String column) throws IOException {
    Path data =
        save("t", "parquet", "select %s x, int(id %% 2) label from range(40)".formatted(column));
    String[] options = {
      "--features=x",
      "--layers=2 softmax",
      "--feature-units=standard",
      "--optimizer=lbfgs",
      "--epochs=10"
    };

    done(train(data, options));

    assertEquals(1, report(data).get("accuracy").asDouble());
  }

  @Test
  void targetsAreMeasuredInTheirOwnDigits() throws IOException {
    Path data =
        save(
            "t",
            "parquet",
            "select 1700000000 + id % 50 y, double(id % 50) x, 5d c from range(200)");

    done(
        train(data, "--label=y", "--features=c", "--layers=1", "--optimizer=lbfgs", "--epochs=10"));

    // The best constant misses 0 … 49 by their standard deviation.
    assertEquals(Math.sqrt((50 * 50 - 1) / 12.0), report(data).get("rmse").asDouble(), 1e-3);
    done(
        train(
            data,
            "--label=y",
            "--features=x",
            "--layers=1",
            "--optimizer=lbfgs",
            "--feature-units=standard",
            "--epochs=20"));
    assertTrue(report(data).get("rmse").asDouble() < 0.01);
  }

  @Test
  void columnsThatAFloatTellsApartGiveTheBitsOfTheirCast() throws IOException {
    Path data =
        save("t", "parquet", "select id / 10d x, 290.15d + id k, id % 3 label from range(50)");

    CommandRun run = done(train(data, "--layers=3 softmax", "--epochs=1"));

    assertFalse(run.out().contains("\nmoved, "), run.out());
    assertEquals("[]", model().get("preprocessing").get("feature_offset").toString());
  }

  @Test
  void anIndexThatPandasLeftIsNoFeature() throws IOException {
    StringBuilder csv = new StringBuilder(",x,label\n");
    for (int i = 0; i < 40; i++) {
      csv.append("%d,%d,%d\n".formatted(i, i * 7 % 5, i / 20));
    }
    Path unnamed = write("t.csv", csv.toString());
    Path written = write("u.csv", "Unnamed: 0" + csv);
    Path parquet =
        save("p", "parquet", "select id __index_level_0__, id % 5 x, id % 2 label from range(40)");

    CommandRun run = done(train(unnamed, "--layers=2 softmax", "--epochs=1"));
    assertTrue(run.out().contains("features x\nleft out: _c0 (an index)\n"), run.out());
    assertTrue(
        done(train(written, "--layers=2 softmax", "--epochs=1"))
            .out()
            .contains("features x\nleft out: Unnamed: 0 (an index)\n"));
    assertTrue(
        done(train(parquet, "--layers=2 softmax", "--epochs=1"))
            .out()
            .contains("features x\nleft out: __index_level_0__ (an index)\n"));
    assertTrue(
        done(train(unnamed, "--layers=2 softmax", "--epochs=1", "--features=_c0,x"))
            .out()
            .contains("features _c0, x\n"));
  }

  @Test
  void whatLooksLikeANumberOrKeyOfARowDrawsAWarning() throws IOException {
    Path data =
        save(
            "t",
            "parquet",
            "select (id * 7 + 3) % 40 n, id * id * 1000 + 17 customer_id, id % 7 x, id % 2 label from range(40)");

    CommandRun run = done(train(data, "--layers=2 softmax", "--epochs=1"));

    String number =
        "warning: column n looks like the number of a row, which says nothing of new rows: whole numbers one after the other, each once; leave it out with --ignore n\n";
    String key =
        "warning: column customer_id looks like the key of a row, which says nothing of new rows: whole numbers, each in a row of its own; leave it out with --ignore customer_id\n";
    assertTrue(run.out().contains(number), run.out());
    assertTrue(run.out().contains(key), run.out());
    assertEquals(number.strip().replace("warning: ", ""), model().get("notes").get(0).asText());
    CommandRun without =
        done(
            train(
                data,
                "--layers=2 softmax",
                "--epochs=1",
                "--ignore",
                wayOut(number, "ignore")[1] + "," + wayOut(key, "ignore")[1]));
    assertFalse(without.out().contains("warning"), without.out());
  }

  @Test
  void aRowColumnThatRepeatsIsAFeatureLikeAnyOther() throws IOException {
    Path seats = write("t.csv", "row,seat,price,label\n1,1,9,0\n1,2,9,0\n2,1,5,1\n2,2,5,1\n");

    CommandRun run = done(train(seats, "--layers=2 softmax", "--epochs=1"));

    assertTrue(run.out().contains("columns: label label, features row, seat, price\n"), run.out());
    assertTrue(
        run.out()
            .contains(
                "warning: column row does not number the rows of %s train, since 1 is there more than once: they are numbered as they lie, and row is a feature (leave it out with --ignore row)\n"
                    .formatted(seats)),
        run.out());
    assertTrue(
        done(train(seats, "--layers=2 softmax", "--epochs=1", "--features=row,seat"))
            .out()
            .contains("columns: label label, features row, seat\n"));
    assertTrue(
        done(train(seats, "--layers=2 softmax", "--epochs=1", "--ignore=row"))
            .out()
            .contains("features seat, price\nleft out: row (ignored)\n"));
    Path broken = write("d.csv", "row,x,label\n1.0,1,0\n2.0,2,1\n");
    assertTrue(
        done(train(broken, "--layers=2 softmax", "--epochs=1"))
            .out()
            .contains("features row, x\n"));
    Path unique = write("n.csv", "row,x,label\n7,1,0\n2,2,1\n5,2,1\n");
    assertTrue(
        done(train(unique, "--layers=2 softmax", "--epochs=1"))
            .out()
            .contains("features x; rows numbered by row\n"));
  }

  @Test
  void aNumberCalledFeaturesDoesNotPushTheOthersOut() throws IOException {
    Path data = write("t.csv", "rooms,features,area,label\n3,2,80,0\n4,1,90,1\n");

    assertTrue(
        done(train(data, "--layers=2 softmax", "--epochs=1"))
            .out()
            .contains("features rooms, features, area\n"));
  }

  @Test
  void everyNameCanBeGivenAndIsFoundAgain() throws IOException {
    Path data =
        write(
            "t.csv",
            "\"a.b\",\"c`d\",\" lead\",\"distance, km\",größe,\"price, USD\"\n1,2,3,4,5,0\n2,1,3,5,4,1\n");
    String[] options = {"--layers=2 softmax", "--epochs=1"};

    CommandRun wrong = train(data, "--layers=2 softmax", "--label=price, USD");
    assertTrue(
        wrong
            .err()
            .startsWith(
                "error: Cannot use %s train: no column price (a name with a comma stands in double quotes, '\"price, USD\"')"
                    .formatted(data)),
        wrong.err());
    String quoted = wrong.err().replaceAll("(?s).*?'(.*?)'.*", "$1");
    done(
        train(
            data,
            "--layers=2 softmax",
            "--epochs=1",
            "--label",
            quoted,
            "--features",
            "\"distance, km\",\" lead\",a.b,c`d,größe"));
    assertEquals(2, report(data).get("rows").asInt());
    assertEquals(
        "[\"distance, km\",\" lead\",\"a.b\",\"c`d\",\"größe\"]",
        model().get("features").toString());
    Path blanks = write("u.csv", "x, y, label\n1,2,0\n3,4,1\n");
    done(train(blanks, options));
    assertEquals(2, report(blanks).get("rows").asInt());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        "1;2;3 | 3 softmax | row 2 has label 3 (expected 0 to 2 for the last layer's width) | labels run from 1 to 3, and classes from 0: take 1 from each label",
        "-1;1;-1 | 2 softmax | row 0 has label -1 (expected 0 to 1 for the last layer's width) | labels are -1 and 1, and two classes are 0 and 1: write 0 for -1",
        "3.5;11;7.2 | 5 relu, 1 sigmoid | row 0 has label 3.5 (expected 0 to 1 for the last layer's width) | labels are not all whole numbers: for a regression give a linear last layer, \"5 relu, 1\"",
      })
  void labelsThatAreNoClassesAreExplained(String labels, String layers, String problem, String hint)
      throws IOException {
    String[] values = labels.split(";", -1);
    StringBuilder csv = new StringBuilder("x,label\n");
    for (int i = 0; i < values.length; i++) {
      csv.append(i % 2).append(',').append(values[i]).append('\n');
    }
    Path data = write("t.csv", csv.toString());

    CommandRun run = train(data, "--layers=" + layers, "--epochs=1");

    assertTrue(run.err().contains(problem), run.err());
    assertTrue(run.err().contains("; " + hint), run.err());
    Matcher way = Pattern.compile("last layer, \"([^\"]+)\"").matcher(hint);
    if (way.find()) {
      done(train(data, "--layers=" + way.group(1), "--epochs=1"));
    }
  }

  @Test
  void labelsThatAreTextAreExplained() throws IOException {
    Path words = write("t.csv", "x,label\n0,São Paulo\n1,New York\n");
    assertEquals(
        "error: Cannot use %s train: column label is string (a label must be a number; number the classes from 0)\n"
            .formatted(words),
        train(words, "--layers=2 softmax").err());
    Path digits = save("p", "parquet", "select string(id % 2) label, id x from range(4)");
    String err = train(digits, "--layers=2 softmax").err();
    assertTrue(err.contains(": its texts are numbers, such as \"0\" in row 0 of file:"), err);
  }

  @Test
  void aNumberThatIsTooLargeForAFloatIsShown() throws IOException {
    Path data = write("t.csv", "a,b,label\n1,2,0\n6,1e39,0\n");

    String err = train(data, "--layers=2 softmax", "--epochs=1").err();

    assertEquals(
        "error: Cannot use %s train: row 1 has Infinity as feature 1 (expected a finite number): 1.0E39 is too large for a float, in column b in line 3 of file:%s\n"
            .formatted(data, data),
        err);
  }

  @Test
  void featuresOfVeryDifferentSizesDrawAWarning() throws IOException {
    Path data =
        save(
            "t",
            "parquet",
            "select id row, 1e5 * rand(1) income, rand(2) share, int(rand(2) > 0.5) label from range(400)");

    CommandRun run = done(train(data, "--layers=2 softmax", "--epochs=1"));

    assertTrue(run.out().contains("warning: column income has numbers up to "), run.out());
    String[] way = wayOut(run.out(), "feature-units");
    CommandRun standard = done(train(data, "--layers=2 softmax", "--epochs=1", way[0], way[1]));
    assertFalse(standard.out().contains("warning"), standard.out());
  }

  @Test
  void targetsBelowWhatSeluReachesDrawAWarningToo() throws IOException {
    String[] network = {"--layers=2 selu", "--target-units=raw", "--epochs=1"};
    Path few =
        save("t", "parquet", "select id x, array(double(-id - 1), -1.9D) label from range(9)");
    Path most =
        save("u", "parquet", "select id x, array(double(-id - 1), -3D) label from range(9)");

    assertFalse(done(train(few, network)).out().contains("the last layer"), "7 of 18");
    CommandRun run = done(train(most, network));
    assertTrue(
        run.out()
            .contains(
                "warning: the last layer is selu, which gives -2 and more, but 88 % of the targets are not: give it no activation\n"),
        run.out());
  }

  @Test
  void targetsThatTheLastLayerCannotReachDrawAWarning() throws IOException {
    Path data = write("t.csv", "x,label\n1,-1\n2,-2\n3,0\n");

    CommandRun run = done(train(data, "--layers=1 relu", "--epochs=1"));

    assertTrue(
        run.out()
            .contains(
                "warning: the last layer is relu, which gives 0 and more, but 66 % of the targets are not: give it no activation\n"),
        run.out());
    assertFalse(done(train(data, "--layers=1", "--epochs=1")).out().contains("warning"), run.out());
  }
}
