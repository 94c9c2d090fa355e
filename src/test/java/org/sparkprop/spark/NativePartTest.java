package org.sparkprop.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkprop.data.source.file.ReadFailure;
import org.sparkprop.nn.blas.FreshJvm;
import org.xerial.snappy.Snappy;

class NativePartTest {
  private static final String LINE =
      "Cannot read files that %s has compressed: its native code cannot be loaded from %s (give --conf spark.driver.extraJavaOptions=-D%s=FOLDER, on a cluster the same of spark.executor.extraJavaOptions, with a folder whose files may be executed)";

  @TempDir Path scratch;

  /** What a fresh JVM does: it compresses twice, since Java says another thing the second time. */
  static final class Twice {
    private Twice() {}

    public static void main(String[] args) {
      for (int i = 0; i < 2; i++) {
        try {
          System.out.println(Snappy.maxCompressedLength(1));
        } catch (LinkageError | Exception failed) {
          System.out.println(NativePart.lineOf(failed));
        }
      }
    }
  }

  /** As on a host that forbids it, the file is no library to the system's loader. */
  @Test
  void snappysFailureIsOneLineAndTheSameTheSecondTime() throws Exception {
    Files.writeString(scratch.resolve("libsnappyjava.so"), "no library");

    String printed =
        FreshJvm.of(Twice.class)
            .with("-Dorg.xerial.snappy.lib.path=" + scratch)
            .with("-Dorg.xerial.snappy.lib.name=libsnappyjava.so")
            .with("-Dorg.xerial.snappy.tempdir=/noexec")
            .run();

    String line = LINE.formatted("snappy", "/noexec", "org.xerial.snappy.tempdir");
    // The JVM itself remarks before it that the file is odd.
    assertTrue(printed.endsWith(line + "\n" + line + "\n"), printed);
  }

  @Test
  void anExecutorsFailureIsKnownByWhatSparkSaysOfIt() {
    Throwable failed =
        new SparkException(
            "Job aborted due to stage failure: Task 0 in stage 2.0 failed 4 times, most recent failure: Lost task 0.0 in stage 2.0 (TID 2) (host executor 1): java.lang.UnsatisfiedLinkError: /tmp/libzstd-jni-1.5.7-612.so: failed to map segment from shared object\n\tat java.lang.ClassLoader");
    String place = System.getProperty("java.io.tmpdir");
    assertEquals(LINE.formatted("zstd", place, "ZstdTempFolder"), NativePart.lineOf(failed));
    assertEquals(NativePart.lineOf(failed), ReadFailure.refusal("the rows", failed).getMessage());
  }

  @Test
  void otherFailuresAreNotItsAffair() {
    assertNull(NativePart.lineOf(new SparkException("Cannot read p.snappy.parquet")));
    assertNull(NativePart.lineOf(new UnsatisfiedLinkError("no blas in java.library.path")));
  }
}
