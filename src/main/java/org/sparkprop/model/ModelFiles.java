package org.sparkprop.model;

import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.OneLine;
import org.sparkprop.data.Preprocessing;
import org.sparkprop.model.tensor.Checksum;
import org.sparkprop.model.tensor.SafeTensors;
import org.sparkprop.nn.Network;
import org.sparkprop.spark.PlainFile;
import org.sparkprop.spark.Storage;

/** What lies in the folder of a model: its weights, its history, and what tells what they are. */
record ModelFiles(Path folder, Configuration hadoop) {
  static final String DESCRIPTION = "model.json";
  static final String REPORT = "report.json";
  private static final String WEIGHTS = "weights.safetensors";
  private static final String HISTORY = "history.jsonl";

  /** What we write; a folder with anything else in it is not ours to replace. */
  private static final Set<String> OURS = Set.of(DESCRIPTION, WEIGHTS, HISTORY, REPORT);

  private static final int BUFFER = 1 << 20;
  private static final int MAX_DESCRIPTION = 1 << 30;

  /** All files, {@code model.json} last, which has the checksums of the others. */
  static Map<String, Storage.Content> of(
      Model model, ModelDescription description, List<EpochRecord> history) {
    Map<String, String> checksums = new LinkedHashMap<>();
    Map<String, Storage.Content> files = new LinkedHashMap<>();
    files.put(
        WEIGHTS,
        summed(
            WEIGHTS,
            checksums,
            out -> SafeTensors.write(out, model.network().topology(), model.parameters())));
    files.put(HISTORY, summed(HISTORY, checksums, out -> out.write(HistoryFile.lines(history))));
    files.put(DESCRIPTION, out -> new DescriptionFile(description, checksums).writeTo(out));
    return files;
  }

  private static Storage.Content summed(
      String name, Map<String, String> checksums, Storage.Content content) {
    return out -> {
      CRC32C sum = new CRC32C();
      content.writeTo(new CheckedOutputStream(out, sum));
      checksums.put(name, Checksum.word(sum));
    };
  }

  /** Our files, and drafts of them that a killed run has left. */
  static boolean isOurs(String name) {
    return OURS.contains(name)
        || OURS.stream()
            .anyMatch(
                ours ->
                    name.startsWith(".%s.draft-".formatted(ours))
                        || name.startsWith(".%s.old-".formatted(ours)));
  }

  /** Reads a model back. */
  ModelFolder.Saved read() throws IOException {
    DescriptionFile file = readDescription();
    ModelDescription description = file.description();
    Network network;
    Preprocessing preprocessing;
    try {
      network = description.network();
      preprocessing = description.toPreprocessing();
    } catch (RuntimeException senseless) {
      throw new IOException(DESCRIPTION + ": " + OneLine.reason(senseless), senseless);
    }
    float[] weights = readWeights(network, file.checksums());
    try {
      return new ModelFolder.Saved(
          new Model(network, preprocessing, description.labels(), weights), description);
    } catch (RuntimeException unfit) {
      throw new IOException(DESCRIPTION + ": " + OneLine.reason(unfit), unfit);
    }
  }

  /** Reads the epochs of the run that made the model; none if there is no history. */
  List<EpochRecord> readHistory() throws IOException {
    DescriptionFile file = readDescription();
    FileSystem fs = Storage.of(folder, hadoop);
    Path history = Storage.child(folder, HISTORY);
    if (!fs.exists(history)) {
      return List.of();
    }
    CRC32C sum = new CRC32C();
    try (InputStream in = new CheckedInputStream(PlainFile.open(fs, history), sum)) {
      List<EpochRecord> epochs = HistoryFile.read(in);
      checkSum(sum, file.checksums().get(HISTORY));
      if (!epochs.isEmpty() && epochs.size() < file.description().epoch()) {
        throw new IOException(
            "it ends with epoch %d (the model is that of epoch %d)"
                .formatted(epochs.size(), file.description().epoch()));
      }
      return epochs;
    } catch (IOException damaged) {
      throw new IOException(HISTORY + ": " + OneLine.reason(damaged), damaged);
    }
  }

  private DescriptionFile readDescription() throws IOException {
    Path file = Storage.child(folder, DESCRIPTION);
    FileSystem fs = Storage.of(folder, hadoop);
    byte[] text;
    try (InputStream in = PlainFile.open(fs, file)) {
      text = in.readNBytes(MAX_DESCRIPTION);
    } catch (FileNotFoundException missing) {
      throw new IOException("it has no " + DESCRIPTION, missing);
    } catch (IOException unreadable) {
      throw new IOException(DESCRIPTION + ": " + OneLine.reason(unreadable), unreadable);
    }
    try {
      return DescriptionFile.read(text);
    } catch (IOException | RuntimeException damaged) {
      throw new IOException(DESCRIPTION + ": " + OneLine.reason(damaged), damaged);
    }
  }

  private float[] readWeights(Network network, Map<String, String> checksums) throws IOException {
    Path file = Storage.child(folder, WEIGHTS);
    FileSystem fs = Storage.of(folder, hadoop);
    CRC32C sum = new CRC32C();
    try (InputStream in =
        new BufferedInputStream(new CheckedInputStream(PlainFile.open(fs, file), sum), BUFFER)) {
      long length = fs.getFileStatus(file).getLen();
      float[] weights = SafeTensors.read(in, length, network.topology());
      checkSum(sum, checksums.get(WEIGHTS));
      return weights;
    } catch (FileNotFoundException missing) {
      throw new IOException("it has no " + WEIGHTS, missing);
    } catch (IOException | RuntimeException damaged) {
      throw new IOException(WEIGHTS + ": " + OneLine.reason(damaged), damaged);
    }
  }

  private static void checkSum(CRC32C found, @Nullable String wanted) throws IOException {
    if (wanted != null && !wanted.equals(Checksum.word(found))) {
      throw new IOException(
          "it is not the file that %s was written with, or damaged: its checksum is %s (expected %s)"
              .formatted(DESCRIPTION, Checksum.word(found), OneLine.shorten(wanted)));
    }
  }
}
