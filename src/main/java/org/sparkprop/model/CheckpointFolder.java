package org.sparkprop.model;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparkprop.data.InvalidInputException;

/**
 * A folder with the last checkpoint of a run: {@code round-312.safetensors}, vectors as tensors and
 * everything else in the metadata. Each has a name of its own and is renamed to it when it is
 * whole, and only then is the one before deleted: whenever a run is killed, one is there.
 */
public final class CheckpointFolder {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointFolder.class);

  private static final int BUFFER = 1 << 20;

  /** A checkpoint, or what a killed run has left of one. */
  private static final Pattern OURS =
      Pattern.compile("(\\.?)round-(\\d{1,18})\\.safetensors(\\.draft-.*)?");

  private final Path folder;
  private final Configuration hadoop;

  public CheckpointFolder(String folder, Configuration hadoop) {
    this.folder = new Path(folder);
    this.hadoop = hadoop;
  }

  /** That of the run that makes a model: {@code models/mnist.checkpoint}. */
  public static CheckpointFolder beside(String model, Configuration hadoop) {
    Path path = new Path(model);
    return new CheckpointFolder(
        Storage.beside(path, path.getName() + ".checkpoint").toString(), hadoop);
  }

  /**
   * What a checkpoint holds.
   *
   * @param metadata words
   * @param vectors in the order of the file
   */
  public record Content(Map<String, String> metadata, Map<String, float[]> vectors) {}

  /** A checkpoint that was read from a file. */
  public record Saved(String place, Content content) {}

  /** Whether no checkpoint lies here. */
  public boolean isEmpty() {
    return files().isEmpty();
  }

  /**
   * Reads the last checkpoint; null if there is none.
   *
   * @throws InvalidInputException if it is not whole
   */
  public @Nullable Saved last() {
    Path last =
        files().stream().max(Comparator.comparingLong(file -> round(file.getName()))).orElse(null);
    return last == null ? null : read(new Path(folder, last.getName()));
  }

  private Saved read(Path checkpoint) {
    try (InputStream in =
        new BufferedInputStream(Storage.of(folder, hadoop).open(checkpoint), BUFFER)) {
      SafeTensorsHeader header = SafeTensorsHeader.read(in);
      return new Saved(
          checkpoint.toString(),
          new Content(header.metadata(), SafeTensors.readVectors(header, in)));
    } catch (EOFException cut) {
      throw new InvalidInputException("Cannot read %s: it is cut short".formatted(checkpoint), cut);
    } catch (IOException damaged) {
      throw new InvalidInputException(
          "Cannot read %s: %s".formatted(checkpoint, damaged.getMessage()), damaged);
    }
  }

  /**
   * Writes a checkpoint in place of the last one.
   *
   * @param round what tells it from others: rounds that are done
   * @throws InvalidInputException if it cannot be written; the last one is still there
   */
  public void write(long round, Content content) {
    Path file = new Path(folder, "round-%d.safetensors".formatted(round));
    Storage.writeFile(
        file, hadoop, out -> SafeTensors.write(out, content.metadata(), content.vectors()));
    try {
      deleteAllBut(file);
    } catch (IOException left) {
      LOG.warn("Cannot delete a checkpoint that {} has replaced", file, left);
    }
  }

  /** Takes all checkpoints away; a folder that is empty then, too. */
  public void delete() {
    try {
      FileSystem fs = Storage.of(folder, hadoop);
      if (fs.exists(folder)) {
        deleteAllBut(null);
        fs.delete(folder, false);
      }
    } catch (IOException stuck) {
      LOG.warn("Cannot delete {}", folder, stuck);
    }
  }

  /**
   * Makes sure that checkpoints can be written here; nothing but checkpoints may be here.
   *
   * @throws InvalidInputException if not, with what is in the way
   */
  public void checkWritable() {
    files();
    Storage.checkWritable(folder.getParent() == null ? folder : folder.getParent(), hadoop);
  }

  @Override
  public String toString() {
    return folder.toString();
  }

  private void deleteAllBut(@Nullable Path kept) throws IOException {
    FileSystem fs = Storage.of(folder, hadoop);
    for (FileStatus file : fs.listStatus(folder)) {
      String name = file.getPath().getName();
      if (OURS.matcher(name).matches() && (kept == null || !name.equals(kept.getName()))) {
        fs.delete(file.getPath(), false);
      }
    }
  }

  /** Whole checkpoints; whatever is not ours is in the way. */
  private List<Path> files() {
    List<Path> whole = new ArrayList<>();
    for (FileStatus file : list()) {
      Matcher name = OURS.matcher(file.getPath().getName());
      if (!file.isFile() || !name.matches()) {
        throw new InvalidInputException(
            "Cannot use %s for checkpoints: %s is in the way (move it away)"
                .formatted(folder, file.getPath().getName()));
      }
      if (name.group(1).isEmpty() && name.group(3) == null) {
        whole.add(file.getPath());
      }
    }
    return whole;
  }

  private FileStatus[] list() {
    try {
      return Storage.of(folder, hadoop).listStatus(folder);
    } catch (FileNotFoundException none) {
      return new FileStatus[0];
    } catch (IOException unreachable) {
      throw new InvalidInputException(
          "Cannot read %s: %s".formatted(folder, unreachable.getMessage()), unreachable);
    }
  }

  private static long round(String name) {
    Matcher matcher = OURS.matcher(name);
    return matcher.matches() ? Long.parseLong(matcher.group(2)) : -1;
  }
}
