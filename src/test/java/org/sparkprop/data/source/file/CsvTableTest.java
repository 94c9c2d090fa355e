package org.sparkprop.data.source.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkprop.Refusal;
import org.sparkprop.TestSpark;
import org.sparkprop.data.source.Part;
import org.sparkprop.data.source.RowSource;
import org.sparkprop.data.source.column.TableOptions;
import org.sparkprop.data.source.idx.IdxFiles;

/** What is in CSV files reaches the rows as it stands there, or is refused by file and line. */
class CsvTableTest {
  private static final String SPLIT_BYTES = "spark.sql.files.maxPartitionBytes";

  @TempDir Path folder;

  private final SparkSession spark = TestSpark.session();
  private final List<String> told = new ArrayList<>();

  @AfterEach
  void splitsAreLargeAgain() {
    spark.conf().unset(SPLIT_BYTES);
  }

  private static TableOptions with(String... options) {
    Map<String, String> read = new java.util.TreeMap<>();
    for (String option : options) {
      int at = option.indexOf('=');
      read.put(option.substring(0, at), option.substring(at + 1));
    }
    return new TableOptions(null, read, List.of(), List.of(), null, null);
  }

  private List<Row> rows(Path data, TableOptions options) {
    RowSource source = RowSource.of(data.toString(), options, TableOptions.DEFAULT);
    source.prepare(spark, told::add);
    return source.rows(spark, Part.parse("train")).orderBy("row").collectAsList();
  }

  /** The rows as text: features, then the label. */
  private List<String> values(Path data, String... options) {
    return rows(data, with(options)).stream()
        .map(row -> row.getList(1) + " " + row.getDouble(2))
        .toList();
  }

  private String refused(Path data, String... options) {
    return Refusal.of(() -> rows(data, with(options)))
        .replace("file://" + folder, "")
        .replace("file:" + folder, "");
  }

