package org.sparkprop.model;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.base.OneLine;
import org.sparkprop.spark.FolderLock;
import org.sparkprop.spark.Storage;

/** A model on disk, whole or not there: who may write it, and when. */
public final class ModelFolder {
  /** Where a report of the model lies, if there is one. */
  public static final String REPORT = ModelFiles.REPORT;

  /** How all our JSON looks: {@code snake_case} names, indented. */
  public static final ObjectMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private final Path named;
  private final Configuration hadoop;
  private @Nullable FolderLock lock;
  private BooleanSupplier makeRoom = () -> false;

  /**
   * @throws InvalidInputException if this is no path
   */
  public ModelFolder(String folder, Configuration hadoop) {
    try {
      this.named = Storage.path(folder);
    } catch (IllegalArgumentException malformed) {
      throw new InvalidInputException(OneLine.reason(malformed), malformed);
    }
    this.hadoop = hadoop;
  }

  /** A model together with the description that lies beside its weights. */
  public record Saved(Model model, ModelDescription description) {}

  /**
   * Makes sure, before the work, that a model can be written here.
   *
   * @param overwrite whether a model that is here may be replaced
   * @throws InvalidInputException if not, with what is in the way
   */
  public void checkWritable(boolean overwrite) {
    try {
      Storage.change(
          () -> {
            WholeFolder place = place();
            refuseExisting(place, overwrite);
            Path parent = place.folder().getParent();
            boolean here = parent == null || parent.toString().isEmpty();
            Storage.checkWritable(here ? new Path(".") : parent, hadoop);
          });
    } catch (IOException unreachable) {
      throw Storage.cannotWrite(named, unreachable);
    }
  }

  /**
   * Takes the place for a run, until that has written its model: nobody else begins one meanwhile.
   * What killed runs have left here is put in order.
   *
   * @param overwrite whether a model that is here may be replaced
   * @param say told when that takes a while
   * @return to be closed when the run has ended
   * @throws InvalidInputException if somebody is at work here, or a model cannot be written
   */
  public FolderLock claim(boolean overwrite, Consumer<String> say) {
    FolderLock taken = takeLock(say); // which shows that something can be written there
    boolean done = false;
    try {
      Storage.change(
          () -> {
            WholeFolder place = place();
            place.recover();
            refuseExisting(place, overwrite);
          });
      done = true;
      return taken;
    } catch (IOException failed) {
      throw Storage.cannotWrite(named, failed);
    } finally {
      if (!done) {
        taken.close();
      }
    }
  }

  /**
   * Takes the place of a model that is here, to add to it: nobody replaces it meanwhile.
   *
   * @param say told when that takes a while
   * @return to be closed when that is done
   * @throws InvalidInputException if somebody is at work here
   */
  public FolderLock claimToAdd(Consumer<String> say) {
    return takeLock(say);
  }

  /** This folder for the run that has {@linkplain #claim claimed} it. */
  public ModelFolder heldBy(FolderLock lock) {
    this.lock = lock;
    return this;
  }

  /**
   * This folder where a draft that finds no room on the disk is written once more.
   *
   * @param makeRoom whether it has found any
   */
  public ModelFolder makingRoom(BooleanSupplier makeRoom) {
    this.makeRoom = makeRoom;
    return this;
  }

  private FolderLock takeLock(Consumer<String> say) {
    try {
      WholeFolder place = Storage.access(this::place);
      Path parent = place.folder().getParent();
      if (parent != null && Storage.access(() -> isFile(place.fs(), parent))) {
        throw new InvalidInputException(
            "Cannot write %s: it is a file (must be a folder)".formatted(parent));
      }
      return FolderLock.take(place.folder(), hadoop, say);
    } catch (IOException unreachable) {
      throw Storage.cannotWrite(named, unreachable);
    }
  }

  /**
   * Writes a model and its history, whole or not at all. If this run has {@linkplain #claim
   * claimed} the place and lost it, the model is written beside it, and the refusal says where.
   *
   * @param overwrite whether a model that is here may be replaced
   * @throws InvalidInputException if that fails; what was here is still here
   */
  public void write(
      Model model, ModelDescription description, List<EpochRecord> history, boolean overwrite) {
    Map<String, Storage.Content> files = ModelFiles.of(model, description, history);
    FolderLock held = lock;
    if (held != null) {
      write(files, overwrite, held);
      return;
    }
    try (FolderLock taken = claim(overwrite, waiting -> {})) {
      write(files, overwrite, taken);
    }
  }

  private void write(Map<String, Storage.Content> files, boolean overwrite, FolderLock held) {
    try {
      Storage.change(
          () -> {
            WholeFolder place = place();
            String lost = lossOf(place, overwrite, held);
            if (lost != null) {
              throw new InvalidInputException(
                  "%s; the new model is in %s".formatted(lost, place.keepBeside(files)));
            }
            place.replace(files, makeRoom);
          });
    } catch (IOException failed) {
      throw Storage.cannotWrite(named, failed);
    }
  }

