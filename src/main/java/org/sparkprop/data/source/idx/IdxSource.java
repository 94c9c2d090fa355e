package org.sparkprop.data.source.idx;

import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.sources.DataSourceRegister;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.InvalidInputException;

/**
 * The Spark data source {@code idx}: {@code spark.read().format("idx").option("labels",
 * labels).load(images)}.
 *
 * <p>Columns: {@code row} (long, from 0), {@code features} (binary where the file holds unsigned
 * bytes, else array of float) and, with the option {@code labels}, {@code label} (int). Either file
 * may be gzipped. With the option {@code ship} the driver reads the files, for executors that
 * cannot see them.
 */
public final class IdxSource implements TableProvider, DataSourceRegister {
  public static final String LABELS = "labels";
  public static final String SHIP = "ship";

  @Override
  public String shortName() {
    return "idx";
  }

  @Override
  public StructType inferSchema(CaseInsensitiveStringMap options) {
    return table(options).schema();
  }

  @Override
  public Table getTable(
      @Nullable StructType schema, Transform[] partitioning, Map<String, String> properties) {
    return table(new CaseInsensitiveStringMap(properties));
  }

  private static IdxTable table(CaseInsensitiveStringMap options) {
    String images = options.get("path");
    if (images == null) {
      throw new InvalidInputException("Cannot read idx: no path (must be load(path) of one file)");
    }
    Configuration hadoop = SparkSession.active().sparkContext().hadoopConfiguration();
    boolean ship = options.getBoolean(SHIP, false);
    String labels = options.get(LABELS);
    return new IdxTable(
        IdxFile.open(images, hadoop), labels == null ? null : openLabels(labels, hadoop), ship);
  }

  private static IdxFile openLabels(String labels, Configuration hadoop) {
    IdxFile file = IdxFile.open(labels, hadoop);
    if (file.header().width() != 1 || !file.header().type().isWhole()) {
      throw new InvalidInputException(
          "Cannot read %s: it has %d %ss a row (labels must be one whole number each)"
              .formatted(labels, file.header().width(), file.header().type().words()));
    }
    return file;
  }

  /** The two files as one table of rows. */
  private record IdxTable(IdxFile images, @Nullable IdxFile labels, boolean ship)
      implements Table, SupportsRead {
    IdxTable {
      if (labels != null && labels.header().rows() != images.header().rows()) {
        throw new InvalidInputException(
            "Cannot read %s: it has %,d rows, but %s has %,d labels"
                .formatted(
                    images.path(), images.header().rows(), labels.path(), labels.header().rows()));
      }
    }

    @Override
    public String name() {
      return "idx " + images.path();
    }

    @Override
    @SuppressWarnings("deprecation") // columns() would do, but the Spark 4.0 readers ask for this
    public StructType schema() {
      DataType features =
          images.header().type() == IdxHeader.Type.UNSIGNED_BYTE
              ? DataTypes.BinaryType
              : DataTypes.createArrayType(DataTypes.FloatType, false);
      StructType schema =
          new StructType().add("row", DataTypes.LongType, false).add("features", features, false);
      return labels == null ? schema : schema.add("label", DataTypes.IntegerType, false);
    }

    @Override
    public Set<TableCapability> capabilities() {
      return Set.of(TableCapability.BATCH_READ);
    }

    @Override
    public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
      return new IdxScan(images, labels, ship, schema());
    }
  }
}
