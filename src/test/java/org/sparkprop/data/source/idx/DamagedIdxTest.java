package org.sparkprop.data.source.idx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkprop.Fuzz;
import org.sparkprop.Refusal;
import org.sparkprop.base.InvalidInputException;

/** Damaged IDX files are read as they are, where nothing can show it, or refused. */
@Tag("long")
@Tag("fuzz")
class DamagedIdxTest {
  @TempDir Path scratch;

  private final Configuration hadoop = new Configuration();

  private Path file(String name) throws IOException {
    byte[] pixels = new byte[3 * 4 * 50];
    new Random(1).nextBytes(pixels);
    return IdxFiles.write(scratch.resolve(name), IdxFiles.header(8, 50, 3, 4), pixels);
  }

  /** All rows, as a task reads them. */
  private String read(Path path) throws IOException {
    IdxFile file = IdxFile.open(path.toString(), hadoop);
    StringBuilder rows = new StringBuilder();
    int count = file.header().rows();
    try (IdxColumn column = new IdxColumn(file, null, new IdxScan.Range(0, count), hadoop)) {
      for (int row = 0; row < count; row++) {
        column.next(row);
        Object vector = column.vector();
        rows.append(vector instanceof byte[] bytes ? Arrays.toString(bytes) : vector);
      }
      column.checkEnd();
    }
    return rows.toString();
  }

  @Test
  void anyDamageOfARawFileIsReadOrRefused() throws IOException {
    Path file = file("images");
    Fuzz.check(file, Fuzz::bytes, () -> read(file), null, InvalidInputException.class, "images: ");
    Fuzz.check(
        file,
        DamagedIdxTest::withOtherHeader,
        () -> read(file),
        null,
        InvalidInputException.class,
        "images: ");
  }

  /** Gzip has a checksum. */
  @Test
  void anyDamageOfAGzippedFileIsFound() throws IOException {
    Path file = file("images.gz");
    Fuzz.check(
        file,
        Fuzz::bytes,
        () -> read(file),
        read(file),
        InvalidInputException.class,
        "images.gz: ");
  }

  /** The same header as in a raw file, gzipped whole. */
  @Test
  void anotherHeaderOfAGzippedFileIsReadOrRefused() throws IOException {
    Path file = file("images.gz");
    Fuzz.check(
        file,
        (whole, random) -> {
          try (var in = new GZIPInputStream(new ByteArrayInputStream(whole))) {
            IdxFiles.write(scratch.resolve("other.gz"), withOtherHeader(in.readAllBytes(), random));
          }
          return Files.readAllBytes(scratch.resolve("other.gz"));
        },
        () -> read(file),
        null,
        InvalidInputException.class,
        "images.gz: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"images", "images.gz"})
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aNamedPipeIsRefused(String name) throws Exception {
    Path pipe = scratch.resolve(name);
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());

    assertEquals(
        "Cannot read %s: it is a named pipe, a socket or a device (must be a file)".formatted(pipe),
        Refusal.of(() -> IdxFile.open(pipe.toString(), hadoop)));
  }

  /** One of the dimensions, or their number or type, is another. */
  private static byte[] withOtherHeader(byte[] whole, Random random) {
    int[] sizes = {-1, 0, 1, 3, 49, 51, 1 << 16, Integer.MAX_VALUE, Integer.MIN_VALUE};
    if (random.nextInt(3) == 0) {
      whole[2 + random.nextInt(2)] = (byte) random.nextInt(20);
    }
    for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
      ByteBuffer.wrap(whole).putInt(4 + 4 * random.nextInt(3), sizes[random.nextInt(sizes.length)]);
    }
    return whole;
  }

  /** A small file that says that it is huge takes neither memory nor hours. */
  @ParameterizedTest
  @ValueSource(strings = {"2147483647 1 1", "50 65536 32767", "1 1 2147483647"})
  void aGzippedFileThatCannotHoldItsRowsIsRefused(String dimensions) throws IOException {
    int[] sizes = Arrays.stream(dimensions.split(" ")).mapToInt(Integer::parseInt).toArray();
    Path file = IdxFiles.write(scratch.resolve("i.gz"), IdxFiles.header(8, sizes), new byte[1_000]);

    String refused =
        assertThrows(InvalidInputException.class, () -> IdxFile.open(file.toString(), hadoop))
            .getMessage();

    assertEquals(
        "Cannot read %s: %,d rows of %,d bytes cannot lie in %,d gzipped ones; fetch it again"
            .formatted(file, sizes[0], sizes[1] * sizes[2], Files.size(file)),
        refused);
  }
}
