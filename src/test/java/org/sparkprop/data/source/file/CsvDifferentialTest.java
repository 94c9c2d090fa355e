package org.sparkprop.data.source.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkprop.TestSpark;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.data.source.Part;
import org.sparkprop.data.source.RowSource;
import org.sparkprop.data.source.column.TableOptions;
import org.sparkprop.data.source.idx.IdxFiles;

/** Random CSV files, written as RFC 4180 says and then damaged: right values, or a refusal. */
@Tag("long")
class CsvDifferentialTest {
  private static final String SPLIT_BYTES = "spark.sql.files.maxPartitionBytes";
  private static final String[] PIECES = {
    "a", "ü", "\ud83d\ude00", " ", ",", ";", "\"", "\"\"", "\\", "'", "#", "0", "1.5", "-"
  };
  private static final String[] BREAKS = {"\n", "\r\n", "\r"};

  @TempDir Path folder;

  private final SparkSession spark = TestSpark.session();

  @AfterEach
  void splitsAreLargeAgain() {
    spark.conf().unset(SPLIT_BYTES);
  }

  private List<String> read(Path file, Map<String, String> options) {
    RowSource source =
        RowSource.of(
            file.toString(),
            new TableOptions(null, options, List.of("x", "y"), List.of("label"), null, null),
            TableOptions.DEFAULT);
    source.prepare(spark, line -> {});
    return source.rows(spark, Part.parse("train")).orderBy("row").collectAsList().stream()
        .map(row -> row.getList(1) + " " + row.getDouble(2))
        .toList();
  }

  /** A text with what CSV finds hard, quoted where RFC 4180 wants it so, or at will. */
  private static String text(Random random, boolean breaks) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      boolean lineBreak = breaks && random.nextInt(4) == 0;
      String[] from = lineBreak ? BREAKS : PIECES;
      text.append(from[random.nextInt(from.length)]);
    }
    String value = text.toString();
    boolean quoted =
        random.nextInt(3) == 0 || value.chars().anyMatch(unit -> ",\"\r\n".indexOf(unit) >= 0);
    return quoted ? '"' + value.replace("\"", "\"\"") + '"' : value;
  }

  /** The lines of a file with texts around and between its numbers. */
  private static String csv(Random random, boolean breaks, List<String> expected) {
    String end = random.nextBoolean() ? "\n" : "\r\n";
    StringBuilder csv = new StringBuilder("s,x,t,label,y,u").append(end);
    for (int row = 0; row < 40; row++) {
      int x = random.nextInt(100);
      float y = random.nextInt(1000) / 8f;
      int label = random.nextInt(3);
      expected.add("[%s, %s] %s".formatted((float) x, y, (double) label));
      csv.append(
          String.join(
              ",",
              text(random, breaks),
              random.nextInt(5) == 0 ? "\"" + x + "\"" : "" + x,
              text(random, breaks),
              "" + label,
              "" + y,
              text(random, breaks)));
      csv.append(row == 39 && random.nextBoolean() ? "" : end);
    }
    return csv.toString();
  }

  @Test
  void whatIsWrittenByTheStandardIsReadBack() throws IOException {
    for (int seed = 0; seed < 6; seed++) {
      Random random = new Random(seed);
      boolean breaks = seed % 2 == 1;
      List<String> expected = new ArrayList<>();
      byte[] csv = csv(random, breaks, expected).getBytes(UTF_8);
      Path file = IdxFiles.write(folder.resolve("f" + seed + ".csv"), csv);
      int split = seed < 3 ? 1 << 20 : 50 + random.nextInt(400);
      spark.conf().set(SPLIT_BYTES, Integer.toString(split));

      assertEquals(
          expected,
          read(file, split < 1000 && breaks ? Map.of("multiLine", "true") : Map.of()),
          "seed " + seed);
    }
  }

  @Test
  void damageIsRefusedOrChangesNothingElse() throws IOException {
    int refused = 0;
    for (int seed = 100; seed < 112; seed++) {
      Random random = new Random(seed);
      List<String> expected = new ArrayList<>();
      StringBuilder csv = new StringBuilder(csv(random, seed % 2 == 1, expected));
      int at = csv.indexOf("y,u") + 5 + random.nextInt(csv.length() - 25);
      String kind;
      switch (random.nextInt(3)) {
        case 0 -> {
          kind = "quote put in";
          csv.insert(at, '"');
        }
        case 1 -> {
          kind = "separator put in";
          csv.insert(at, ',');
        }
        default -> {
          kind = "cut";
          csv.setLength(at);
        }
      }
      Path file = IdxFiles.write(folder.resolve("d.csv"), csv.toString().getBytes(UTF_8));
      String what = "seed %d, %s at %d".formatted(seed, kind, at);
      List<String> found;
      try {
        found = read(file, Map.of());
      } catch (InvalidInputException known) {
        String message = String.valueOf(known.getMessage());
        assertTrue(message.startsWith("Cannot "), what + ": " + message);
        refused++;
        continue;
      }
      // Damage within a text changes no number; a file cut between rows has fewer of them.
      boolean same = expected.equals(found);
      boolean fewer = found.size() < 40 && agree(expected, found);
      assertTrue(same || fewer, what + "\n" + csv + "\n" + found);
    }
    assertTrue(refused >= 4, "refused " + refused);
  }

  /** All rows but the last, which may be cut within a number. */
  private static boolean agree(List<String> expected, List<String> found) {
    int whole = Math.max(0, found.size() - 1);
    return expected.subList(0, whole).equals(found.subList(0, whole));
  }
}
