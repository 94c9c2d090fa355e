package org.sparkprop.data.source.idx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkprop.Refusal;
import org.sparkprop.TestSpark;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.data.source.Part;
import org.sparkprop.data.source.RowSource;

public class IdxSourceTest {
  @TempDir Path folder;

  private final SparkSession spark = TestSpark.session();

  private Dataset<Row> load(Path images) {
    return spark.read().format("idx").load(images.toString());
  }

  private Dataset<Row> load(Path images, Path labels) {
    return spark.read().format("idx").option("labels", labels.toString()).load(images.toString());
  }

  @Test
  void rowsHaveTheirNumberBytesAndLabel() throws IOException {
    Path images =
        IdxFiles.write(
            folder.resolve("images"),
            IdxFiles.header(0x08, 3, 1, 2),
            new byte[] {1, 2, 3, 4, (byte) 200, (byte) 255});
    Path labels =
        IdxFiles.write(
            folder.resolve("labels"), IdxFiles.header(0x08, 3), new byte[] {7, 0, (byte) 250});

    List<Row> rows = load(images, labels).orderBy("row").collectAsList();

    assertEquals(
        List.of("row", "features", "label"), Arrays.asList(rows.get(0).schema().fieldNames()));
    assertEquals(3, rows.size());
    assertEquals(2L, rows.get(2).getLong(0));
    assertArrayEquals(new byte[] {(byte) 200, (byte) 255}, rows.get(2).<byte[]>getAs(1));
    assertEquals(250, rows.get(2).getInt(2));
  }

  @Test
  void labelsAreLeftOutWhereNoneAreGiven() throws IOException {
    Path images =
        IdxFiles.write(
            folder.resolve("images"), IdxFiles.header(0x08, 2, 2), new byte[] {1, 2, 3, 4});

    assertEquals(List.of("row", "features"), Arrays.asList(load(images).columns()));
    assertEquals(2, load(images).count());
  }

  @Test
  void everyTypeOfNumberIsRead() throws IOException {
    ByteBuffer numbers = ByteBuffer.allocate(64);
    numbers.put((byte) -5).putShort((short) -300).putInt(70000).putFloat(1.5f).putDouble(-0.25);
    int[] types = {0x09, 0x0B, 0x0C, 0x0D, 0x0E};
    int[] sizes = {1, 2, 4, 4, 8};
    float[] expected = {-5, -300, 70000, 1.5f, -0.25f};
    int at = 0;
    for (int i = 0; i < types.length; i++) {
      byte[] content = Arrays.copyOfRange(numbers.array(), at, at + sizes[i]);
      at += sizes[i];
      Path images =
          IdxFiles.write(folder.resolve("images" + i), IdxFiles.header(types[i], 1, 1), content);

      Row row = load(images).select("features").first();

      assertEquals(List.of(expected[i]), row.getList(0), "type " + types[i]);
    }
  }

  @Test
  void severalTasksReadOneRawFile() throws IOException {
    int rows = 9;
    byte[] pixels = new byte[rows << 20]; // 1 MiB a row, so that ranges of 4 MiB cut the file
    for (int row = 0; row < rows; row++) {
      pixels[row << 20] = (byte) row;
    }
    Path images =
        IdxFiles.write(folder.resolve("images"), IdxFiles.header(0x08, rows, 1024, 1024), pixels);

    assertTrue(load(images).javaRDD().getNumPartitions() > 1);
    List<Row> read = load(images).orderBy("row").collectAsList();
    assertEquals(rows, read.size());
    for (int row = 0; row < rows; row++) {
      assertEquals(row, read.get(row).getLong(0));
      assertEquals(row, read.get(row).<byte[]>getAs(1)[0]);
    }
  }

  @Test
  void gzippedFilesGiveTheSameRowsInOneTask() throws IOException {
    IdxFiles.part(folder, "train", 1000, 10, "");
    IdxFiles.part(folder, "train", 1000, 10, ".gz");

    Dataset<Row> raw =
        load(folder.resolve("train-images-idx3-ubyte"), folder.resolve("train-labels-idx1-ubyte"));
    Dataset<Row> gzipped =
        load(
            folder.resolve("train-images-idx3-ubyte.gz"),
            folder.resolve("train-labels-idx1-ubyte.gz"));

    assertEquals(1, gzipped.javaRDD().getNumPartitions());
    assertEquals(0, raw.exceptAll(gzipped).count());
    assertEquals(1000, gzipped.count());
  }

  @Test
  void anEmptyFileOfNoRowsIsReadAsSuch() throws IOException {
    Path images = IdxFiles.write(folder.resolve("images"), IdxFiles.header(0x08, 0, 28, 28));

    assertEquals(0, load(images).count());
  }

