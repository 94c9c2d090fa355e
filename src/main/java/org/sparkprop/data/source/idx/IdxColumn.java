package org.sparkprop.data.source.idx;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.ZipException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.InvalidInputException;

/** A range of rows of one IDX file, read row by row. It opens the file at the first row. */
final class IdxColumn implements AutoCloseable {
  private final IdxFile file;
  private final byte @Nullable [] content;
  private final IdxScan.Range range;
  private final Configuration hadoop;
  private final byte[] stored;
  private @Nullable InputStream opened;

  /**
   * @param content the stored bytes, where the file itself cannot be seen from here
   */
  IdxColumn(IdxFile file, byte @Nullable [] content, IdxScan.Range range, Configuration hadoop) {
    this.file = file;
    this.content = content;
    this.range = range;
    this.hadoop = hadoop;
    this.stored = new byte[file.header().rowBytes()];
  }

  /** Reads the next row, whose number is for messages only. */
  void next(long row) throws IOException {
    int read = 0;
    try {
      read = stream().readNBytes(stored, 0, stored.length);
    } catch (EOFException | ZipException cutShort) {
      // reported below, like a file that ends without an exception
    }
    if (read < stored.length) {
      throw new InvalidInputException(
          "Cannot read %s: it ends or is damaged in row %,d of %,d; fetch it again"
              .formatted(file.path(), row, file.header().rows()));
    }
  }

  /** Refuses a gzipped file that does not end well after its last row; a raw one was measured. */
  void checkEnd() throws IOException {
    if (!file.gzipped() || range.to() != file.header().rows()) {
      return;
    }
    int more;
    try {
      more = stream().read();
    } catch (EOFException | ZipException damaged) {
      throw new InvalidInputException(
          "Cannot read %s: it is damaged after its last row; fetch it again".formatted(file.path()),
          damaged);
    }
    if (more >= 0) {
      throw new InvalidInputException(
          "Cannot read %s: it goes on after its %,d rows; fetch it again"
              .formatted(file.path(), file.header().rows()));
    }
  }

  /** The row as a vector: its own bytes, or floats. */
  Object vector() {
    if (file.header().type() == IdxHeader.Type.UNSIGNED_BYTE) {
      return stored.clone();
    }
    ByteBuffer numbers = ByteBuffer.wrap(stored);
    float[] floats = new float[file.header().width()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) file.header().type().get(numbers);
    }
    return UnsafeArrayData.fromPrimitiveArray(floats);
  }

  int wholeNumber() {
    return (int) file.header().type().get(ByteBuffer.wrap(stored));
  }

  @Override
  public void close() throws IOException {
    if (opened != null) {
      opened.close();
    }
  }

  private InputStream stream() throws IOException {
    if (opened == null) {
      try {
        opened = file.openAtRow(range.from(), content, hadoop);
      } catch (EOFException | ZipException damaged) {
        throw damaged;
      } catch (IOException broken) {
        throw IdxFile.unreadable(file.path(), broken);
      }
    }
    return opened;
  }
}
