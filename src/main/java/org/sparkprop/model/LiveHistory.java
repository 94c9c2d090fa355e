package org.sparkprop.model;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;
import org.jspecify.annotations.Nullable;
import org.sparkprop.data.InvalidInputException;

/**
 * The history of a run while it goes on: a file beside the folder of its model to be, {@code
 * models/mnist.history.jsonl}, with a line for each epoch that is done. Where the file system shows
 * what has been flushed, as local disks and HDFS do, it is one file that grows; object stores get
 * it anew each time.
 */
public final class LiveHistory implements AutoCloseable {
  private final FileSystem fs;
  private final Path path;

  /** What grows; null where the file is written anew, with all lines. */
  private final @Nullable FSDataOutputStream growing;

  private final ByteArrayOutputStream lines = new ByteArrayOutputStream();

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
    Path path = name(model, 1);
    try {
      FileSystem fs = Storage.of(path, hadoop);
      for (int number = 2; fs.exists(path); number++) {
        path = name(model, number);
      }
      return open(fs, path, false);
    } catch (IOException refused) {
      throw Storage.cannotWrite(path, refused);
    }
  }

  /**
   * The file of the last run that was cut off, to be filled anew.
   *
   * @param model the folder that the model will be written to
   * @throws InvalidInputException if it cannot be written
   */
  public static LiveHistory again(String model, Configuration hadoop) {
    Path path = name(model, 1);
    try {
      FileSystem fs = Storage.of(path, hadoop);
      for (int number = 2; fs.exists(name(model, number)); number++) {
        path = name(model, number);
      }
      return open(fs, path, true);
    } catch (IOException refused) {
      throw Storage.cannotWrite(path, refused);
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
    Path folder = new Path(model);
    String suffix = number == 1 ? ".history.jsonl" : ".history-%d.jsonl".formatted(number);
    return Storage.beside(folder, folder.getName() + suffix);
  }

  public Path path() {
    return path;
  }

  /**
   * Adds a line, which is there to be read when this returns.
   *
   * @throws InvalidInputException if it cannot be written
   */
  public void add(EpochRecord epoch) {
    byte[] line = HistoryFile.line(epoch);
    try {
      if (growing != null) {
        growing.write(line);
        growing.hflush();
      } else {
        lines.writeBytes(line);
        // Where nothing grows, a file appears when it is closed, and the old one is there until
        // then.
        try (FSDataOutputStream out = fs.create(path, true)) {
          lines.writeTo(out);
        }
      }
    } catch (IOException failed) {
      throw Storage.cannotWrite(path, failed);
    }
  }

  /** Takes the file away: the model has its lines, or there are none. */
  public void delete() {
    close();
    try {
      fs.delete(path, false);
    } catch (IOException stuck) {
      throw Storage.cannotWrite(path, stuck);
    }
  }

  /** Leaves the file as it is. */
  @Override
  public void close() {
    try {
      if (growing != null) {
        growing.close();
      }
    } catch (IOException failed) {
      throw Storage.cannotWrite(path, failed);
    }
  }
}
