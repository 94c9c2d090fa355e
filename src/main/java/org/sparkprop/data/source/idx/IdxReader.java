package org.sparkprop.data.source.idx;

import java.io.IOException;
import java.util.Arrays;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Reads one range of rows: the features and, where asked for, the labels beside them. */
final class IdxReader implements PartitionReader<InternalRow> {
  static final String ROW = "row";
  static final String FEATURES = "features";
  static final String LABEL = "label";

  private final IdxScan.Range range;
  private final String[] columns;
  private final @Nullable IdxColumn features;
  private final @Nullable IdxColumn labels;
  private long row;

  /**
   * @param features null if no features are wanted; likewise {@code labels}
   */
  IdxReader(
      IdxScan.Range range,
      StructType columns,
      @Nullable IdxColumn features,
      @Nullable IdxColumn labels) {
    this.range = range;
    this.columns = columns.fieldNames();
    this.features = features;
    this.labels = labels;
    this.row = range.from() - 1;
  }

  /** Whether a column is among those that Spark asks for. */
  static boolean wants(StructType columns, String column) {
    return Arrays.asList(columns.fieldNames()).contains(column);
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
      features.checkEnd();
    }
    if (labels != null) {
      labels.checkEnd();
    }
    return false;
  }

  @Override
  public InternalRow get() {
    Object[] values = new Object[columns.length];
    for (int i = 0; i < columns.length; i++) {
      values[i] =
          switch (columns[i]) {
            case ROW -> row;
            case FEATURES -> features == null ? null : features.vector();
            case LABEL -> labels == null ? null : labels.wholeNumber();
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
}
