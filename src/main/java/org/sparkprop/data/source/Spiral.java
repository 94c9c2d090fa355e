package org.sparkprop.data.source;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.base.RandomStream;
import org.sparkprop.base.RandomStream.Purpose;

/**
 * Three classes wound round each other in the plane (Kinsley and Kukieła, "Neural Networks from
 * Scratch"). Point i of class c lies at (r sin 2.5t, r cos 2.5t), with the radius r from 0 to 1 and
 * the angle t from 4c to 4(c + 1), plus 0.2 times a normal number.
 *
 * @param points of each class
 */
record Spiral(int points) implements RowSource {
  private static final int CLASSES = 3;
  private static final int DEFAULT_POINTS = 100;
  private static final int MAX_POINTS = 100_000;
  private static final double NOISE = 0.2;
  private static final Pattern FORM = Pattern.compile("spiral(?:\\((.*)\\))?");
  private static final StructType SCHEMA =
      new StructType()
          .add("row", DataTypes.LongType, false)
          .add("features", DataTypes.createArrayType(DataTypes.FloatType, false), false)
          .add("label", DataTypes.IntegerType, false);

  Spiral {
    if (points < 1 || points > MAX_POINTS) {
      throw new IllegalArgumentException(
          "Invalid spiral: %d points a class (must be 1 to %d)".formatted(points, MAX_POINTS));
    }
  }

  static boolean isNamedBy(String word) {
    return FORM.matcher(word).matches();
  }

  static Spiral parse(String word) {
    Matcher form = FORM.matcher(word);
    if (!form.matches() || form.group(1) == null) {
      return new Spiral(DEFAULT_POINTS);
    }
    try {
      return new Spiral(Integer.parseInt(form.group(1).trim()));
    } catch (NumberFormatException notANumber) {
      throw new IllegalArgumentException(
          "Invalid spiral: %s (must be spiral or, with the points a class, spiral(1000))"
              .formatted(word),
          notANumber);
    }
  }

  @Override
  public void prepare(SparkSession spark, Consumer<String> progress) {}

  @Override
  public boolean hasPart(SparkSession spark, String name) {
    return name.equals(TRAIN) || name.equals(TEST);
  }

  @Override
  public Dataset<Row> rows(SparkSession spark, Part part) {
    if (!hasPart(spark, part.name())) {
      throw new InvalidInputException(
          "Cannot find part %s of %s (it has train and test)".formatted(part.name(), this));
    }
    Random noise =
        RandomStream.of(0, Purpose.GENERATED_ROWS, part.name().equals(TRAIN) ? 0 : 1, points);
    List<Row> rows = new ArrayList<>(CLASSES * points);
    for (int label = 0; label < CLASSES; label++) {
      for (int i = 0; i < points; i++) {
        double along = points == 1 ? 0 : (double) i / (points - 1);
        double angle = 4 * (label + along) + NOISE * noise.nextGaussian();
        float[] point = {
          (float) (along * Math.sin(2.5 * angle)), (float) (along * Math.cos(2.5 * angle))
        };
        rows.add(RowFactory.create((long) rows.size(), point, label));
      }
    }
    return part.cut(spark.createDataFrame(rows, SCHEMA));
  }

  @Override
  public String toString() {
    return "spiral(" + points + ")";
  }
}
