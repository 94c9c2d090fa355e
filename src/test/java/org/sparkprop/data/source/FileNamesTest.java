package org.sparkprop.data.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkprop.Refusal;
import org.sparkprop.TestSpark;
import org.sparkprop.data.source.column.TableOptions;

/** What has a name is what is read, whatever letters are in it; a glob is what has no name. */
class FileNamesTest {
  @TempDir Path folder;

  private final SparkSession spark = TestSpark.session();
  private final List<String> told = new ArrayList<>();

  private RowSource source(String data, Map<String, String> read) {
    RowSource source =
        RowSource.of(
            data,
            new TableOptions(null, read, List.of(), List.of(), null, null),
            TableOptions.DEFAULT);
    source.prepare(spark, told::add);
    return source;
  }

  private List<Float> values(Path data, String part, Map<String, String> read) {
    return source(data.toString(), read)
        .rows(spark, Part.parse(part))
        .orderBy("row")
        .collectAsList()
        .stream()
        .map(row -> row.<Float>getList(1).get(0))
        .toList();
  }

  private List<Float> values(Path data) {
    return values(data, "train", Map.of());
  }

  private Path write(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  /** To Spark it is an empty file, and its rows would be left out. */
  @Test
  void aNamedPipeIsNoEmptyFile() throws Exception {
    Path parts = Files.createDirectories(folder.resolve("parts"));
    Files.writeString(parts.resolve("a.csv"), "a,label\n1,0\n2,1\n");
    Path pipe = parts.resolve("b.csv");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());

    for (Path data : List.of(parts, pipe)) {
      assertEquals(
          "Cannot read %s: it is a named pipe, a socket or a device (must be a file)"
              .formatted(pipe),
          Refusal.of(() -> values(data)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"houses[1]", "{a,b}", "größe (3) 50%20of", "a*b?", "meta_16:00:00"})
  void aNameThatExistsIsThatName(String name) throws IOException {
    write("houses1.csv", "a,label\n9,0\n");
    write("a.csv", "a,label\n9,0\n");
    write("axb.csv", "a,label\n9,0\n");
    write("d/houses1.csv", "a,label\n9,0\n");
    Path file = write(name + ".csv", "a,label\n1,0\n");
    write(name + "/train " + name + ".csv", "a,label\n2,0\n");
    Path inFolder = folder.resolve(name);
    write(name + "/train " + name + " 2.csv", "a,label\n3,0\n");
    write("tables/" + name + ".json", "{\"a\":4,\"label\":0}\n");
    write("tables/houses1.json", "{\"a\":5,\"label\":0}\n");
    Path parquet = folder.resolve(name + ".parquet");
    spark.sql("select 6 a, 0 label").coalesce(1).write().parquet(folder.resolve("p").toString());
    Files.move(folder.resolve("p"), parquet);

    assertEquals(List.of(1f), values(file));
    assertEquals(List.of(1f), values(file, "train", Map.of("multiLine", "true")));
    assertEquals(List.of(2f, 3f), values(inFolder).stream().sorted().toList());
    assertEquals(List.of(4f, 5f), values(folder.resolve("tables")).stream().sorted().toList());
    assertEquals(List.of(4f), values(folder.resolve("tables").resolve(name + ".json")));
    assertEquals(
        List.of(4f),
        values(
            folder.resolve("tables").resolve(name + ".json"),
            "train",
            Map.of("multiLine", "true")));
    assertEquals(List.of(6f), values(parquet));
    Files.writeString(file, "a,label\n1,0,0\n");
    String refused = Refusal.of(() -> values(file));
    assertTrue(refused.startsWith("Cannot read file:" + file + ": line 2 has 3 cells"), refused);
  }

  @Test
  void globsFindWhatHasNoSuchName() throws IOException {
    write("a1.csv", "a,label\n1,0\n");
    write("a[2].csv", "a,label\n2,0\n");
    assertEquals(List.of(1f, 2f), values(folder.resolve("a*.csv")).stream().sorted().toList());
    assertEquals(List.of(1f), values(folder.resolve("a[123].csv")));
    write("b:3.csv", "a,label\n3,0\n");
    assertEquals(
        "Cannot read %s/*.csv: a name that the glob looks at has a colon (name the file, or its folder)"
            .formatted(folder),
        Refusal.of(() -> values(folder.resolve("*.csv"))));
    assertEquals(List.of(1f, 2f, 3f), values(folder).stream().sorted().toList());
  }

  @Test
  void namesOfColumnsInFoldersAreWhatTheyWere() throws IOException {
    write("data/t=2024-01-01 10%3A00%3A00/a.csv", "a,label\n1,0\n");
    write("data/t=2024-01-02 10%3A00%3A00/a.csv", "a,label\n2,0\n");

    assertEquals(List.of(1f, 2f), values(folder.resolve("data")));
  }

  @Test
  void aRelativeNameWithAColonIsThatName() {
    assertEquals(
        "Invalid data: a_16:00.csv (must be a path: what stands before a colon is the scheme of a file system; give the whole path, from / on)",
        Refusal.of(() -> RowSource.of("a_16:00.csv")));
  }

  @Test
  void jsonThatIsNotAnObjectALineIsRefusedByLine() throws IOException {
    Path array = write("a.json", "[\n {\"a\":1,\"label\":0},\n {\"a\":2,\"label\":1}\n]\n");
    assertEquals(
        "Cannot read file:%s: line 1 is [ (must be an object on one line; give --read-option multiLine=true where objects go on over lines, or the file is one array)"
            .formatted(array),
        Refusal.of(() -> values(array)));
    assertEquals(List.of(1f, 2f), values(array, "train", Map.of("multiLine", "true")));
    Path broken =
        write("b.json", "{\"a\":1,\"label\":0}\n\n{\"a\":2,\"lab\n{\"a\":3,\"label\":1}\n");
    assertEquals(
        "Cannot read file:%s: line 3 is {\"a\":2,\"lab (must be an object on one line)"
            .formatted(broken),
        Refusal.of(() -> values(broken)));
    Path line = write("c.json", "[{\"a\":1,\"label\":0},{\"a\":2,\"label\":1}]\n");
    assertEquals(List.of(1f, 2f), values(line));
  }

  @Test
  void aTestPartWithoutALabelNamesTheWayOut() throws IOException {
    write("k/train.csv", "x,label\n1,0\n");
    write("k/test.csv", "x\n1\n");
    RowSource source = source(folder.resolve("k").toString(), Map.of());

    assertEquals(1, source.rows(spark, Part.parse("train")).count());
    assertEquals(
        "Cannot use %s test: no column label (it has x; name one with --label); rows without a label are not evaluated on: give --test-part none"
            .formatted(folder.resolve("k")),
        Refusal.of(() -> source.rows(spark, Part.parse("test"))));
  }

  /** Spark reads only the files in the folder itself. */
  @Test
  void aSubfolderThatWouldBeLeftOutIsRefusedByName() throws IOException {
    write("data/a.csv", "a,label\n1,0\n");
    write("data/docs/read.me", "not a table");
    write("data/_old/a.csv", "a,label\n7,0\n");
    write("data/.old/a.csv", "a,label\n8,0\n");
    Path data = folder.resolve("data");
    assertEquals(List.of(1f), values(data));
    write("data/2024/05/b.csv", "a,label\n2,0\n");
    Path deep = data.resolve("2024/05");
    String wanted =
        "Cannot read %s: the files in its subfolder file:%s would be left out, since that is not named name=value (give --read-option recursiveFileLookup=true to read all subfolders, or let its name start with _ to go without)";

    assertEquals(wanted.formatted(data, deep), Refusal.of(() -> values(data)));
    assertEquals(
        List.of(1f, 2f),
        values(data, "train", Map.of("RecursiveFileLookup", "true")).stream().sorted().toList());
    assertEquals(List.of(1f), values(data, "train", Map.of("pathGlobFilter", "a.*")));
    Files.move(deep, data.resolve("2024/_05"));
    assertEquals(List.of(1f), values(data));

    write("parts/train/a.json", "{\"a\":1,\"label\":0}\n");
    write("parts/test/a.json", "{\"a\":2,\"label\":0}\n");
    Path parts = folder.resolve("parts");
    assertEquals(List.of(2f), values(parts, "test", Map.of()));
    write("parts/test/more/b.json", "{\"a\":3,\"label\":0}\n");
    Path more = parts.resolve("test/more");
    assertEquals(wanted.formatted(parts, more), Refusal.of(() -> values(parts, "test", Map.of())));
  }

  @Test
  void foldersBelowThatNameAColumnAreRead() throws IOException {
    write("data/year=1/more/a.csv", "a,label\n1,0\n");
    write("data/year=2/b.csv", "a,label\n2,0\n");

    assertEquals(List.of(1f, 2f), values(folder.resolve("data")).stream().sorted().toList());
  }
}
