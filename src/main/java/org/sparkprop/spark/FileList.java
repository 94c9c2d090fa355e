package org.sparkprop.spark;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.datasources.FileIndex;
import org.apache.spark.sql.execution.datasources.FileStatusWithMetadata;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.execution.datasources.PartitionDirectory;
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2Relation;
import org.apache.spark.sql.execution.datasources.v2.FileTable;
import org.jspecify.annotations.Nullable;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** The files that Spark would read. */
public final class FileList {
  private FileList() {}

  /**
   * The files at these paths that are not empty, in the order of their names, found by Spark as it
   * finds those of a table.
   *
   * @param options which files count, and how they are reached
   */
  public static List<FileStatus> of(
      SparkSession spark, List<String> paths, Map<String, String> options) {
    Dataset<Row> text =
        spark
            .read()
            .format("text")
            .options(options)
            .schema("value string")
            .load(paths.toArray(String[]::new));
    FileIndex index = index(text.queryExecution().analyzed());
    List<FileStatus> files = new ArrayList<>();
    if (index != null) {
      Seq<Expression> all = CollectionConverters.asScala(List.<Expression>of()).toSeq();
      for (PartitionDirectory folder : CollectionConverters.asJava(index.listFiles(all, all))) {
        for (FileStatusWithMetadata file : CollectionConverters.asJava(folder.files())) {
          files.add(file.fileStatus());
        }
      }
    }
    files.sort(Comparator.comparing(file -> file.getPath().toString()));
    return files;
  }

  private static @Nullable FileIndex index(LogicalPlan plan) {
    if (plan instanceof LogicalRelation relation
        && relation.relation() instanceof HadoopFsRelation files) {
      return files.location();
    }
    if (plan instanceof DataSourceV2Relation relation
        && relation.table() instanceof FileTable files) {
      return files.fileIndex();
    }
    return null;
  }

  /** How Spark reaches files under these options. */
  public static Configuration hadoop(SparkSession spark, Map<String, String> options) {
    return ((org.apache.spark.sql.classic.SparkSession) spark)
        .sessionState()
        .newHadoopConfWithOptions(
            scala.collection.immutable.Map$.MODULE$.from(CollectionConverters.asScala(options)));
  }
}
