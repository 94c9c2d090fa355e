package org.sparkprop.model;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.spark.PlainFile;
import org.sparkprop.spark.Storage;

/**
 * The history of a run while it goes on: a file beside the folder of its model to be, {@code
 * models/mnist.history.jsonl}, with a line for each epoch that is done. Where the file system shows
 * what has been flushed, as local disks and HDFS do, it is one file that grows; object stores get
 * it anew each time.
 */
public final class LiveHistory implements AutoCloseable {
  private static final String BEGINNING = "{\"epoch\":";

  private final FileSystem fs;
  private final Path path;

  /** What grows; null where the file is written anew, with all lines. */
  private final @Nullable FSDataOutputStream growing;

  private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
  private int written;
  private long writtenAt = System.nanoTime();

  private LiveHistory(FileSystem fs, Path path, @Nullable FSDataOutputStream growing) {
    this.fs = fs;
    this.path = path;
    this.growing = growing;
  }

  /**
   * An empty file, under a name that was free: a run that failed may have left one.
   *
   * @param model the folder that the model will be written to
   * @throws InvalidInputException if it cannot be made
   */
  public static LiveHistory create(String model, Configuration hadoop) {
    return opened(
        model,
        () -> {
          Path path = name(model, 1);
          FileSystem fs = Storage.of(path, hadoop);
          for (int number = 2; fs.exists(path); number++) {
            path = name(model, number);
          }
          return open(fs, path, false);
        });
  }

  /**
   * The file of the last run that was cut off, to be filled anew.
   *
   * @param model the folder that the model will be written to
   * @throws InvalidInputException if it cannot be written
   */
  public static LiveHistory again(String model, Configuration hadoop) {
    return opened(
        model,
        () -> {
          Path path = name(model, 1);
          FileSystem fs = Storage.of(path, hadoop);
          for (int number = 2; fs.exists(name(model, number)); number++) {
            path = name(model, number);
          }
          return open(fs, path, true);
        });
  }

  private static LiveHistory opened(String model, Storage.Access<LiveHistory> access) {
    try {
      return Storage.access(access);
    } catch (IOException refused) {
      throw Storage.cannotWrite(name(model, 1), refused);
    }
  }

  /**
   * Deletes what earlier runs that never came to a model have left under this name. Only for who
   * holds its lock, when the model is written.
   *
   * @param model the folder that has the model
   */
  public static void deleteAll(String model, Configuration hadoop) {
    Path first = name(model, 1);
    Pattern names =
        Pattern.compile(
            Pattern.quote(Storage.path(model).getName()) + "\\.history(-\\d{1,9})?\\.jsonl");
    try {
      Storage.change(
          () -> {
            FileSystem fs = Storage.of(first, hadoop);
            Path parent = first.getParent() == null ? new Path(".") : first.getParent();
            for (FileStatus file : fs.listStatus(parent)) {
              Path path = file.getPath();
              if (file.isFile() && names.matcher(path.getName()).matches() && isOurs(fs, file)) {
                Storage.deleteQuietly(fs, path);
              }
            }
          });
    } catch (IOException unlisted) {
      // They stay, and harm nobody.
    }
  }

  private static boolean isOurs(FileSystem fs, FileStatus file) throws IOException {
    if (file.getLen() == 0) {
      return true;
    }
    try (InputStream in = PlainFile.open(fs, file.getPath())) {
      return new String(in.readNBytes(BEGINNING.length()), StandardCharsets.UTF_8)
          .equals(BEGINNING);
    }
  }

  private static LiveHistory open(FileSystem fs, Path path, boolean overwrite) throws IOException {
    FSDataOutputStream out = fs.create(path, overwrite);
    boolean grows = // a stream that can hsync can hflush, and the interface asks for the former
        out.hasCapability(StreamCapabilities.HSYNC);
    if (!grows) {
      out.close();
    }
    return new LiveHistory(fs, path, grows ? out : null);
  }

  private static Path name(String model, int number) {
    Path folder = Storage.path(model);
    String suffix = number == 1 ? ".history.jsonl" : ".history-%d.jsonl".formatted(number);
    return Storage.beside(folder, folder.getName() + suffix);
  }

  public Path path() {
    return path;
  }

  /**
   * Adds a line, which is there to be read when this returns; on object stores, a minute later at
   * most with the next one.
   *
   * @throws InvalidInputException if it cannot be written
   */
  public void add(EpochRecord epoch) {
    byte[] line = HistoryFile.line(epoch);
    try {
      Storage.change(
          () -> {
            if (growing != null) {
              growing.write(line);
              growing.hflush();
            } else {
              lines.writeBytes(line);
              if (isDue()) {
                writeAnew();
              }
            }
          });
    } catch (IOException failed) {
      throw Storage.cannotWrite(path, failed);
    }
  }

  /**
   * Whether all lines are to be written anew: each time would be bytes that grow as the square of
   * the epochs. So at first each time, then when there is a sixteenth more, or a minute has passed.
   */
  private boolean isDue() {
    return (lines.size() - written) * 16L >= written
        || System.nanoTime() - writtenAt >= TimeUnit.MINUTES.toNanos(1);
  }

  /** Where nothing grows, a file appears when it is closed; the old one is there until then. */
  private void writeAnew() throws IOException {
    try (FSDataOutputStream out = fs.create(path, true)) {
      lines.writeTo(out);
    }
    written = lines.size();
    writtenAt = System.nanoTime();
  }

  /** Takes the file away: the model has its lines, or there are none. */
  public void delete() {
    written = lines.size(); // none are missed
    close();
    try {
      Storage.change(() -> fs.delete(path, false));
    } catch (IOException stuck) {
      throw Storage.cannotWrite(path, stuck);
    }
  }

  /** Leaves the file as it is. */
  @Override
  public void close() {
    try {
      Storage.change(
          () -> {
            if (growing != null) {
              growing.close();
            } else if (written < lines.size()) {
              writeAnew();
            }
          });
    } catch (IOException failed) {
      throw Storage.cannotWrite(path, failed);
    }
  }
}
