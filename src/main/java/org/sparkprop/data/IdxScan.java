package org.sparkprop.data;

import java.io.Serializable;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.read.SupportsPushDownRequiredColumns;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * How Spark reads an IDX file: only the columns it asks for, in ranges of rows as large as Spark
 * makes the splits of its own files. A gzipped file is one range, since it can only be read from
 * the start.
 */
final class IdxScan implements ScanBuilder, SupportsPushDownRequiredColumns, Scan, Batch {
  private final IdxFile images;
  private final @Nullable IdxFile labels;
  private StructType columns;

  IdxScan(IdxFile images, @Nullable IdxFile labels, StructType columns) {
    this.images = images;
    this.labels = labels;
    this.columns = columns;
  }

  /** Rows {@code from} to below {@code to} of one file. */
  record Range(long from, long to) implements InputPartition {}

  @Override
  public void pruneColumns(StructType required) {
    this.columns = required;
  }

  @Override
  public Scan build() {
    return this;
  }

  @Override
  public StructType readSchema() {
    return columns;
  }

  @Override
  public String description() {
    return "idx " + images.path();
  }

  @Override
  public Batch toBatch() {
    return this;
  }

  @Override
  public InputPartition[] planInputPartitions() {
    long rows = images.header().rows();
    if (images.gzipped()) {
      return new InputPartition[] {new Range(0, rows)};
    }
    long rowsPerRange = Math.max(1, splitBytes() / images.header().rowBytes());
    int ranges = Math.toIntExact(Math.max(1, -Math.floorDiv(-rows, rowsPerRange)));
    InputPartition[] partitions = new InputPartition[ranges];
    for (int i = 0; i < ranges; i++) {
      partitions[i] = new Range(rows * i / ranges, rows * (i + 1) / ranges);
    }
    return partitions;
  }

  @Override
  public PartitionReaderFactory createReaderFactory() {
    SparkSession spark = SparkSession.active();
    Broadcast<SerializableConfiguration> hadoop =
        spark
            .sparkContext()
            .broadcast(
                new SerializableConfiguration(spark.sparkContext().hadoopConfiguration()),
                scala.reflect.ClassTag$.MODULE$.apply(SerializableConfiguration.class));
    return new ReaderFactory(images, labels, columns, hadoop);
  }

  /** The size that Spark's own file sources would cut this file into. */
  private long splitBytes() {
    SQLConf conf = SQLConf.get();
    long perCore = images.bytes() / SparkSession.active().sparkContext().defaultParallelism();
    return Math.min(conf.filesMaxPartitionBytes(), Math.max(conf.filesOpenCostInBytes(), perCore));
  }

  private record ReaderFactory(
      IdxFile images,
      @Nullable IdxFile labels,
      StructType columns,
      Broadcast<SerializableConfiguration> hadoop)
      implements PartitionReaderFactory, Serializable {
    @Override
    public PartitionReader<InternalRow> createReader(InputPartition partition) {
      return new IdxReader(images, labels, columns, (Range) partition, hadoop.value().value());
    }
  }
}
