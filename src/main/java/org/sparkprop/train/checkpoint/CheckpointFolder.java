package org.sparkprop.train.checkpoint;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.base.OneLine;
import org.sparkprop.model.tensor.Checksum;
import org.sparkprop.model.tensor.SafeTensors;
import org.sparkprop.model.tensor.SafeTensorsContent;
import org.sparkprop.model.tensor.SafeTensorsHeader;
import org.sparkprop.spark.FolderLock;
import org.sparkprop.spark.PlainFile;
import org.sparkprop.spark.Storage;

/**
 * A folder with the last two checkpoints of a run: {@code round-312.safetensors}, vectors as
 * tensors and everything else in the metadata. Each has a name of its own and is renamed to it when
 * it is whole, and only then is the last but one deleted: whenever a run is killed, one is there,
 * and when a machine dies in the wrong moment, the one before.
 */
public final class CheckpointFolder {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointFolder.class);

  private static final int BUFFER = 1 << 20;
  private static final int KEPT = 2;

  /** Of more metadata, readers refuse the header: Jackson at 20 MB a string. */
  private static final int MAX_METADATA = 1 << 16;

  /** The key that every format of a checkpoint has. */
  private static final String FORMAT = "format";

  /** The only one without checksums. */
  private static final String FIRST_FORMAT = "sparkprop checkpoint 1";

  /** A checkpoint, or what a killed run has left of one. */
  private static final Pattern OURS =
      Pattern.compile("(\\.?)round-(\\d{1,18})\\.safetensors(\\.(draft|old)-.*)?");

  private final Path folder;
  private final Configuration hadoop;
  private final List<String> warnings = new ArrayList<>();

  /**
   * @throws InvalidInputException if this is no path
   */
  public CheckpointFolder(String folder, Configuration hadoop) {
    this(pathOf(folder), hadoop);
  }

  private CheckpointFolder(Path folder, Configuration hadoop) {
    this.folder = folder;
    this.hadoop = hadoop;
  }

  private static Path pathOf(String folder) {
    try {
      return Storage.path(folder);
    } catch (IllegalArgumentException malformed) {
      throw new InvalidInputException(OneLine.reason(malformed), malformed);
    }
  }

  /** That of the run that makes a model: {@code models/mnist.checkpoint}. */
  public static CheckpointFolder beside(String model, Configuration hadoop) {
    Path path = pathOf(model);
    return new CheckpointFolder(Storage.beside(path, path.getName() + ".checkpoint"), hadoop);
  }

  /**
   * Takes the folder for a run: nobody else keeps one here meanwhile.
   *
   * @return to be closed when the run has ended
   * @throws InvalidInputException if somebody does already
   */
  public FolderLock claim() {
    return FolderLock.take(folder, hadoop, warnings::add);
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
   * Reads the last checkpoint; null if there is none. If it is damaged, that is the one before.
   *
   * @throws InvalidInputException if none is whole, about the last
   */
  public @Nullable Saved last() {
    return last(saved -> saved);
  }

  /**
   * Reads the last checkpoint that can be used; null if there is none.
   *
   * @param use what becomes of it; a refusal goes on with the one before
   * @throws InvalidInputException if none can be used, about the last
   */
  public <T> @Nullable T last(Function<Saved, T> use) {
    List<Path> newestFirst = newestFirst(files());
    InvalidInputException ofLast = null;
    for (Path file : newestFirst) {
      try {
        T used = use.apply(read(Storage.child(folder, file.getName())));
        if (ofLast != null) {
          warn("%s; the checkpoint before it is taken, %s".formatted(ofLast.getMessage(), file));
        }
        return used;
      } catch (InvalidInputException damaged) {
        ofLast = ofLast == null ? damaged : ofLast;
      }
    }
    if (ofLast != null) {
      throw ofLast;
    }
    return null;
  }

  /** What was doubtful so far, for the user. */
  public List<String> warnings() {
    return List.copyOf(warnings);
  }

  private void warn(String doubt) {
    warnings.add(doubt);
    LOG.warn(doubt);
  }

  private Saved read(Path checkpoint) {
    try {
      return Storage.access(
          () -> {
            FileSystem fs = Storage.of(folder, hadoop);
            long length = fs.getFileStatus(checkpoint).getLen();
            try (InputStream in = new BufferedInputStream(PlainFile.open(fs, checkpoint), BUFFER)) {
              SafeTensorsHeader header = SafeTensorsHeader.read(in, length);
              Map<String, String> metadata = new LinkedHashMap<>(header.metadata());
              String format = metadata.get(FORMAT);
              if (format != null && !format.equals(FIRST_FORMAT) && !Checksum.isIn(metadata)) {
                throw new IOException("it is damaged: it has lost its checksum");
              }
              Map<String, float[]> vectors = SafeTensors.readVectors(header, in, length, metadata);
              return new Saved(
                  checkpoint.toString(), new Content(Checksum.without(metadata), vectors));
            }
          });
    } catch (EOFException cut) {
      throw new InvalidInputException("Cannot read %s: it is cut short".formatted(checkpoint), cut);
    } catch (IOException damaged) {
      throw Storage.cannotRead(checkpoint, damaged);
    }
  }

  /**
   * Writes a checkpoint beside the last one.
   *
   * @param round what tells it from others: rounds that are done
   * @throws InvalidInputException if it cannot be written; the last one is still there
   */
  public void write(long round, Content content) {
    Path file = Storage.child(folder, "round-%d.safetensors".formatted(round));
    Map<String, String> metadata = new LinkedHashMap<>(content.metadata());
    Map<String, String> texts = new LinkedHashMap<>();
    content
        .metadata()
        .forEach(
            (key, value) -> {
              if (value.length() > MAX_METADATA) {
                texts.put(key, value);
                metadata.remove(key);
              }
            });
    Storage.Content whole =
        out -> SafeTensors.write(out, metadata, SafeTensorsContent.of(content.vectors(), texts));
    try {
      Storage.writeFile(file, hadoop, whole);
    } catch (InvalidInputException full) {
      if (!keepLastAlone()) {
        throw full;
      }
      Storage.writeFile(file, hadoop, whole);
    }
    try {
      Storage.change(() -> deleteAllBut(newestFirst(files()).stream().limit(KEPT).toList()));
    } catch (IOException | InvalidInputException left) {
      LOG.warn("Cannot delete a checkpoint that {} has replaced", file, left);
    }
  }

  /**
   * Makes room on a disk that is full: of two checkpoints, deletes the one before the last.
   *
   * @return whether there is more room now
   */
  public boolean keepLastAlone() {
    try {
      return Storage.access(
          () -> {
            List<Path> newestFirst = newestFirst(files());
            if (newestFirst.size() < 2) {
              return false;
            }
            read(Storage.child(folder, newestFirst.get(0).getName())); // which shows it whole
            deleteAllBut(newestFirst.subList(0, 1));
            return true;
          });
    } catch (IOException | InvalidInputException left) {
      return false;
    }
  }

  /** Takes all checkpoints away; a folder that is empty then, too. */
  public void delete() {
    try {
      Storage.change(
          () -> {
            FileSystem fs = Storage.of(folder, hadoop);
            if (fs.exists(folder)) {
              deleteAllBut(List.of());
              fs.delete(folder, false);
            }
          });
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

  private void deleteAllBut(List<Path> kept) throws IOException {
    FileSystem fs = Storage.of(folder, hadoop);
    List<String> names = kept.stream().map(Path::getName).toList();
    for (FileStatus file : fs.listStatus(folder)) {
      String name = file.getPath().getName();
      if (OURS.matcher(name).matches() && !names.contains(name)) {
        fs.delete(file.getPath(), false);
      }
    }
  }

  private static List<Path> newestFirst(List<Path> files) {
    return files.stream()
        .sorted(Comparator.comparingLong((Path file) -> round(file.getName())).reversed())
        .toList();
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
      return Storage.access(() -> Storage.of(folder, hadoop).listStatus(folder));
    } catch (FileNotFoundException none) {
      return new FileStatus[0];
    } catch (IOException unreachable) {
      throw Storage.cannotRead(folder, unreachable);
    }
  }

  private static long round(String name) {
    Matcher matcher = OURS.matcher(name);
    return matcher.matches() ? Long.parseLong(matcher.group(2)) : -1;
  }
}
