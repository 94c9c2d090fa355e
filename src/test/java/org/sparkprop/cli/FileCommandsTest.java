package org.sparkprop.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
}
