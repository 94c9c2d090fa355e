package org.sparkprop.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.ZipException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Reads one range of rows of an IDX file and, where asked for, the labels beside them. */
final class IdxReader implements PartitionReader<InternalRow> {
  private final IdxScan.Range range;
  private final String[] columns;
  private final @Nullable Column features;
  private final @Nullable Column labels;
  private long row;

  IdxReader(
      IdxFile images,
      @Nullable IdxFile labels,
      StructType columns,
      IdxScan.Range range,
      Configuration hadoop) {
    this.range = range;
    this.columns = columns.fieldNames();
    this.row = range.from() - 1;
    boolean wantsFeatures = columns.getFieldIndex("features").isDefined();
    boolean wantsLabels = columns.getFieldIndex("label").isDefined();
    this.features = wantsFeatures ? new Column(images, range, hadoop) : null;
    this.labels = wantsLabels && labels != null ? new Column(labels, range, hadoop) : null;
  }

  @Override
  public boolean next() throws IOException {
    if (row + 1 < range.to()) {
      row++;
      if (features != null) {
        features.next(row);
      }
      if (labels != null) {
        labels.next(row);
      }
      return true;
    }
    if (features != null) {
      features.checkEnd(range);
    }
    if (labels != null) {
      labels.checkEnd(range);
    }
    return false;
  }

  @Override
  public InternalRow get() {
    Object[] values = new Object[columns.length];
    for (int i = 0; i < columns.length; i++) {
      values[i] =
          switch (columns[i]) {
            case "row" -> row;
            case "features" -> features == null ? null : features.vector();
            case "label" -> labels == null ? null : labels.wholeNumber();
            default -> throw new IllegalStateException(columns[i]);
          };
    }
    return new GenericInternalRow(values);
  }

  @Override
  public void close() throws IOException {
    try {
      if (features != null) {
        features.close();
      }
    } finally {
      if (labels != null) {
        labels.close();
      }
    }
  }

  /** One of the two files, read row by row. */
  private static final class Column {
    private final IdxFile file;
    private final InputStream in;
    private final byte[] stored;

    Column(IdxFile file, IdxScan.Range range, Configuration hadoop) {
      this.file = file;
      this.stored = new byte[file.header().rowBytes()];
      try {
        this.in = file.openAtRow(range.from(), hadoop);
      } catch (IOException broken) {
        throw new InvalidInputException(
            "Cannot read %s: %s".formatted(file.path(), broken.getMessage()), broken);
      }
    }

    void next(long row) throws IOException {
      int read;
      try {
        read = in.readNBytes(stored, 0, stored.length);
      } catch (EOFException | ZipException cutShort) {
        read = 0;
      }
      if (read < stored.length) {
        throw new InvalidInputException(
            "Cannot read %s: it ends or is damaged in row %,d of %,d; fetch it again"
                .formatted(file.path(), row, file.header().rows()));
      }
    }

    /** Refuses a gzipped file that goes on after its last row; of a raw one the length is known. */
    void checkEnd(IdxScan.Range range) throws IOException {
      if (file.gzipped() && range.to() == file.header().rows() && in.read() >= 0) {
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
      return new GenericArrayData(floats);
    }

    int wholeNumber() {
      return (int) file.header().type().get(ByteBuffer.wrap(stored));
    }

    void close() throws IOException {
      in.close();
    }
  }
}
