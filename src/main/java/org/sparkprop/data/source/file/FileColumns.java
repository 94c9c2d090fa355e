package org.sparkprop.data.source.file;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.orc.OrcFile;
import org.apache.orc.Reader;
import org.apache.orc.TypeDescription;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.parquet.schema.Type;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.parquet.ParquetToSparkSchemaConverter;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.spark.JobDescription;

/**
 * The columns of one file of a table, as the file itself says.
 *
 * @param types by name, as Spark calls them or, for those that it cannot read, as the file does
 * @param readable those that Spark can read; null if Spark is not asked
 * @param unreadable names of columns that it cannot read
 * @param nanoseconds names of columns that are moments, though Spark may read them as numbers
 */
public record FileColumns(
    String path,
    Map<String, String> types,
    @Nullable StructType readable,
    List<String> unreadable,
    List<String> nanoseconds) {
  private static final int FILES_PER_TASK = 64;

  /**
   * What the files of a table say, in one Spark job.
   *
   * @param source {@code parquet} or {@code orc}
   * @param files in the order of their paths
   */
  public static List<FileColumns> of(
      SparkSession spark,
      String source,
      List<FileStatus> files,
      Configuration hadoop,
      String name) {
    List<String> paths = files.stream().map(file -> file.getPath().toString()).toList();
    if (paths.isEmpty()) {
      return List.of();
    }
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Broadcast<SerializableConfiguration> conf =
        context.broadcast(new SerializableConfiguration(hadoop));
    int tasks =
        Math.max(
            Math.min(paths.size(), context.defaultParallelism()),
            (paths.size() + FILES_PER_TASK - 1) / FILES_PER_TASK);
    boolean parquet = source.equals("parquet");
    List<String> schemas;
    try {
      schemas =
          JobDescription.during(
              spark.sparkContext(),
              "comparing the columns of " + name,
              () ->
                  context
                      .parallelize(paths, tasks)
                      .map(path -> schema(path, conf.value().value(), parquet))
                      .collect());
    } finally {
      conf.destroy();
    }
    ParquetToSparkSchemaConverter converter =
        new ParquetToSparkSchemaConverter(
            ((org.apache.spark.sql.classic.SparkSession) spark).sessionState().conf());
    Map<String, FileColumns> met = new LinkedHashMap<>();
    List<FileColumns> all = new ArrayList<>();
    for (int i = 0; i < paths.size(); i++) {
      String path = paths.get(i);
      FileColumns columns =
          met.computeIfAbsent(
              schemas.get(i), text -> parquet ? ofParquet(text, converter) : ofOrc(text));
      all.add(
          new FileColumns(
              path, columns.types, columns.readable, columns.unreadable, columns.nanoseconds));
    }
    return all;
  }

  private static String schema(String path, Configuration hadoop, boolean parquet) {
    Path file = new Path(path);
    try {
      if (parquet) {
        try (ParquetFileReader reader =
            ParquetFileReader.open(HadoopInputFile.fromPath(file, hadoop))) {
          return reader.getFooter().getFileMetaData().getSchema().toString();
        }
      }
      try (Reader reader = OrcFile.createReader(file, OrcFile.readerOptions(hadoop))) {
        return reader.getSchema().toString();
      }
    } catch (IOException | RuntimeException unreadable) {
      String message = String.valueOf(unreadable.getMessage());
      throw new InvalidInputException(
          "Cannot read %s: %s"
              .formatted(
                  path, message.lines().findFirst().orElse("").replaceFirst("\\.( .*)?$", "")),
          unreadable);
    }
  }

  private static FileColumns ofParquet(String text, ParquetToSparkSchemaConverter converter) {
    Map<String, String> types = new LinkedHashMap<>();
    StructType readable = new StructType();
    List<String> unreadable = new ArrayList<>();
    List<String> nanoseconds = new ArrayList<>();
    for (Type column : MessageTypeParser.parseMessageType(text).getFields()) {
      LogicalTypeAnnotation meaning = column.getLogicalTypeAnnotation();
      if (meaning instanceof LogicalTypeAnnotation.TimestampLogicalTypeAnnotation moment
          && moment.getUnit() == LogicalTypeAnnotation.TimeUnit.NANOS) {
        nanoseconds.add(column.getName());
      }
      try {
        StructField field = converter.convert(new MessageType("file", column)).fields()[0];
        types.put(column.getName(), field.dataType().simpleString());
        readable = readable.add(field);
      } catch (Exception unknown) { // Spark's AnalysisException, which Scala does not declare
        types.put(column.getName(), meaning == null ? column.toString() : meaning.toString());
        unreadable.add(column.getName());
      }
    }
    return new FileColumns("", types, readable, unreadable, nanoseconds);
  }

  private static FileColumns ofOrc(String text) {
    Map<String, String> types = new LinkedHashMap<>();
    TypeDescription schema = TypeDescription.fromString(text);
    for (int i = 0; i < schema.getFieldNames().size(); i++) {
      types.put(schema.getFieldNames().get(i), schema.getChildren().get(i).toString());
    }
    return new FileColumns("", types, null, List.of(), List.of());
  }
}
