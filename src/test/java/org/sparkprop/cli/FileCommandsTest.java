package org.sparkprop.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkprop.TestSpark;

/** What a user is told of files that are not what they should be, and of their lines. */
class FileCommandsTest {
  private static final String ROWS = "1.5,2,0\n2.5,3,1\n3.5,4,0\n4.5,4,1\n";

  @TempDir Path scratch;

  private CommandRun train(Path data, String... more) {
    List<String> args = new ArrayList<>(List.of("train", "--data", data.toString()));
    args.addAll(
        List.of("--model", scratch.resolve("model").toString(), "--overwrite", "--test-part=none"));
    args.addAll(List.of("--layers=2 softmax", "--epochs=1"));
    args.addAll(Arrays.asList(more));
    return CommandRun.of(args.toArray(String[]::new));
  }

  private String refused(Path data, String... more) {
    CommandRun run = train(data, more);
    assertEquals(1, run.status(), run.out());
    return run.err()
        .replace("file:" + scratch, "")
        .replace("file://" + scratch, "")
        .replace(scratch.toString(), "");
  }

  private CommandRun done(Path data, String... more) {
    CommandRun run = train(data, more);
    assertEquals("", run.err());
    assertEquals(0, run.status());
    return run;
  }

  private Path write(String name, String text) throws IOException {
    Path file = scratch.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "t.csv | a,b,label\\n1,2,0\\n\\n1,,1\\n | row 1 has null as feature 1 (expected a finite number): column b in line 4 of /t.csv",
        "t.csv | a,b,label\\n1,2,0\\nNaN,1,1\\n | row 1 has NaN as feature 0 (expected a finite number): column a in line 3 of /t.csv",
        "t.csv | a,b,label\\r\\n1,2,0\\r\\n1,2,\\r\\n | row 1 has no label (expected 0 to 1 for the last layer's width): line 3 of /t.csv",
        "t.csv | row,a,label\\n7,2,0\\n9,,1\\n8,2,0\\n | row 9 has null as feature 0 (expected a finite number): column a in line 3 of /t.csv",
        "t.csv | row,a,label\\n7,2,0\\n8,2,1\\n9,3,2\\n | row 9 has label 2 (expected 0 to 1 for the last layer's width): line 4 of /t.csv",
        "t.csv | name,a,label\\n'x\\n\\ny',1,0\\nz,,1\\n | row 1 has null as feature 0 (expected a finite number): column a in line 5 of /t.csv",
        "t.jsonl | {'a':1,'label':0}\\n\\n{'a':null,'label':1}\\n | row 1 has null as feature 0 (expected a finite number): column a in line 3 of /t.jsonl",
        "t.jsonl | [{'a':1,'label':0},{'a':3,'label':0}]\\n{'label':1}\\n | row 2 has null as feature 0 (expected a finite number): column a in line 2 of /t.jsonl",
        "t.jsonl | {'features':[1,2],'label':0}\\n\\n{'features':[1],'label':0}\\n | row 1 has 1 number in column features (row 0 has 2): line 3 of /t.jsonl",
        "a b/t.csv | a,label\\n1,0\\n1,\\n | row 1 has no label (expected 0 to 1 for the last layer's width): line 3 of /a%20b/t.csv",
      })
  void aRowThatCannotBeUsedIsNamedByItsLine(String name, String text, String message)
      throws IOException {
    Path data = write(name, text.replace("\\n", "\n").replace("\\r", "\r").replace('\'', '"'));

    assertEquals("error: Cannot use %s train: %s\n".formatted("/" + name, message), refused(data));
  }

  @Test
  void theLineOfARowIsThatOfItsOwnFile() throws IOException {
    write("d/a.csv", "a,b,label\n" + ROWS);
    write("d/b.csv", "a,b,label\n\n1,2,0\n1,,1\n");
    write("d/c.csv", "a,b,label\n" + ROWS);

    assertEquals(
        "error: Cannot use /d train: row 5 has null as feature 1 (expected a finite number): column b in line 4 of /d/b.csv\n",
        refused(scratch.resolve("d")));
    done(scratch.resolve("d"), "--ignore=b");
  }

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(scratch.resolve(name), bytes);
  }

  /** The options that a message names after {@code give}, as a shell would give them. */
  private static String[] waysOut(String message) {
    Matcher found =
        Pattern.compile("--(read-option|format|ignore) (\"[^\"]*\"|'[^']*'|[^\\s',;)]+)")
            .matcher(message);
    List<String> options = new ArrayList<>();
    while (found.find()) {
      options.add("--" + found.group(1));
      options.add(found.group(2).replaceAll("^[\"']|[\"']$", ""));
    }
    assertFalse(options.isEmpty(), message);
    return options.toArray(String[]::new);
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }

  private static byte[] zip(String entry) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(bytes)) {
      out.putNextEntry(new ZipEntry(entry));
      out.write("a,label\n1,0\n".getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }

  @Test
  void aHeaderWithoutRowsIsCalledThat() throws IOException {
    String message =
        "error: Cannot read %s: it has a header, \"%s\", and no rows (must have rows below it%s)\n";
    assertEquals(
        message.formatted("/a.csv", "a,b,label", ""), refused(write("a.csv", "a,b,label\n")));
    assertEquals(
        message.formatted("/b.csv", "a,b,label", ""),
        refused(write("b.csv", "\na,b,label\r\n\r\n")));
    write("d/a.csv", "a,b,label");
    write("d/b.csv", "a,b,label\n");
    assertEquals(message.formatted("/d/a.csv", "a,b,label", ""), refused(scratch.resolve("d")));
    Path row = write("r.csv", "1.5,2,0\n");
    String one = refused(row);
    assertEquals(
        message.formatted(
            "/r.csv", "1.5,2,0", "; where this is a row, give --read-option header=false"),
        one);
    done(row, "--read-option", "header=false", "--label=_c2");
    assertEquals("error: Cannot read /e.csv train: it is empty\n", refused(write("e.csv", "\n")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"#", ":", "~", " ", "\t", "|", ";"})
  void anotherSeparatorIsNamed(String separator) throws IOException {
    Path data = write("t.csv", ("a,b,label\n" + ROWS).replace(",", separator));

    String message = refused(data);

    String shown = separator.equals("\t") ? "\\t" : separator;
    assertTrue(message.contains("give --read-option \"sep=" + shown + "\""), message);
    done(data, waysOut(message));
  }

  @Test
  void linesAboveTheHeaderAreFound() throws IOException {
    Path title = write("t.csv", "Rows of a year\n\na,b,label\n" + ROWS);
    assertEquals(
        "error: Cannot use /t.csv train: no column label (it has Rows of a year; name one with --label); line 3 of it looks like the header, \"a,b,label\": remove the lines above it\n",
        refused(title));
    Path padded = write("p.csv", "Rows of a year,,\n,,\na,b,label\n" + ROWS);
    String last =
        "; line 3 of it looks like the header, \"a,b,label\": remove the lines above it\n";
    assertTrue(refused(padded).endsWith(last), refused(padded));
    write("t.csv", "a,b,label\n" + ROWS);
    done(title);
    Path comment = write("c.csv", "# of a year, and\n# of another\na,b,label\n" + ROWS);
    String message = refused(comment);
    assertTrue(
        message.endsWith("; its first line seems to be a comment: give --read-option comment=#\n"),
        message);
    done(comment, waysOut(message));
    done(write("n.csv", "# a,b,label\n" + ROWS)); // as numpy writes a header
    Path excel = write("x.csv", "sep=;\n" + ("a,b,label\n" + ROWS).replace(',', ';'));
    assertEquals(
        "error: Cannot read /x.csv: its first line is sep=;, which is for Excel alone (remove the line, and give --read-option \"sep=;\")\n",
        refused(excel));
    done(write("x.csv", ("a,b,label\n" + ROWS).replace(',', ';')), "--read-option", "sep=;");
  }

  @Test
  void aFileWithoutAHeaderIsToldFromOneWithNumbersForNames() throws IOException {
    Path data = write("t.csv", ROWS);
    String message = refused(data);
    assertTrue(
        message.endsWith(
            "; its first line looks like a row and not like a header: give --read-option header=false, and call the columns _c0 to _c2\n"),
        message);
    List<String> options = new ArrayList<>(List.of(waysOut(message)));
    options.add("--label=_c2");
    done(data, options.toArray(String[]::new));
    String doubt = "warning: the first line of ";
    assertTrue(train(data, "--label=0").out().contains(doubt));
    Path names = write("n.csv", "0,1,2\n" + ROWS);
    assertFalse(done(names, "--label=2").out().contains(doubt));
    Path waves = write("w.csv", "400.5,401.5,label\n" + ROWS);
    assertFalse(done(waves).out().contains(doubt));
  }

  @Test
  void aHeaderThatIsNoUtf8NamesTheEncoding() throws IOException {
    Path data = write("t.csv", ("gr\u00f6\u00dfe,b,label\n" + ROWS).getBytes(ISO_8859_1));

    String message = refused(data);

    assertEquals(
        "error: Cannot read /t.csv: its first line is no UTF-8 text, \"gr\ufffd\ufffde,b,label\" (give --read-option encoding=ISO-8859-1)\n",
        message);
    assertTrue(done(data, waysOut(message)).out().contains("features gr\u00f6\u00dfe, b\n"));
    done(write("r.csv", "gr\ufffde,b,label\n" + ROWS)); // the character is lost, not misread
  }

  @Test
  void aNumberWithABlankOfAnotherEncodingIsNoText() throws IOException {
    Path data = write("t.csv", "a,b,label\n1\u00a0000,1,0\n2\u00a0500,2,1\n".getBytes(ISO_8859_1));

    String message = refused(data);

    assertEquals(
        "error: Cannot use /t.csv train: column a is text where a person sees numbers: \"1\ufffd000\" in line 2 of /t.csv is no number as we read them (such as 1234.5); its file seems to be no UTF-8 text: give --read-option encoding=ISO-8859-1; correct it, or go without with --ignore a\n",
        message);
    done(data, waysOut(message));
  }

  @Test
  void aFileThatIsSomethingElseIsCalledThat() throws IOException {
    String csv = "a,b,label\n" + ROWS;
    String said = "error: Cannot read %s: it is %s\n";
    assertEquals(
        said.formatted("/g.csv", "gzip-compressed (let its name end with .gz)"),
        refused(write("g.csv", gzip(csv))));
    done(write("g.csv.gz", gzip(csv)));
    assertEquals(
        said.formatted("/g.jsonl", "gzip-compressed (let its name end with .gz)"),
        refused(write("g.jsonl", gzip("{\"a\":1,\"label\":0}\n"))));
    assertEquals(
        said.formatted("/z.csv", "a zip archive (unpack it)"),
        refused(write("z.csv", zip("t.csv"))));
    assertEquals(
        said.formatted("/x.csv", "an Excel workbook (save it as CSV)"),
        refused(write("x.csv", zip("xl/workbook.xml"))));
    assertEquals(
        said.formatted("/h.csv", "a web page (download the file itself)"),
        refused(write("h.csv", "\n<!DOCTYPE html>\n<html>not found</html>\n")));
    Path json = write("j.csv", "{\"a\":1,\"label\":0}\n{\"a\":2,\"label\":1}\n");
    assertEquals(said.formatted("/j.csv", "JSON (give --format json)"), refused(json));
    done(json, waysOut(refused(json)));
    Path array = write("k.csv", "[\n {\"a\":1,\"label\":0},\n {\"a\":2,\"label\":1}\n]\n");
    done(array, waysOut(refused(array)));
    TestSpark.session()
        .range(9)
        .selectExpr("id a", "id % 2 label")
        .coalesce(1)
        .write()
        .parquet(scratch.resolve("p").toString());
    try (Stream<Path> files = Files.list(scratch.resolve("p"))) {
      Path part = files.filter(file -> file.toString().endsWith(".parquet")).findFirst().get();
      Path parquet = Files.copy(part, scratch.resolve("p.csv"));
      assertEquals(
          said.formatted("/p.csv", "a Parquet file (give --format parquet)"), refused(parquet));
      done(parquet, waysOut(refused(parquet)));
    }
  }

  @Test
  void aKeyThatARowHasTwiceIsNamedByItsLine() throws IOException {
    Path data =
        write("t.jsonl", "{\"a\":1,\"label\":0}\n{\"a\":1,\"label\":0,\"a\":2}\n".repeat(2));

    assertEquals(
        "error: Cannot read /t.jsonl: line 2 has a twice, {\"a\":1,\"label\":0,\"a\":2} (must be there once: a row has one value of a column)\n",
        refused(data));
  }

  @Test
  void aLetterBehindANumberMakesItText() throws IOException {
    StringBuilder csv = new StringBuilder("age,code,x,label\n");
    for (int i = 0; i < 40; i++) {
      csv.append(
          "%d%s,%d%s,%d.5,%d\n"
              .formatted(i, i == 7 ? "d" : "", i, "dfD".charAt(i % 3), i % 7, i % 2));
    }
    Path data = write("t.csv", csv.toString());

    String message = refused(data);

    assertEquals(
        "error: Cannot use /t.csv train: column age is text where a person sees numbers: \"7d\" in line 9 of /t.csv is no number as we read them (such as 1234.5); correct it, or go without with --ignore age\n",
        message);
    assertTrue(
        done(data, waysOut(message))
            .out()
            .contains("features x\nleft out: age (ignored), code (text)\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"label\u00a0", "\u200blabel", "\ufefflabel", "la\u00adbel", "label\t", " LABEL "})
  void aNameThatLooksLikeLabelIsFoundAndShown(String name) throws IOException {
    String out = done(write("t.csv", "a,b," + name + "\n" + ROWS)).out();

    String visible =
        name.codePoints()
            .mapToObj(c -> c >= 32 && c < 127 ? Character.toString(c) : "\\u%04x".formatted(c))
            .collect(Collectors.joining());
    assertTrue(
        out.contains("columns: label " + visible + ",")
            || out.contains("columns: label \"" + visible + "\","),
        out);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 | i | j | column label, the label, is 1 in each row: from such rows a network learns to say that of all",
        "y | 3 | j | column a has the same number in each row, which tells nothing: leave it out with --ignore a",
        "y | 3 | 4 | all features have the same number in each row: they tell no row from another, and a network learns nothing from them (name others with --features)",
        "y | y | j | column a is the same as the label label in each row: where new rows have no label a network that copies it is of no use; leave it out with --ignore a",
        "y | z | j | column a has one number for each value of the label label, and no other: where new rows have no label a network that copies it is of no use; leave it out with --ignore a",
        "y | i | j | ",
      })
  void whatTellsNothingOrAllDrawsAWarningThatStaysWithTheModel(
      String label, String a, String b, String warning) throws IOException {
    StringBuilder csv = new StringBuilder("a,b,label\n");
    for (int i = 0; i < 60; i++) {
      String row = "%s,%s,%s\n".formatted(a, b, label);
      csv.append(
          row.replace("i", i * 7 % 13 + ".5")
              .replace("j", i * 5 % 11 + ".25")
              .replace("y", Integer.toString(i % 2))
              .replace("z", i % 2 == 0 ? "9" : "4"));
    }
    Path data = write("t.csv", csv.toString());

    String out = done(data).out();

    List<String> warnings = out.lines().filter(line -> line.startsWith("warning: ")).toList();
    assertEquals(warning == null ? List.of() : List.of("warning: " + warning), warnings);
    if (warning != null) {
      String model = Files.readString(scratch.resolve("model/model.json"));
      assertTrue(model.contains(warning), model);
    }
  }
}
