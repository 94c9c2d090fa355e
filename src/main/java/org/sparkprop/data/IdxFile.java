package org.sparkprop.data;

import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.zip.GZIPInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkFiles;

/**
 * One IDX file, raw or gzipped, whose header has been read.
 *
 * @param path a Hadoop path
 * @param shipped whether executors find it among the files that the driver shipped, by name
 * @param bytes its length as stored
 */
record IdxFile(String path, boolean shipped, boolean gzipped, long bytes, IdxHeader header)
    implements Serializable {
  private static final int BUFFER_BYTES = 1 << 18;

  /**
   * Reads the header, and checks that a raw file is as long as the header says.
   *
   * @throws InvalidInputException if there is no such file or it is not whole
   */
  static IdxFile open(String path, boolean shipped, Configuration hadoop) throws IOException {
    Path file = new Path(path);
    FileSystem fs = file.getFileSystem(hadoop);
    try {
      FileStatus status = fs.getFileStatus(file);
      if (status.isDirectory()) {
        throw new InvalidInputException(
            "Cannot read %s: it is a folder (must be an IDX file)".formatted(path));
      }
      boolean gzipped;
      try (FSDataInputStream in = fs.open(file)) {
        gzipped = in.read() == 0x1f && in.read() == 0x8b;
      }
      try (InputStream in = unpacked(fs.open(file), gzipped)) {
        IdxHeader header = IdxHeader.read(in, path);
        IdxFile idx = new IdxFile(path, shipped, gzipped, status.getLen(), header);
        idx.checkLength();
        return idx;
      }
    } catch (FileNotFoundException missing) {
      throw new InvalidInputException("Cannot read %s: no such file".formatted(path), missing);
    }
  }

  /** A stream of the file's own bytes that starts at the given row. */
  InputStream openAtRow(long row, Configuration hadoop) throws IOException {
    Path file = new Path(shipped ? "file://" + SparkFiles.get(new Path(path).getName()) : path);
    FSDataInputStream stored = file.getFileSystem(hadoop).open(file);
    long at = header.headerBytes() + row * header.rowBytes();
    if (!gzipped) {
      stored.seek(at);
      return new BufferedInputStream(stored, BUFFER_BYTES);
    }
    InputStream in = unpacked(stored, true);
    in.skipNBytes(at);
    return in;
  }

  private static InputStream unpacked(InputStream stored, boolean gzipped) throws IOException {
    InputStream buffered = new BufferedInputStream(stored, BUFFER_BYTES);
    return gzipped ? new GZIPInputStream(buffered, BUFFER_BYTES) : buffered;
  }

  private void checkLength() {
    if (!gzipped && bytes != header.fileBytes()) {
      throw new InvalidInputException(
          "Cannot read %s: it has %,d bytes, but %,d rows of %,d bytes need %,d; fetch it again"
              .formatted(path, bytes, header.rows(), header.rowBytes(), header.fileBytes()));
    }
  }
}
