package org.sparkprop.example;

// README: from here
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparkprop.NeuralNetworkModel;

/** Adds predictions to a CSV file. Arguments: the model folder, the file, the output folder. */
public final class Predict {
  public static void main(String[] arguments) {
    SparkSession spark = SparkSession.builder().getOrCreate();
    Dataset<Row> rows =
        spark.read().option("header", true).option("inferSchema", true).csv(arguments[1]);
    NeuralNetworkModel model = NeuralNetworkModel.load(spark, arguments[0]);
    model.transform(rows).write().json(arguments[2]);
  }

  // README: to here

  private Predict() {}
}
