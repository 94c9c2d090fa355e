package org.sparkprop.data.source.idx;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
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
import org.apache.spark.sql.connector.read.SupportsPushDownFilters;
import org.apache.spark.sql.connector.read.SupportsPushDownRequiredColumns;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.sql.sources.GreaterThanOrEqual;
import org.apache.spark.sql.sources.LessThan;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;
import org.sparkprop.spark.QueryBroadcasts;

/**
 * How Spark reads an IDX file: only the columns and the cut it asks for, in ranges of rows as large
 * as Spark makes the splits of its own files. A gzipped file is one range, since it can only be
 * read from the start.
 */
final class IdxScan
    implements ScanBuilder, SupportsPushDownRequiredColumns, SupportsPushDownFilters, Scan, Batch {
  private static final QueryBroadcasts<StoredFile, byte[]> SHIPPED = QueryBroadcasts.byValue();

  private final IdxFile images;
  private final @Nullable IdxFile labels;
  private final boolean ship;
  private final List<Filter> cuts = new ArrayList<>();
  private StructType columns;
  private long from;
  private long to;

  /**
   * @param ship whether the driver reads the files for the executors
   */
  IdxScan(IdxFile images, @Nullable IdxFile labels, boolean ship, StructType columns) {
    this.images = images;
    this.labels = labels;
    this.ship = ship;
    this.columns = columns;
    this.to = images.header().rows();
  }

  /** Rows {@code from} to below {@code to} of one file. */
  @DefaultSerializer(JavaSerializer.class)
  record Range(long from, long to) implements InputPartition {}

  @Override
  public void pruneColumns(StructType required) {
    this.columns = required;
  }

  /** Takes {@code row >= n} and {@code row < n}, which is how {@link Part} cuts. */
  @Override
  public Filter[] pushFilters(Filter[] filters) {
    List<Filter> left = new ArrayList<>();
    for (Filter filter : filters) {
      if (filter instanceof GreaterThanOrEqual least
          && least.attribute().equals(IdxReader.ROW)
          && least.value() instanceof Long row) {
        from = Math.max(from, row);
        cuts.add(filter);
      } else if (filter instanceof LessThan most
          && most.attribute().equals(IdxReader.ROW)
          && most.value() instanceof Long row) {
        to = Math.min(to, row);
        cuts.add(filter);
      } else {
        left.add(filter);
      }
    }
    return left.toArray(Filter[]::new);
  }

  @Override
  public Filter[] pushedFilters() {
    return cuts.toArray(Filter[]::new);
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
    long rows = Math.max(0, to - from);
    if (images.gzipped()) {
      return new InputPartition[] {new Range(from, from + rows)};
    }
    int rowBytes = images.header().rowBytes();
    long rowsPerRange = Math.max(1, splitBytes(rows * rowBytes) / rowBytes);
    int ranges = Math.toIntExact(Math.max(1, -Math.floorDiv(-rows, rowsPerRange)));
    InputPartition[] partitions = new InputPartition[ranges];
    for (int i = 0; i < ranges; i++) {
      partitions[i] = new Range(from + rows * i / ranges, from + rows * (i + 1) / ranges);
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
    return ship && file != null ? shipped(spark, file) : null;
  }

  /** The bytes of a file as it is now: one broadcast for all queries of a run. */
  static Broadcast<byte[]> shipped(JavaSparkContext spark, IdxFile file) {
    Configuration hadoop = spark.hadoopConfiguration();
    StoredFile stored = new StoredFile(file.path(), file.bytes(), file.modified(hadoop));
    return SHIPPED.of(spark, stored, () -> file.readStored(hadoop));
  }

  private record StoredFile(String path, long bytes, long modified) {}

  /** The size that Spark's own file sources would cut a file of so many bytes into. */
  private static long splitBytes(long bytes) {
    SQLConf conf = SQLConf.get();
    long perCore = bytes / SparkSession.active().sparkContext().defaultParallelism();
    return Math.min(conf.filesMaxPartitionBytes(), Math.max(conf.filesOpenCostInBytes(), perCore));
  }

  @DefaultSerializer(JavaSerializer.class)
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
