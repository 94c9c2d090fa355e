package org.sparkprop.spark;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.InputFileName;
import org.apache.spark.sql.catalyst.expressions.Nondeterministic;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.Distinct;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.LeafNode;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.RepartitionOperation;
import org.apache.spark.sql.catalyst.plans.logical.Sort;
import org.apache.spark.sql.catalyst.plans.logical.SubqueryAlias;
import org.apache.spark.sql.catalyst.plans.logical.Union;
import org.apache.spark.sql.catalyst.plans.logical.View;
import org.apache.spark.sql.execution.LogicalRDD;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Rows that are the same, whatever their order, each time that Spark is asked for them, as far as
 * their plan tells. Of others, those of a task that is done again must not be mixed with what was
 * made of them before; where this says no though they are steady, only time is lost.
 */
public final class SteadyRows {
  /** What we have made of steady rows, for as long as it is used: its plan does not tell. */
  private static final Map<RDD<?>, Boolean> KNOWN =
      Collections.synchronizedMap(new WeakHashMap<>());

  private SteadyRows() {}

  /** Whether these rows are known to be steady. */
  public static boolean are(Dataset<Row> rows) {
    return are(rows.queryExecution().analyzed());
  }

  private static boolean are(LogicalPlan plan) {
    if (plan instanceof LogicalRDD made) {
      return KNOWN.containsKey(made.rdd());
    }
    boolean known =
        plan instanceof LeafNode
            || plan instanceof Project
            || plan instanceof Filter
            || plan instanceof SubqueryAlias
            || plan instanceof View
            || plan instanceof Union
            || plan instanceof Join
            || plan instanceof Aggregate
            || plan instanceof Distinct
            || plan instanceof Sort
            || plan instanceof RepartitionOperation;
    return known
        && expressionsAreTheSame(plan)
        && CollectionConverters.asJava(plan.children()).stream().allMatch(SteadyRows::are);
  }

  /** A frame made of some rows, which is steady if they are. */
  static Dataset<Row> like(Dataset<Row> rows, Dataset<Row> frame) {
    return steady(frame, are(rows));
  }

  /**
   * A frame of which is known whether it is steady.
   *
   * @param frame of {@link InternalRows}
   */
  public static Dataset<Row> steady(Dataset<Row> frame, boolean steady) {
    if (steady && frame.queryExecution().analyzed() instanceof LogicalRDD made) {
      KNOWN.put(made.rdd(), true);
    }
    return frame;
  }

  /** Whether Spark knows nothing in this node of a plan that may change from pass to pass. */
  public static boolean expressionsAreTheSame(LogicalPlan node) {
    return CollectionConverters.asJava(node.expressions()).stream()
        .allMatch(SteadyRows::followsTheRow);
  }

  /** Whether an expression is the same for a row wherever it is read. */
  private static boolean followsTheRow(Expression expression) {
    if (expression.deterministic() || expression instanceof InputFileName) {
      return true;
    }
    List<Expression> children = CollectionConverters.asJava(expression.children());
    return !(expression instanceof Nondeterministic)
        && children.stream().anyMatch(child -> !child.deterministic())
        && children.stream().allMatch(SteadyRows::followsTheRow);
  }
}
