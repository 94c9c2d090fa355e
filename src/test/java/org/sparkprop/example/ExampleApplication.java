package org.sparkprop.example;

// README: from here
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparkprop.NeuralNetwork;
import org.sparkprop.NeuralNetworkModel;
import org.sparkprop.eval.Metric;
import org.sparkprop.model.EpochRecord;
import org.sparkprop.train.TrainingListener;
import org.sparkprop.train.Verdict;

/** Trains a classifier on a table and adds its predictions to every row. */
public final class ExampleApplication {
  /** Stops as soon as more than 95 % of the validation rows are right. */
  static final class GoodEnough implements TrainingListener {
    @Override
    public Verdict epochDone(EpochRecord epoch) {
      Double accuracy = epoch.validationAccuracy(); // null without validation rows
      return accuracy != null && accuracy > 0.95 ? Verdict.STOP : Verdict.CONTINUE;
    }
  }

  /** Trains on a table with the columns x, y and label; returns it with predictions. */
  public static Dataset<Row> run(SparkSession spark, String table, String folder) {
    Dataset<Row> rows = spark.read().parquet(table);

    NeuralNetworkModel trained =
        NeuralNetwork.layers("32 relu, 2 softmax")
            .features("x", "y")
            .label("label")
            .learningRate(0.01)
            .batchSize(64)
            .epochs(100)
            .validation(0.2)
            .listener(new GoodEnough())
            .fit(rows);
    System.out.println(trained.ending()); // stopped by a listener
    trained.save(folder);

    NeuralNetworkModel model = NeuralNetworkModel.load(spark, folder);
    System.out.println(model.evaluate(rows).metric(Metric.ACCURACY));
    return model.transform(rows); // with the columns prediction and probability
  }

  // README: to here

  private ExampleApplication() {}
}