  @Test
  void aCutKeepsTheRowNumbers() throws IOException {
    IdxFiles.folder(folder, 100, 10, 10);
    RowSource source = RowSource.of(folder.toString());
    source.prepare(spark, line -> {});

    Dataset<Row> cut = source.rows(spark, Part.parse("train[20:30]"));

    assertArrayEquals(
        LongStream.range(20, 30).toArray(),
        cut.select("row").collectAsList().stream().mapToLong(r -> r.getLong(0)).sorted().toArray());
  }

  @Test
  void aCutReadsNoOtherRows() throws IOException {
    byte[] pixels = new byte[3000];
    pixels[2500] = 7;
    for (String suffix : List.of("", ".gz")) {
      Path images =
          IdxFiles.write(folder.resolve("images" + suffix), IdxFiles.header(0x08, 1000, 3), pixels);

      Dataset<Row> cut = Part.parse("train[833:900]").cut(load(images));

      // Spark's own filter is gone from the plan: the scan gives these rows and no others.
      assertFalse(cut.queryExecution().executedPlan().toString().contains("Filter ("));
      List<Row> rows = cut.orderBy("row").collectAsList();
      assertEquals(67, rows.size());
      assertEquals(833L, rows.get(0).getLong(0));
      assertArrayEquals(new byte[] {0, 7, 0}, rows.get(0).<byte[]>getAs(1));
      assertEquals(0, Part.parse("train[1000:2000]").cut(load(images)).count());
      assertEquals(
          5, load(images).where("row >= 2 and row < 9 and row % 2 = 0 or row = 9").count());
    }
  }

  /** A sparse file, in which only the last rows are not zero. */
  @Test
  void rowsBeyondTwoGibibytesAreFound() throws IOException {
    int rows = 5_500_000;
    Path images = IdxFiles.write(folder.resolve("large"), IdxFiles.header(0x08, rows, 28, 28));
    try (RandomAccessFile file = new RandomAccessFile(images.toFile(), "rw")) {
      file.setLength(16 + 784L * rows);
      file.seek(16 + 784L * (rows - 1));
      file.write(42);
    }

    List<Row> last = Part.parse("train[5499999:]").cut(load(images)).collectAsList();

    assertEquals(1, last.size());
    assertEquals(5_499_999L, last.get(0).getLong(0));
    assertEquals(42, last.get(0).<byte[]>getAs(1)[0]);
  }

  @Test
  void truncatedFilesAreRefusedByName() throws IOException {
    Path cut =
        IdxFiles.write(folder.resolve("cut"), IdxFiles.header(0x08, 60, 2, 2), new byte[239]);
    Path longer =
        IdxFiles.write(folder.resolve("longer"), IdxFiles.header(0x08, 60, 2, 2), new byte[241]);
    Path header = IdxFiles.write(folder.resolve("header"), new byte[] {0, 0, 8, 3, 0});
    Path empty = IdxFiles.write(folder.resolve("empty"));

    assertRefused(
        "Cannot read %s: it has 255 bytes, but 60 rows of 4 bytes need 256; fetch it again", cut);
    assertRefused(
        "Cannot read %s: it has 257 bytes, but 60 rows of 4 bytes need 256; fetch it again",
        longer);
    assertRefused("Cannot read %s: it ends within its header; fetch it again", header);
    assertRefused("Cannot read %s: it ends within its header; fetch it again", empty);
  }

  @Test
  void otherFilesAreRefusedByName() throws IOException {
    Path text = Files.writeString(folder.resolve("text.csv"), "a,b,c\n1,2,3\n");
    Path negative = IdxFiles.write(folder.resolve("negative"), IdxFiles.header(0x08, -1, 2));
    Path huge = IdxFiles.write(folder.resolve("huge"), IdxFiles.header(0x08, 1, 1 << 16, 1 << 16));

    assertRefused("Cannot read %s: it starts with 612c622c, so it is not an IDX file", text);
    assertRefused("Cannot read %s: no such file", folder.resolve("absent"));
    assertRefused("Cannot read %s: it is a folder (must be an IDX file)", folder);
    assertRefused("Cannot read %s: its header is damaged (a dimension is out of bounds)", negative);
    assertRefused("Cannot read %s: its header is damaged (a dimension is out of bounds)", huge);
  }

