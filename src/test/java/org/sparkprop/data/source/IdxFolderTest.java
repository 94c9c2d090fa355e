package org.sparkprop.data.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkprop.Refusal;
import org.sparkprop.TestSpark;
import org.sparkprop.data.source.fetch.DatasetCache;
import org.sparkprop.data.source.idx.IdxFiles;

class IdxFolderTest {
  @TempDir Path folder;

  private final SparkSession spark = TestSpark.session();

  private RowSource source() {
    return RowSource.of(folder.toString());
  }

  @Test
  void filesAreFoundUnderMnistsNames() throws IOException {
    IdxFiles.part(folder, "train", 20, 10, ".gz");
    IdxFiles.part(folder, "t10k", 10, 10, "");
    IdxFiles.part(folder, "letters", 5, 5, "");

    assertEquals(20, source().rows(spark, Part.parse("train")).count());
    assertEquals(10, source().rows(spark, Part.parse("test")).count());
    assertEquals(5, source().rows(spark, Part.parse("letters")).count());
    assertTrue(source().hasPart(spark, "test"));
    assertFalse(source().hasPart(spark, "t10k"));
  }

  @Test
  void aRawFileIsPreferredToItsGzippedTwin() throws IOException {
    IdxFiles.part(folder, "train", 20, 10, ".gz");
    IdxFiles.part(folder, "train", 30, 10, "");

    assertEquals(30, source().rows(spark, Part.parse("train")).count());
  }

  @Test
  void aDotMayStandInTheName() throws IOException {
    IdxFiles.part(folder, "train", 20, 10, "");
    Files.move(
        folder.resolve("train-images-idx3-ubyte"), folder.resolve("train-images.idx3-ubyte"));

    assertEquals(20, source().rows(spark, Part.parse("train")).count());
  }

  /** MNIST is looked for in the user's cache folder, whatever its name. */
  @Test
  void aCacheFolderMayHaveAnyName() throws IOException {
    Path odd = Files.createDirectories(folder.resolve("my cache %20 für mich"));
    IdxFiles.part(odd, "train", 20, 10, "");
    DatasetCache nothingToFetch =
        new DatasetCache(
            odd,
            new DatasetCache.Listing(List.of(), List.of(), new DatasetCache.NpmPackage("", "")));
    RowSource mnist = IdxFolder.mnist(nothingToFetch);
    mnist.prepare(spark, line -> {});

    assertEquals(20, mnist.rows(spark, Part.parse("train")).count());
  }

  @Test
  void whatIsMissingIsNamed() throws IOException {
    RowSource absent = RowSource.of(folder.resolve("absent").toString());
    assertEquals(
        "Cannot read %s: no such file or folder (must be mnist, spiral, friedman, imbalance, a table or a folder of IDX files)"
            .formatted(folder.resolve("absent")),
        Refusal.of(() -> absent.prepare(spark, line -> {})));
    assertEquals(
        "Cannot read %s: it holds neither IDX files nor files that end with .parquet, .csv, .tsv, .json, .jsonl, .orc, .avro (name their --format)"
            .formatted(folder),
        Refusal.of(() -> source().prepare(spark, line -> {})));

    IdxFiles.part(folder, "train", 20, 10, "");
    assertEquals(
        "Cannot find part dev of %s (it has train)".formatted(folder),
        Refusal.of(() -> source().rows(spark, Part.parse("dev"))));
    Files.delete(folder.resolve("train-labels-idx1-ubyte"));
    assertEquals(
        "Cannot read part train of %s: there are no labels".formatted(folder),
        Refusal.of(() -> source().rows(spark, Part.parse("train"))));
  }
}
