package org.sparkprop.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.data.Offsets;
import org.sparkprop.nn.Activation;
import org.sparkprop.nn.LayerSpec;
import org.sparkprop.nn.LearningTask;
import org.sparkprop.nn.Network;

/**
 * The columns of predictions: {@code prediction}, a double, is the class or the number; of several
 * targets or labels it is an array of doubles, where 1 is a label that the row has and 0 one that
 * it has not. {@code probability}, an array of floats with one for each class or label, is there
 * where the last layer gives probabilities: softmax or sigmoid, but not in a regression.
 */
record PredictionSchema(LearningTask task, int width, boolean probabilities, Offsets offsets) {
  static final String PREDICTION = "prediction";
  static final String PROBABILITY = "probability";

  /**
   * @param offsets what was taken from targets, and is added to predictions, as doubles
   */
  static PredictionSchema of(Network network, Offsets offsets) {
    List<LayerSpec> sizes = network.topology().sizes();
    Activation last = sizes.get(sizes.size() - 1).activation();
    boolean shares = last.givesProbabilities();
    return new PredictionSchema(
        network.task(),
        network.topology().outputWidth(),
        shares && network.task() != LearningTask.REGRESSION,
        offsets);
  }

  List<StructField> fields() {
    DataType prediction =
        isOneNumber()
            ? DataTypes.DoubleType
            : DataTypes.createArrayType(DataTypes.DoubleType, false);
    List<StructField> fields = new ArrayList<>();
    fields.add(DataTypes.createStructField(PREDICTION, prediction, false));
    if (probabilities) {
      DataType floats = DataTypes.createArrayType(DataTypes.FloatType, false);
      fields.add(DataTypes.createStructField(PROBABILITY, floats, false));
    }
    return fields;
  }

  /**
   * Refuses rows that have one of these columns.
   *
   * @param name what the user calls the rows
   */
  void refuseTaken(StructType rows, String name) {
    for (StructField field : fields()) {
      if (Arrays.stream(rows.fieldNames()).anyMatch(field.name()::equalsIgnoreCase)) {
        throw new InvalidInputException(
            "Cannot use %s: there is a column %s already (drop or rename it)"
                .formatted(name, field.name()));
      }
    }
  }

  /**
   * The values of these columns for one row.
   *
   * @param output of the network, in the units of the rows; the row's are from {@code at} on
   */
  GenericInternalRow values(float[] output, int at) {
    Object prediction = isOneNumber() ? number(output, at) : numbers(output, at);
    return new GenericInternalRow(
        probabilities
            ? new Object[] {prediction, UnsafeArrayData.fromPrimitiveArray(shares(output, at))}
            : new Object[] {prediction});
  }

  private boolean isOneNumber() {
    return task == LearningTask.CLASSIFICATION || (task == LearningTask.REGRESSION && width == 1);
  }

  private double number(float[] output, int at) {
    return task == LearningTask.CLASSIFICATION
        ? Network.predictedClass(output, at, width)
        : output[at] + offsets.ofTarget(0);
  }

  private UnsafeArrayData numbers(float[] output, int at) {
    double[] numbers = new double[width];
    for (int i = 0; i < width; i++) {
      float value = output[at + i];
      numbers[i] =
          task == LearningTask.REGRESSION
              ? value + offsets.ofTarget(i)
              : Network.predictedClass(output, at + i, 1);
    }
    return UnsafeArrayData.fromPrimitiveArray(numbers);
  }

  /** One output is the probability of class 1. */
  private float[] shares(float[] output, int at) {
    return task == LearningTask.CLASSIFICATION && width == 1
        ? new float[] {1 - output[at], output[at]}
        : Arrays.copyOfRange(output, at, at + width);
  }
}
