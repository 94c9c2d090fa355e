package org.sparkprop.model;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.data.source.column.FeatureColumn;
import org.sparkprop.nn.Network;
import org.sparkprop.nn.Workspace;

/** The rows of one task with their predictions, computed batch by batch. */
final class PredictedRows implements Iterator<InternalRow> {
  /** Rows of one forward pass, fewer where they are wide. */
  private static final int MAX_ROWS = 256;

  private static final int MAX_FLOATS = 1 << 24;

  private final Iterator<InternalRow> rows;
  private final Network network;
  private final FeatureColumn features;
  private final float[] parameters;
  private final RowText text;
  private final PredictionSchema schema;
  private final Workspace workspace;
  private final InternalRow[] batch;
  private final JoinedRow joined = new JoinedRow();
  private int rowsOfBatch;
  private int at;

  /**
   * @param rows whose last column are the features
   */
  PredictedRows(
      Iterator<InternalRow> rows,
      Network network,
      FeatureColumn features,
      float[] parameters,
      RowText text) {
    this.rows = rows;
    this.network = network;
    this.features = features;
    this.parameters = parameters;
    this.text = text;
    this.schema = PredictionSchema.of(network, features.preprocessing().offsets());
    int most = Math.max(1, Math.min(MAX_ROWS, MAX_FLOATS / features.width()));
    this.workspace = new Workspace(network.topology(), most);
    this.batch = new InternalRow[most];
  }

  @Override
  public boolean hasNext() {
    return at < rowsOfBatch || rows.hasNext();
  }

  @Override
  public InternalRow next() {
    if (at == rowsOfBatch) {
      if (!rows.hasNext()) {
        throw new NoSuchElementException();
      }
      predict();
    }
    int row = at;
    at++;
    return joined.apply(
        batch[row], schema.values(workspace.output(), row * network.topology().outputWidth()));
  }

  private void predict() {
    int count = 0;
    while (count < batch.length && rows.hasNext()) {
      InternalRow row = rows.next();
      int width = features.width();
      String wrong = features.decode(row, row.numFields() - 1, workspace.features(), count * width);
      if (wrong != null) {
        throw new InvalidInputException(text.refusal(row, wrong));
      }
      batch[count] = row.copy(); // Spark fills the same row again
      count++;
    }
    network.predict(parameters, workspace, count);
    features.preprocessing().targetScaling().restore(workspace.output(), count);
    rowsOfBatch = count;
    at = 0;
  }
}
