package org.sparkprop.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
  private final ByteArrayOutputStream lines = new ByteArrayOutputStream();

  /** What grows; null where the file is written anew. */
  private final @Nullable FSDataOutputStream growing;

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
    Path folder = new Path(model);
    Path path = Storage.beside(folder, folder.getName() + ".history.jsonl");
    try {
      FileSystem fs = Storage.of(folder, hadoop);
      for (int number = 2; fs.exists(path); number++) {
        path = Storage.beside(folder, "%s.history-%d.jsonl".formatted(folder.getName(), number));
      }
      FSDataOutputStream out = fs.create(path, false);
      boolean grows = // a stream that can hsync can hflush, and the interface asks for the former
          out.hasCapability(StreamCapabilities.HSYNC);
      if (!grows) {
        out.close();
      }
      return new LiveHistory(fs, path, grows ? out : null);
    } catch (IOException refused) {
      throw Storage.cannotWrite(path, refused);
    }
  }

  /** An epoch as a line of the history. */
  static byte[] line(EpochRecord epoch) {
    try {
      String json =
          ModelFolder.JSON
              .writer()
              .without(SerializationFeature.INDENT_OUTPUT)
              .writeValueAsString(epoch);
      return (json + "\n").getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
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
    lines.writeBytes(line(epoch));
    try {
      if (growing != null) {
        growing.write(line(epoch));
        growing.hflush();
      } else {
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