  @Test
  void aGzippedFileThatIsCutShortOrTooLongIsRefusedByName() throws IOException {
    Path whole =
        IdxFiles.write(
            folder.resolve("whole.gz"), IdxFiles.header(0x08, 5000, 2, 2), noise(20_000));
    byte[] bytes = Files.readAllBytes(whole);
    Path cut = Files.write(folder.resolve("cut.gz"), Arrays.copyOf(bytes, bytes.length / 2));
    Path longer =
        IdxFiles.write(
            folder.resolve("longer.gz"), IdxFiles.header(0x08, 5000, 2, 2), noise(20_001));

    Throwable cutShort = assertThrows(Exception.class, () -> load(cut).javaRDD().collect());
    assertTrue(
        rootMessage(cutShort)
            .matches(
                "Cannot read \\S+cut.gz: it ends or is damaged in row [\\d,]+ of 5,000; fetch it again"),
        rootMessage(cutShort));
    Throwable tooLong = assertThrows(Exception.class, () -> load(longer).javaRDD().collect());
    assertEquals(
        "Cannot read %s: it goes on after its 5,000 rows; fetch it again".formatted(longer),
        rootMessage(tooLong));
  }

  @Test
  void aGzippedFileWithADamagedEndIsRefusedByName() throws IOException {
    Path whole =
        IdxFiles.write(folder.resolve("a.gz"), IdxFiles.header(0x08, 500, 2, 2), noise(2000));
    byte[] bytes = Files.readAllBytes(whole);
    bytes[bytes.length - 8] ^= 1; // the checksum
    Path damaged = Files.write(folder.resolve("damaged.gz"), bytes);
    Path cut = Files.write(folder.resolve("cut.gz"), Arrays.copyOf(bytes, bytes.length - 3));

    for (Path file : List.of(damaged, cut)) {
      Throwable refused = assertThrows(Exception.class, () -> load(file).javaRDD().collect());
      assertTrue(
          rootMessage(refused)
              .matches(
                  "Cannot read \\S+.gz: it (is damaged after its last row|ends or is damaged in row \\d+ of 500); fetch it again"),
          rootMessage(refused));
    }
  }

  /** As for MNIST on a cluster, whose executors cannot see the driver's files. */
  @Test
  void filesThatTheDriverReadsGiveTheSameRows() throws IOException {
    IdxFiles.part(folder, "train", 3000, 10, "");
    IdxFiles.part(folder, "zipped", 3000, 10, ".gz");
    Dataset<Row> seen =
        load(folder.resolve("train-images-idx3-ubyte"), folder.resolve("train-labels-idx1-ubyte"));
    for (String name : List.of("train-%s", "zipped-%s.gz")) {
      Dataset<Row> shipped =
          spark
              .read()
              .format("idx")
              .option("ship", true)
              .option("labels", folder.resolve(name.formatted("labels-idx1-ubyte")).toString())
              .load(folder.resolve(name.formatted("images-idx3-ubyte")).toString());
      assertEquals(3000, shipped.count());
      assertEquals(0, seen.exceptAll(shipped).count());
    }
  }

  @Test
  void allQueriesOfARunShareWhatTheDriverHasRead() throws IOException {
    IdxFiles.part(folder, "train", 3000, 10, "");
    Path images = folder.resolve("train-images-idx3-ubyte");
    JavaSparkContext context = TestSpark.context();
    IdxFile file = IdxFile.open(images.toString(), context.hadoopConfiguration());

    Broadcast<byte[]> sent = IdxScan.shipped(context, file);

    assertSame(sent, IdxScan.shipped(context, file));
    Files.setLastModifiedTime(images, FileTime.fromMillis(0));
    assertNotSame(sent, IdxScan.shipped(context, file), "it is another file now");
  }

  @Test
  void labelsThatOutnumberTheImagesAreRefused() throws IOException {
    Path images =
        IdxFiles.write(folder.resolve("images"), IdxFiles.header(0x08, 2, 1), new byte[2]);
    Path labels = IdxFiles.write(folder.resolve("labels"), IdxFiles.header(0x08, 3), new byte[3]);

    String refused = Refusal.of(() -> load(images, labels).count());

    assertEquals(
        "Cannot read %s: it has 2 rows, but %s has 3 labels".formatted(images, labels), refused);
  }

  @Test
  void imagesInPlaceOfLabelsAreRefused() throws IOException {
    Path images =
        IdxFiles.write(folder.resolve("images"), IdxFiles.header(0x08, 2, 2), new byte[4]);

    String refused = Refusal.of(() -> load(images, images).count());

    assertEquals(
        "Cannot read %s: it has 2 unsigned bytes a row (labels must be one whole number each)"
            .formatted(images),
        refused);
  }

  private void assertRefused(String message, Path file) {
    String refused = Refusal.of(() -> load(file).count());
    assertEquals(message.formatted(file), refused);
  }

  /** Bytes that gzip cannot shorten much. */
  private static byte[] noise(int length) {
    byte[] noise = new byte[length];
    new java.util.Random(length).nextBytes(noise);
    return noise;
  }

  public static String rootMessage(Throwable failed) {
    Throwable root = failed;
    while (root.getCause() != null && !(root instanceof InvalidInputException)) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }
}