  /** Why this run may not write here any more, after its work; null if it may. */
  private @Nullable String lossOf(WholeFolder place, boolean overwrite, FolderLock held)
      throws IOException {
    if (!held.isHeld()) {
      return "Cannot write %s: another run has taken it meanwhile".formatted(named);
    }
    try {
      refuseExisting(place, overwrite);
      return null;
    } catch (InvalidInputException appeared) {
      return appeared.getMessage();
    }
  }

  /** Whether a report of the model is here. */
  public boolean hasReport() {
    try {
      return Storage.access(
          () -> {
            Path folder = place().folder();
            return Storage.of(folder, hadoop).exists(Storage.child(folder, REPORT));
          });
    } catch (IOException unreachable) {
      throw new InvalidInputException(
          "Cannot read model %s: %s".formatted(named, unreachable.getMessage()), unreachable);
    }
  }

  /**
   * Adds the report to a model that is here, whole or not at all.
   *
   * @throws InvalidInputException if that fails; the model is as it was
   */
  public void addReport(Storage.Content report) {
    try {
      Storage.writeFile(
          Storage.child(Storage.access(this::place).folder(), REPORT), hadoop, report);
    } catch (IOException unreachable) {
      throw Storage.cannotWrite(named, unreachable);
    }
  }

  /**
   * Reads a model back.
   *
   * @throws InvalidInputException if the folder is not there or not whole, naming the file
   */
  public Saved read() {
    return reading(() -> files(folderToRead()).read());
  }

  /**
   * Reads the epochs of the run that made the model; none if the folder has no history.
   *
   * @throws InvalidInputException if the file is not whole, or is that of another model
   */
  public List<EpochRecord> readHistory() {
    return reading(() -> files(folderToRead()).readHistory());
  }

  private ModelFiles files(Path folder) {
    return new ModelFiles(folder, hadoop);
  }

  private <T> T reading(Storage.Access<T> access) {
    try {
      return Storage.access(access);
    } catch (IOException failed) {
      throw Storage.cannotRead("model " + named, failed);
    }
  }

  private WholeFolder place() throws IOException {
    return WholeFolder.at(named, hadoop, ModelFiles.DESCRIPTION);
  }

  private Path folderToRead() throws IOException {
    WholeFolder place = place();
    Path folder = place.readable();
    if (!place.fs().exists(folder)) {
      throw new IOException("no such folder (give --model, or train one first)");
    }
    return folder;
  }

  /** Whether there is a folder to read, under this name or, after a kill, beside it. */
  public boolean isReadable() {
    return reading(
        () -> {
          WholeFolder place = place();
          return place.fs().exists(place.readable());
        });
  }

  /** Refuses to replace a model without leave, and anything else in any case. */
  private void refuseExisting(WholeFolder place, boolean overwrite) throws IOException {
    if (!place.exists()) {
      return;
    }
    String odd = oddFile(place);
    if (odd != null) {
      throw new InvalidInputException(
          "Cannot write %s: it exists and %s (give another --model)".formatted(named, odd));
    }
    if (!overwrite) {
      throw new InvalidInputException(
          "Cannot write %s: it exists (give another --model, or --overwrite to replace it)"
              .formatted(named));
    }
    if (place.isMountPoint()) {
      throw new InvalidInputException(
          "Cannot write %s: it is a disk of its own, which cannot be renamed (give a folder in it)"
              .formatted(named));
    }
  }

  private static boolean isFile(FileSystem fs, Path path) throws IOException {
    return fs.exists(path) && !fs.getFileStatus(path).isDirectory();
  }

  /** Why this is nothing that may be replaced; null if it is a model, or empty. */
  private static @Nullable String oddFile(WholeFolder place) throws IOException {
    FileSystem fs = place.fs();
    if (!fs.getFileStatus(place.folder()).isDirectory()) {
      return "is a file";
    }
    FileStatus[] files = fs.listStatus(place.folder());
    for (FileStatus file : files) {
      String name = file.getPath().getName();
      if (file.isDirectory() || !ModelFiles.isOurs(name)) {
        return "is not a model folder: %s is in it".formatted(OneLine.shorten(name));
      }
    }
    return files.length == 0 || fs.exists(Storage.child(place.folder(), ModelFiles.DESCRIPTION))
        ? null
        : "is not a model folder: it has no " + ModelFiles.DESCRIPTION;
  }

  /** The name of a field in our JSON. */
  static String snakeCase(String name) {
    return ((PropertyNamingStrategies.NamingBase) PropertyNamingStrategies.SNAKE_CASE)
        .translate(name);
  }
}
