package org.sparkprop.data.source;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.sparkprop.base.HasWord;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.base.RandomStream;
import org.sparkprop.base.RandomStream.Purpose;

/**
 * Rows of ten features that are drawn from a law whose best possible model is known. Each is a
 * function of its number alone, so that executors make them, the same bits everywhere.
 *
 * @param rows of each part, {@code train} and {@code test}
 */
record Simulation(Law law, long rows) implements RowSource {
  private static final int FEATURES = 10;
  private static final long DEFAULT_ROWS = 10_000;
  private static final long MAX_ROWS = 1_000_000_000;
  private static final StructType SCHEMA =
      new StructType()
          .add("row", DataTypes.LongType, false)
          .add("features", DataTypes.createArrayType(DataTypes.FloatType, false), false)
          .add("label", DataTypes.DoubleType, false);
  private static final Pattern FORM =
      Pattern.compile(
          "(%s)(?:\\((.*)\\))?"
              .formatted(
                  Arrays.stream(Law.values()).map(Law::word).collect(Collectors.joining("|"))));

  /** How a row is drawn. */
  enum Law implements HasWord {
    /**
     * Regression: y = 10 sin(π x1 x2) + 20 (x3 − 1/2)² + 10 x4 + 5 x5 + noise, with x1 … x10
     * uniform in [0, 1) and normal noise of variance 1 (Friedman 1991, "Multivariate Adaptive
     * Regression Splines", Friedman #1). The variance of y without its noise is 23.8265, so that no
     * model has an expected R² above 23.8265 / 24.8265 = 0.9597, nor a mean squared error below 1.
     */
    FRIEDMAN(2) {
      @Override
      double draw(long row, Random random, float[] features) {
        for (int i = 0; i < features.length; i++) {
          features[i] = random.nextFloat();
        }
        double fromMiddle = features[2] - 0.5;
        // Math's sine may have another last bit on another platform.
        return 10 * StrictMath.sin(Math.PI * features[0] * features[1])
            + 20 * fromMiddle * fromMiddle
            + 10 * features[3]
            + 5 * features[4]
            + random.nextGaussian();
      }
    },

    /**
     * Two classes, 99 : 1, each normal with variance 1 in all directions; the middles are 3 apart,
     * 3/√10 in each feature. The last of every hundred rows is of class 1. The best classifier errs
     * on 0.633 % of rows (always 0: 1 %) but finds only 48.7 % of class 1; the best balanced
     * accuracy is Φ(3/2) = 93.32 %, and no ROC AUC is above Φ(3/√2) = 0.9831.
     */
    IMBALANCE(4) {
      @Override
      double draw(long row, Random random, float[] features) {
        int label = row % 100 == 99 ? 1 : 0;
        for (int i = 0; i < features.length; i++) {
          features[i] = (float) (random.nextGaussian() + label * MIDDLE);
        }
        return label;
      }
    };

    private static final double MIDDLE = 3 / Math.sqrt(FEATURES);

    /** Of random numbers; that of the test rows is the next. 0 and 1 are {@link Spiral}'s. */
    private final int stream;

    Law(int stream) {
      this.stream = stream;
    }

    /** Fills the features of a row and gives its label. */
    abstract double draw(long row, Random random, float[] features);
  }

  Simulation {
    if (rows < 1 || rows > MAX_ROWS) {
      throw new IllegalArgumentException(
          "Invalid %s: %d rows (must be 1 to %d)".formatted(law.word(), rows, MAX_ROWS));
    }
  }

  static boolean isNamedBy(String word) {
    return FORM.matcher(word).matches();
  }

  static Simulation parse(String word) {
    Matcher form = FORM.matcher(word);
    if (!form.matches()) {
      throw new IllegalArgumentException("Invalid data: " + word);
    }
    Law law = Law.valueOf(form.group(1).toUpperCase(Locale.ROOT));
    if (form.group(2) == null) {
      return new Simulation(law, DEFAULT_ROWS);
    }
    try {
      return new Simulation(law, Long.parseLong(form.group(2).trim()));
    } catch (NumberFormatException notANumber) {
      throw new IllegalArgumentException(
          "Invalid %s: %s (must be %s or, with the rows of a part, %s(1000))"
              .formatted(law.word(), word, law.word(), law.word()),
          notANumber);
    }
  }

  @Override
  public void prepare(SparkSession spark, Consumer<String> progress) {}

  @Override
  public boolean hasPart(SparkSession spark, String name) {
    return List.of(TRAIN, TEST).contains(name);
  }

  @Override
  public Dataset<Row> rows(SparkSession spark, Part part) {
    if (!hasPart(spark, part.name())) {
      throw new InvalidInputException(
          "Cannot find part %s of %s (it has train and test)".formatted(part.name(), this));
    }
    int stream = part.name().equals(TRAIN) ? law.stream : law.stream + 1;
    Law drawn = law;
    MapFunction<Long, Row> draw = number -> row(drawn, stream, number);
    long to = Math.min(part.to(), rows);
    return spark
        .range(Math.min(part.from(), to), to)
        .as(Encoders.LONG())
        .map(draw, Encoders.row(SCHEMA));
  }

  private static Row row(Law law, int stream, long number) {
    float[] features = new float[FEATURES];
    Random random = RandomStream.of(0, Purpose.GENERATED_ROWS, stream, number);
    double label = law.draw(number, random, features);
    return RowFactory.create(number, features, label);
  }

  @Override
  public String toString() {
    return law.word() + "(" + rows + ")";
  }
}
