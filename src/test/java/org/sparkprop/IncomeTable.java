package org.sparkprop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** Rows of a large and a small number, of which the small one tells the class, in four files. */
public final class IncomeTable {
  private IncomeTable() {}

  /** Writes the files into a folder that is made. */
  public static Path in(Path folder) throws IOException {
    Random random = new Random(1);
    Files.createDirectory(folder);
    for (String file : List.of("d.csv", "b.csv", "a.csv", "c.csv")) {
      StringBuilder rows = new StringBuilder("income,share,label\n");
      for (int i = 0; i < 300; i++) {
        double share = random.nextDouble();
        double income = 1e5 * random.nextDouble();
        rows.append("%.4f,%.6f,%d\n".formatted(income, share, share > 0.8 ? 1 : 0));
      }
      Files.writeString(folder.resolve(file), rows);
    }
    return folder;
  }
}
