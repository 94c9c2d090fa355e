package org.sparkprop.data.source.idx;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.zip.GZIPInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.spark.PlainFile;
import org.sparkprop.spark.Storage;

/**
 * One IDX file, raw or gzipped, whose header has been read.
 *
 * @param path a Hadoop path
 * @param bytes its length as stored
 */
@DefaultSerializer(JavaSerializer.class)
record IdxFile(String path, boolean gzipped, long bytes, IdxHeader header) implements Serializable {
  private static final int BUFFER_BYTES = 1 << 18;

  /** What deflate makes of zeros: 258 bytes in two bits. */
  private static final long MAX_GROWTH = 1032;

  /**
   * Reads the header, and checks that a raw file is as long as the header says.
   *
   * @throws InvalidInputException if there is no such file or it is not whole
   */
  static IdxFile open(String path, Configuration hadoop) {
    Path file = new Path(path);
    try {
      FileSystem fs = Storage.reached(file, hadoop);
      if (!fs.exists(file)) {
        throw new InvalidInputException("Cannot read %s: no such file".formatted(path));
      }
      FileStatus status = fs.getFileStatus(file);
      if (status.isDirectory()) {
        throw new InvalidInputException(
            "Cannot read %s: it is a folder (must be an IDX file)".formatted(path));
      }
      boolean gzipped;
      try (FSDataInputStream in = PlainFile.open(fs, file)) {
        gzipped = in.read() == 0x1f && in.read() == 0x8b;
      }
      try (InputStream stored = PlainFile.open(fs, file);
          InputStream in = unpacked(stored, gzipped)) {
        IdxHeader header = IdxHeader.read(in, path);
        IdxFile idx = new IdxFile(path, gzipped, status.getLen(), header);
        idx.checkLength();
        return idx;
      }
    } catch (IOException broken) {
      throw unreadable(path, broken);
    }
  }

  /** When the file was last written. */
  long modified(Configuration hadoop) {
    Path file = new Path(path);
    try {
      return Storage.reached(file, hadoop).getFileStatus(file).getModificationTime();
    } catch (IOException broken) {
      throw unreadable(path, broken);
    }
  }

  /** The whole file as it is stored, at most 2 GiB. */
  byte[] readStored(Configuration hadoop) {
    Path file = new Path(path);
    try (FSDataInputStream in = Storage.reached(file, hadoop).open(file)) {
      byte[] stored = new byte[Math.toIntExact(bytes)];
      in.readFully(0, stored);
      return stored;
    } catch (IOException broken) {
      throw unreadable(path, broken);
    }
  }

  /**
   * A stream of the file's own bytes that starts at the given row.
   *
   * @param content the stored bytes, where the file itself cannot be seen from here
   */
  InputStream openAtRow(long row, byte @Nullable [] content, Configuration hadoop)
      throws IOException {
    long at = header.headerBytes() + row * header.rowBytes();
    InputStream stored = null;
    try {
      if (content != null) {
        stored = new ByteArrayInputStream(content);
      } else {
        Path file = new Path(path);
        FSDataInputStream seekable = Storage.reached(file, hadoop).open(file);
        stored = seekable;
        if (!gzipped) {
          seekable.seek(at);
          return unpacked(seekable, false);
        }
      }
      InputStream in = unpacked(stored, gzipped);
      in.skipNBytes(at);
      return in;
    } catch (IOException | RuntimeException failed) {
      if (stored != null) {
        stored.close();
      }
      throw failed;
    }
  }

  /** What a user is told when the file system or the compression gives an error. */
  static InvalidInputException unreadable(String path, IOException broken) {
    String reason = broken.getMessage();
    return new InvalidInputException(
        "Cannot read %s: %s"
            .formatted(path, reason == null ? "it is cut short; fetch it again" : reason),
        broken);
  }

  private static InputStream unpacked(InputStream stored, boolean gzipped) throws IOException {
    InputStream buffered = new BufferedInputStream(stored, BUFFER_BYTES);
    return gzipped ? new GZIPInputStream(buffered, BUFFER_BYTES) : buffered;
  }

  /** Before memory is taken for a row, or time for all of them: a header may be damaged. */
  private void checkLength() {
    if (gzipped && header.fileBytes() / MAX_GROWTH > bytes) {
      throw new InvalidInputException(
          "Cannot read %s: %,d rows of %,d bytes cannot lie in %,d gzipped ones; fetch it again"
              .formatted(path, header.rows(), header.rowBytes(), bytes));
    }
    if (!gzipped && bytes != header.fileBytes()) {
      throw new InvalidInputException(
          "Cannot read %s: it has %,d bytes, but %,d rows of %,d bytes need %,d; fetch it again"
              .formatted(path, bytes, header.rows(), header.rowBytes(), header.fileBytes()));
    }
  }
}
