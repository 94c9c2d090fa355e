package org.sparkprop.data;

import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
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
  private final boolean ship;
  private StructType columns;

  /**
   * @param ship whether the driver reads the files for the executors
   */
  IdxScan(IdxFile images, @Nullable IdxFile labels, boolean ship, StructType columns) {
    this.images = images;
    this.labels = labels;
    this.ship = ship;
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
    JavaSparkContext spark =
        JavaSparkContext.fromSparkContext(SparkSession.active().sparkContext());
    boolean wantsFeatures = IdxReader.wants(columns, IdxReader.FEATURES);
    boolean wantsLabels = labels != null && IdxReader.wants(columns, IdxReader.LABEL);
    return new ReaderFactory(
        images,
        wantsFeatures ? ship(spark, images) : null,
        labels,
        wantsLabels ? ship(spark, labels) : null,
        columns,
        spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration())));
  }

  private @Nullable Broadcast<byte[]> ship(JavaSparkContext spark, @Nullable IdxFile file) {
    return ship && file != null
        ? spark.broadcast(file.readStored(spark.hadoopConfiguration()))
        : null;
  }

  /** The size that Spark's own file sources would cut this file into. */
  private long splitBytes() {
    SQLConf conf = SQLConf.get();
    long perCore = images.bytes() / SparkSession.active().sparkContext().defaultParallelism();
    return Math.min(conf.filesMaxPartitionBytes(), Math.max(conf.filesOpenCostInBytes(), perCore));
  }

  private record ReaderFactory(
      IdxFile images,
      @Nullable Broadcast<byte[]> imagesContent,
      @Nullable IdxFile labels,
      @Nullable Broadcast<byte[]> labelsContent,
      StructType columns,
      Broadcast<SerializableConfiguration> hadoop)
      implements PartitionReaderFactory, Serializable {
    @Override
    public PartitionReader<InternalRow> createReader(InputPartition partition) {
      IdxScan.Range range = (Range) partition;
      Configuration configuration = hadoop.value().value();
      return new IdxReader(
          range,
          columns,
          IdxReader.wants(columns, IdxReader.FEATURES)
              ? new IdxColumn(images, valueOf(imagesContent), range, configuration)
              : null,
          labels != null && IdxReader.wants(columns, IdxReader.LABEL)
              ? new IdxColumn(labels, valueOf(labelsContent), range, configuration)
              : null);
    }

    private static byte @Nullable [] valueOf(@Nullable Broadcast<byte[]> content) {
      return content == null ? null : content.value();
    }
  }
}
