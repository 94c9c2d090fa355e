package org.sparkprop.spark;

import java.util.List;
import java.util.Objects;
import org.apache.spark.Dependency;
import org.apache.spark.OneToOneDependency;
import org.apache.spark.Partition;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.jspecify.annotations.Nullable;
import scala.collection.Iterator;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * What tasks make of a Dataset's rows. To ask an adaptive plan for its RDD runs the jobs of its
 * shuffles, so this asks when Spark first wants to know the dependencies: when a job is to run.
 */
final class MappedRows extends RDD<InternalRow> {
  private static final long serialVersionUID = 1;
  private static final ClassTag<InternalRow> ROW = ClassTag$.MODULE$.apply(InternalRow.class);

  /** On the driver alone. */
  private final transient @Nullable Dataset<Row> rows;

  private final InternalRows.Mapping mapping;

  MappedRows(Dataset<Row> rows, InternalRows.Mapping mapping) {
    super(rows.sparkSession().sparkContext(), none(), ROW);
    this.rows = rows;
    this.mapping = mapping;
  }

  private static Seq<Dependency<?>> none() {
    return CollectionConverters.asScala(List.<Dependency<?>>of()).toSeq();
  }

  @Override
  public Seq<Dependency<?>> getDependencies() {
    RDD<InternalRow> parent = Objects.requireNonNull(rows).queryExecution().toRdd();
    Dependency<?> oneToOne = new OneToOneDependency<>(parent);
    return CollectionConverters.asScala(List.<Dependency<?>>of(oneToOne)).toSeq();
  }

  @Override
  public Partition[] getPartitions() {
    return firstParent(ROW).partitions();
  }

  @Override
  public Iterator<InternalRow> compute(Partition partition, TaskContext context) {
    Iterator<InternalRow> parent = firstParent(ROW).iterator(partition, context);
    return CollectionConverters.asScala(mapping.apply(CollectionConverters.asJava(parent)));
  }
}
