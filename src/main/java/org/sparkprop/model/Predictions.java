package org.sparkprop.model;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.util.Iterator;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.data.source.column.FeatureColumn;
import org.sparkprop.data.source.column.TableFacts;
import org.sparkprop.nn.Network;
import org.sparkprop.spark.FloatVector;
import org.sparkprop.spark.InternalRows;
import org.sparkprop.spark.QueryBroadcasts;

/** Adds to rows what a model says of them, in the columns of a {@link PredictionSchema}. */
public final class Predictions {
  private static final QueryBroadcasts<Model, FloatVector> PARAMETERS =
      QueryBroadcasts.byIdentity();

  private Predictions() {}

  /**
   * The rows in their order with all their columns, and last the predictions. Nothing runs until
   * somebody asks for these rows; then a row without usable features ends the job, and the {@link
   * InvalidInputException} that is the cause shows it.
   *
   * @param table what is remembered of the rows that it was trained on; of no columns for the
   *     column {@code features}
   * @param name what the user calls the rows, for messages
   * @throws InvalidInputException if a column is not there, or cannot be what it should be
   */
  public static Dataset<Row> of(Model model, TableFacts table, Dataset<Row> rows, String name) {
    if (rows.isStreaming()) {
      throw new InvalidInputException("Cannot use %s: they are a stream".formatted(name));
    }
    PredictionSchema added = PredictionSchema.of(model.network(), model.preprocessing().offsets());
    added.refuseTaken(rows.schema(), name);
    int width = model.network().topology().inputWidth();
    FeatureColumn column =
        new FeatureColumn(width, table.widths(), model.preprocessing())
            .of(rows, table.features(), name);
    Dataset<Row> read = column.append(rows, table.features(), name);
    StructType schema = rows.schema().add(read.schema().apply(FeatureColumn.NAME));
    for (StructField field : added.fields()) {
      schema = schema.add(field);
    }
    Broadcast<FloatVector> parameters =
        PARAMETERS.of(
            JavaSparkContext.fromSparkContext(rows.sparkSession().sparkContext()),
            model,
            () -> FloatVector.asView(model.parameters()));
    Task task = new Task(model.network(), column, parameters, read.schema(), name);
    return InternalRows.map(read, task, schema).drop(FeatureColumn.NAME);
  }

  /**
   * What a task does.
   *
   * @param schema of the rows that it reads, whose last column are the features
   */
  @DefaultSerializer(JavaSerializer.class)
  private record Task(
      Network network,
      FeatureColumn features,
      Broadcast<FloatVector> parameters,
      StructType schema,
      String name)
      implements InternalRows.Mapping {
    @Override
    public Iterator<InternalRow> apply(Iterator<InternalRow> rows) {
      return new PredictedRows(
          rows, network, features, parameters.value().array(), new RowText(schema, name));
    }
  }
}
