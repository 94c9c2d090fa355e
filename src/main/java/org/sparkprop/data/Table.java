package org.sparkprop.data;

import java.util.List;
import java.util.Map;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/** Where the rows of one part of a table come from. */
sealed interface Table {
  /**
   * All its columns.
   *
   * @throws Exception if Spark cannot read it: some of what it throws is checked, undeclared
   */
  Dataset<Row> read(SparkSession spark) throws Exception;

  /** How it is read, for the user. */
  String how();

  /**
   * Files, and folders of files.
   *
   * @param paths with or without globs
   * @param source the name of Spark's data source
   * @param glob which names of files count; null for all that Spark does not take as hidden
   */
  record Files(
      List<String> paths, String source, Map<String, String> options, @Nullable String glob)
      implements Table {
    @Override
    public Dataset<Row> read(SparkSession spark) {
      DataFrameReader reader = spark.read().format(source).options(options);
      if (glob != null) {
        reader = reader.option("pathGlobFilter", glob);
      }
      return reader.load(paths.toArray(String[]::new));
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
  record Catalog(String table) implements Table {
    @Override
    public Dataset<Row> read(SparkSession spark) {
      return spark.table(table);
    }

    @Override
    public String how() {
      return "a table of the catalog";
    }
  }
}
