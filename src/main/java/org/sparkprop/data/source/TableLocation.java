package org.sparkprop.data.source;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.Secrets;
import org.sparkprop.data.source.column.TableOptions;
import org.sparkprop.data.source.file.CsvTable;
import org.sparkprop.data.source.file.FileColumns;
import org.sparkprop.data.source.file.JsonTable;
import org.sparkprop.data.source.file.ReadFailure;
import org.sparkprop.data.source.file.SecondLook;
import org.sparkprop.data.source.file.TableFormat;
import org.sparkprop.spark.FileList;
import org.sparkprop.spark.Globs;
import org.sparkprop.spark.PlainFile;

/** Where the rows of one part of a table come from. */
sealed interface TableLocation {
  /**
   * All its columns.
   *
   * @param name what the user calls it
   * @param said of its columns
   * @param warnings told what is doubtful
   * @throws Exception if Spark cannot read it: some of what it throws is checked, undeclared
   */
  Opened open(SparkSession spark, String name, TableOptions said, Consumer<String> warnings)
      throws Exception;

  /** How it is read, for the user. */
  String how();

  /**
   * A table that Spark can read.
   *
   * @param look at its files, for what Spark refuses later
   */
  record Opened(Dataset<Row> rows, SecondLook look) {}

  /**
   * Files, and folders of files.
   *
   * @param paths by their names; with globs only for sources that we do not know
   * @param source the name of Spark's data source
   * @param glob which names of files count; null for all that Spark does not take as hidden
   */
  record Files(
      List<String> paths, String source, Map<String, String> options, @Nullable String glob)
      implements TableLocation {
    /** Sources whose files we look at before Spark reads them. */
    private static final Set<String> LOOKED_AT = Set.of("csv", "json", "parquet", "orc");

    /** Hadoop looks for a file of checksums beside each, whose name must not have a colon. */
    private static final Map<String, String> WITHOUT_CHECKSUMS =
        Map.of(
            "fs.file.impl",
            "org.apache.hadoop.fs.RawLocalFileSystem",
            "fs.file.impl.disable.cache",
            "true");

    @Override
    public Opened open(
        SparkSession spark, String name, TableOptions said, Consumer<String> warnings) {
      Secrets.refuseMasked(options);
      Map<String, String> told = new HashMap<>(options);
      if (paths.stream().anyMatch(Files::hasColonOnDisk)) {
        told.putAll(WITHOUT_CHECKSUMS);
      }
      if (glob != null) {
        told.putIfAbsent("pathGlobFilter", glob);
      }
      for (String path : paths) {
        PlainFile.refuseAsTable(path, spark.sparkContext().hadoopConfiguration());
      }
      List<String> names = isKnown() ? Globs.literal(paths, told) : paths;
      if (!LOOKED_AT.contains(source)) {
        return new Opened(load(spark, names, told, null), SecondLook.NONE);
      }
      List<FileStatus> files = FileList.of(spark, names, told);
      if (files.stream().anyMatch(file -> hasColonOnDisk(file.getPath().toString()))) {
        told.putAll(WITHOUT_CHECKSUMS);
      }
      Configuration hadoop = FileList.hadoop(spark, told);
      if (source.equals("parquet") || source.equals("orc")) {
        ColumnarTable table =
            new ColumnarTable(
                FileColumns.of(spark, source, files, hadoop, name), said, isMerged(spark, told));
        return new Opened(load(spark, names, told, table.schema(warnings)), table);
      }
      JsonTable json = new JsonTable(files, told, hadoop);
      SecondLook look = json;
      try {
        if (source.equals("json")) {
          return new Opened(load(spark, names, told, json.inferred(spark)), look);
        }
        CsvTable csv = CsvTable.of(spark, files, told, hadoop, name, warnings);
        look = csv;
        Dataset<Row> rows = load(spark, names, csv.options(), csv.inferred(spark));
        StructType types =
            csv.withoutSuffixes(rows, as -> load(spark, names, csv.options(), as), name);
        return new Opened(types == null ? rows : load(spark, names, csv.options(), types), look);
      } catch (Exception unreadable) { // Spark's checked exceptions, which Scala does not declare
        throw ReadFailure.refusal(name, unreadable, look);
      }
    }

    private boolean isMerged(SparkSession spark, Map<String, String> told) {
      Map<String, String> anyCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      anyCase.putAll(told);
      String setting = spark.conf().get("spark.sql.%s.mergeSchema".formatted(source), "false");
      return Boolean.parseBoolean(anyCase.getOrDefault("mergeSchema", setting));
    }

    private boolean isKnown() {
      return Arrays.stream(TableFormat.values()).anyMatch(known -> known.source().equals(source));
    }

    private static boolean hasColonOnDisk(String path) {
      return path.startsWith("file:") && path.indexOf(':', "file:".length()) >= 0;
    }

    private Dataset<Row> load(
        SparkSession spark,
        List<String> names,
        Map<String, String> told,
        @Nullable StructType schema) {
      DataFrameReader reader = spark.read().format(source).options(told);
      if (schema != null) {
        reader = reader.schema(schema);
      }
      return reader.load(names.toArray(String[]::new));
    }

    @Override
    public String how() {
      if (!source.equals("csv")) {
        return source;
      }
      return "csv, %s, %s"
          .formatted(
              isSet("header") ? "first line is the header" : "no header",
              isSet("inferSchema") ? "types inferred" : "types not inferred");
    }

    private boolean isSet(String option) {
      return "true".equalsIgnoreCase(options.get(option));
    }
  }

  /** A table of Spark's catalog, such as {@code db.name}. */
  record Catalog(String table) implements TableLocation {
    @Override
    public Opened open(
        SparkSession spark, String name, TableOptions said, Consumer<String> warnings) {
      return new Opened(spark.table(table), SecondLook.NONE);
    }

    @Override
    public String how() {
      return "a table of the catalog";
    }
  }
}