  private Path write(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  @Test
  void quotesAsPandasWritesThemShiftNothing() throws IOException {
    Path csv =
        write(
            "q.csv",
            "name,a,flag,label\n\"ordered 5\"\", then more 0\",1,0,1\nplain,2,1,0\n\"C:\\dir\\\",3,0,1\n");

    assertEquals(List.of("[1.0, 0.0] 1.0", "[2.0, 1.0] 0.0", "[3.0, 0.0] 1.0"), values(csv));
  }

  @Test
  void aQuoteWithinAValueThatIsNotQuotedIsACharacter() throws IOException {
    Path csv = write("q.csv", "name,a,label\n5\" pipe,1,0\n6\" pipe,2,1\n");

    assertEquals(List.of("[1.0] 0.0", "[2.0] 1.0"), values(csv));
  }

  @Test
  void rowsWithAnotherNumberOfCellsAreRefusedByLine() throws IOException {
    assertEquals(
        "Cannot read /m.csv: line 3 has 4 cells, \"0,0,5,0.5\" (expected 3, as the header; correct the line, quote values that have a comma in them, or leave such lines out with --read-option mode=DROPMALFORMED)",
        refused(write("m.csv", "a,b,label\n1,1,1\n0,0,5,0.5\n")));
    Path few = write("f.csv", "a,b,label\n\n1,1,1\n\n0,0\n2,2,0\n");
    assertTrue(
        refused(few).startsWith("Cannot read /f.csv: line 5 has 2 cells, \"0,0\""), refused(few));
    assertEquals(List.of("[1.0, 1.0] 1.0", "[2.0, 2.0] 0.0"), values(few, "mode=DROPMALFORMED"));
  }

  @Test
  void quotesThatAreNotDoubledAreRefusedByLine() throws IOException {
    Path csv = write("b.csv", "name,a,label\nx,1,0\n\"5\\\" pipe\",2,1\n");

    assertEquals(
        "Cannot read /b.csv: line 3 has a quote within a quoted value, \"\"5\\\" pipe\",2,1\" (must be doubled, \"\"; where a backslash escapes it, give --read-option 'escape=\\')",
        refused(csv));
    assertEquals(List.of("[1.0] 0.0", "[2.0] 1.0"), values(csv, "escape=\\"));
  }

  @Test
  void aQuoteThatIsNeverClosedIsRefusedByLine() throws IOException {
    String never =
        " opens a quote that is never closed (must be closed by a quote before a separator or the line's end)";

    assertEquals(
        "Cannot read /u.csv: line 2" + never,
        refused(write("u.csv", "a,label,name\n1,0,\"x\n2,1,y\n")));
    assertEquals(
        "Cannot read /v.csv: line 3" + never,
        refused(write("v.csv", "a,label,name\n1,0,x\n2,1,\"y")));
  }

  @Test
  void lineBreaksInQuotesAreReadWhole() throws IOException {
    Path csv =
        write(
            "l.csv",
            "a,label,\"text\nof two\"\r\n1,0,\"x\r\n9,1,y\"\r\n2,1,\"\n\n\"\r\n\r\n3,0,z\r\n");

    assertEquals(List.of("[1.0] 0.0", "[2.0] 1.0", "[3.0] 0.0"), values(csv));
    assertEquals(
        "Cannot read /l.csv: line 1 begins a value in quotes that goes on in the next line (give --read-option multiLine=true; each file is then read by one task)",
        refused(csv, "multiLine=false"));
  }

  @Test
  @Tag("long")
  void aLargeFileWithLineBreaksInQuotesIsRefusedByLine() throws IOException {
    spark.conf().set(SPLIT_BYTES, "64");
    String rows = "1,0,x\n".repeat(9);
    Path csv = folder.resolve("l.csv");
    for (String broken : List.of("2,1,\"y\n3,0,z\"\n", "2,1,\"\ny\"\n", "2,1,\"y\r\"\n")) {
      for (int before = 60; before < 76; before++) { // on each side of the end of a split
        String filler = "4,1," + "-".repeat(before - 14) + "\n";
        write("l.csv", "a,label,t\n" + filler + broken + rows);

        assertEquals(
            "Cannot read /l.csv: line 3 begins a value in quotes that goes on in the next line (give --read-option multiLine=true; each file is then read by one task)",
            refused(csv));
      }
      List<String> values = values(csv, "multiLine=true");
      assertEquals(11, values.size());
      assertEquals("[2.0] 1.0", values.get(1));
    }
  }

  @Test
  void badRowsAreFoundOnEachSideOfASplit() throws IOException {
    assertBadRowsAreFoundAt(62, 66);
  }

  @Test
  @Tag("long")
  void badRowsAreFoundAsASplitEndsAndFarBefore() throws IOException {
    assertBadRowsAreFoundAt(57, 64);
  }

  private void assertBadRowsAreFoundAt(int... places) throws IOException {
    spark.conf().set(SPLIT_BYTES, "64");
    String rows = "1,0,x\n".repeat(9);
    for (int before : places) {
      String start = "a,label,t\n" + "4,1," + "-".repeat(before - 14) + "\n";
      for (String name : List.of("b.csv", "b.csv.gz")) {
        Path file = folder.resolve(name);
        IdxFiles.write(file, (start + "5,5,5,5\n" + rows).getBytes(UTF_8));
        String cells = refused(file);
        assertTrue(cells.startsWith("Cannot read /" + name + ": line 3 has 4 cells"), cells);
        IdxFiles.write(file, (start + "5,5,\"a\"b\"\n" + rows).getBytes(UTF_8));
        String quote = refused(file);
        assertTrue(quote.startsWith("Cannot read /" + name + ": line 3 has a quote within"), quote);
        IdxFiles.write(file, (start + "5,5,\"a,\"\"b\"\"\"\n" + rows).getBytes(UTF_8));
        assertEquals(11, values(file).size());
      }
    }
  }

  @Test
  void aHeaderThatIsRepeatedIsRefusedByLine() throws IOException {
    String table = "a,b,label\n1,2,0\n3,4,1\n";

    assertEquals(
        "Cannot read /r.csv: line 4 repeats the header (must be a row; remove the line)",
        refused(write("r.csv", table + table)));
  }

  @Test
  void aValueThatIsNotOfItsColumnIsRefusedByLine() throws IOException {
    Path csv = write("v.csv", "a,label\n" + "1,0\n".repeat(300) + "abc,1\n");

    assertEquals(
        "Cannot read /v.csv: line 302 has \"abc\" in column a (expected int, as in the rows that its type was inferred from; correct the value, or leave out --read-option samplingRatio)",
        refused(csv, "samplingRatio=0.01"));
  }

  @Test
  void filesWithOtherHeadersAreRefusedByName() throws IOException {
    write("d/a.csv", "u,v,label\n1,0,1\n");
    Path data = folder.resolve("d");
    String wants =
        " (must be the names of /d/a.csv in their order: every file of a table needs the same header)";
    for (String[] option : new String[][] {{}, {"multiLine=true"}, {"samplingRatio=0.5"}}) {
      write("d/b.csv", "v,u,label\n1,0,1\n");
      assertEquals(
          "Cannot read /d/b.csv: column 1 of its header is v, not u" + wants,
          refused(data, option));
      write("d/b.csv", "u,label\n1,0\n");
      assertEquals("Cannot read /d/b.csv: it has no column v" + wants, refused(data, option));
      write("d/b.csv", "u,v,w,label\n1,0,0,1\n");
      assertEquals(
          "Cannot read /d/b.csv: it has one column more, w" + wants, refused(data, option));
      write("d/b.csv", "1,0,1\n0,1,0\n");
      assertEquals(
          "Cannot read /d/b.csv: its first line is \"1,0,1\", no header" + wants,
          refused(data, option));
    }
    write("d/b.csv", "\ufeff\"u\",\"v\",label\r\n5,0,1");
    for (String option : List.of("multiLine=true", "multiLine=false")) {
      assertEquals(List.of("[1.0, 0.0] 1.0", "[5.0, 0.0] 1.0"), values(data, option));
    }
  }

  @Test
  void anEmptyPartOfAFolderIsNoHarm() throws IOException {
    write("d/part-00000.csv", "a,label\n");
    write("d/part-00001.csv", "a,label\n1,0\n");
    write("d/part-00002.csv", "");

    assertEquals(List.of("[1.0] 0.0"), values(folder.resolve("d")));
  }

  @Test
  void trailingSeparatorsAndEmptyLinesAreNoHarm() throws IOException {
    assertEquals(
        List.of("[1.0] 0.0", "[2.0] 1.0"), values(write("t.csv", "a,label,\n1,0,\n\n2,1,\n\n")));
    assertTrue(
        refused(write("u.csv", "a,label\n1,0\n2,1,\n"))
            .startsWith("Cannot read /u.csv: line 3 has 3 cells"));
  }

  @Test
  void aFileWithOtherSeparatorsNamesThem() throws IOException {
    Path csv = write("s.csv", "a;b;label\n1.5;2;0\n");

    assertEquals(
        "Cannot read /s.csv: it has one column, a;b;label (give --read-option \"sep=;\")",
        refused(csv));
    assertEquals(List.of("[1.5, 2.0] 0.0"), values(csv, "sep=;"));
    assertEquals(List.of("[1.5, 2.0] 0.0"), values(csv, "delimiter=;"));
    Path tabs = write("t.csv", "a\tlabel\n1.5\t0\n");
    assertTrue(refused(tabs).endsWith("(give --read-option \"sep=\\t\")"), refused(tabs));
    assertEquals(List.of("[1.5] 0.0"), values(tabs, "sep=\\t"));
    Path two = write("u.csv", "a||\"b||c\n\"||label\n1||2||0\n");
    assertEquals(List.of("[1.0, 2.0] 0.0"), values(two, "sep=||"));
  }

  @Test
  void blanksInTheHeaderAreNoHindrance() throws IOException {
    Path csv = write("x.csv", "x, y, label\n1, 2, 0\n");

    assertEquals(List.of("[1.0, 2.0] 0.0"), values(csv));
    assertEquals(
        List.of("[1.0, 2.0] 0.0"),
        values(csv, "ignoreLeadingWhiteSpace=true", "ignoreTrailingWhiteSpace=true"));
  }

  @Test
  void textOfTwoBytesACharacterNamesItsEncoding() throws IOException {
    Path csv = folder.resolve("w.csv");
    String text = "a,label,t\r\n1,0,ü\r\n2,1,\"x\r\ny\"\r\n";
    for (String encoding : List.of("UTF-16", "UTF-16LE", "UTF-16BE")) {
      Files.write(csv, text.getBytes(encoding));

      assertEquals(
          "Cannot read /w.csv: it is %s text (give --read-option encoding=%s)"
              .formatted(encoding, encoding),
          refused(csv));
      assertEquals(List.of("[1.0] 0.0", "[2.0] 1.0"), values(csv, "encoding=" + encoding));
    }
    Files.write(csv, text.getBytes(StandardCharsets.ISO_8859_1));
    assertEquals(List.of("[1.0] 0.0", "[2.0] 1.0"), values(csv, "encoding=ISO-8859-1"));
  }

  @Test
  void aByteOrderMarkIsNoPartOfAName() throws IOException {
    String text = "\ufefflabel,x\r\n0,1\r\n1,2\r\n";
    write("d/a.csv", text);
    write("d/b.csv", text);
    IdxFiles.write(folder.resolve("z.csv.gz"), text.getBytes(UTF_8));

    assertEquals(4, values(folder.resolve("d")).size());
    assertEquals(4, values(folder.resolve("d"), "multiLine=true").size());
    assertEquals(List.of("[1.0] 0.0", "[2.0] 1.0"), values(folder.resolve("z.csv.gz")));
  }

  @Test
  @Tag("long")
  void moreColumnsThanSparkReadsUnaskedAreRead() throws IOException {
    StringBuilder csv = new StringBuilder("label");
    for (int i = 0; i < 20_500; i++) {
      csv.append(",c").append(i);
    }
    csv.append('\n').append("1").append(",2".repeat(20_500)).append('\n');
    Path wide = write("w.csv", csv.toString());

    RowSource source =
        RowSource.of(
            wide.toString(),
            new TableOptions(null, Map.of(), List.of("c20499"), List.of(), null, null),
            TableOptions.DEFAULT);
    source.prepare(spark, told::add);

    assertEquals(List.of(2f), source.rows(spark, Part.parse("train")).first().getList(1));
  }

  @Test
  void anOptionThatTheSourceDoesNotHaveIsRefused() throws IOException {
    Path csv = write("o.csv", "a,label\n1,0\n");

    assertEquals(
        "Cannot read %s: Spark's source csv has no option delimeter (did you mean delimiter?)"
            .formatted(csv),
        Refusal.of(() -> rows(csv, with("delimeter=;"))));
    assertEquals(List.of("[1.0] 0.0"), values(csv, "MULTILINE=true", "fs.some.option=1"));
  }
}
