package org.sparkprop.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class BlasTest {
  /** The three calls of a layer, at odd sizes and offsets, against the sum in double. */
  @Test
  void productsAreThoseOfTheDefinition() {
    Random random = new Random(1);
    for (int[] size :
        new int[][] {{1, 1, 1}, {10, 3, 7}, {17, 33, 5}, {128, 256, 31}, {3, 2, 784}}) {
      for (String trans : new String[] {"TN", "NT", "NN"}) {
        int m = size[0];
        int n = size[1];
        int k = size[2];
        boolean transA = trans.startsWith("T");
        boolean transB = trans.endsWith("T");
        float[] a = floats(random, 3 + m * k);
        float[] b = floats(random, 1 + k * n);
        float[] c = floats(random, 2 + m * n);
        float[] before = c.clone();

        Blas.sgemm(
            trans.substring(0, 1),
            trans.substring(1),
            m,
            n,
            k,
            1f,
            a,
            3,
            transA ? k : m,
            b,
            1,
            transB ? n : k,
            1f,
            c,
            2,
            m);

        for (int j = 0; j < n; j++) {
          for (int i = 0; i < m; i++) {
            double sum = before[2 + i + j * m];
            for (int l = 0; l < k; l++) {
              sum +=
                  (double) a[3 + (transA ? l + i * k : i + l * m)]
                      * b[1 + (transB ? j + l * n : l + j * k)];
            }
            // k roundings of terms of the size of 1, at half a unit in the last place each
            assertEquals(sum, c[2 + i + j * m], 1e-6 * (1 + k), trans);
          }
        }
      }
    }
  }

  private static float[] floats(Random random, int length) {
    float[] floats = new float[length];
    for (int i = 0; i < length; i++) {
      floats[i] = 2 * random.nextFloat() - 1;
    }
    return floats;
  }

  @Test
  @EnabledOnOs(
      value = OS.LINUX,
      architectures = {"amd64", "aarch64"})
  void openBlasNeedsNoInstallationAndLeavesNoFiles() throws IOException {
    assertTrue(Blas.name().matches("OpenBLAS \\(\\w+\\)"), Blas.name());
    OpenBlas openBlas = OpenBlas.unpack();
    Path library = Path.of(openBlas.library());
    assertTrue(Files.size(library) > 1_000_000);

    openBlas.close();

    assertTrue(Files.notExists(library.resolveSibling("")));
  }
}
