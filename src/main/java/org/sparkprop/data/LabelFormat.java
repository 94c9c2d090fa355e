package org.sparkprop.data;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import org.jspecify.annotations.Nullable;
import org.sparkprop.nn.LearningTask;
import org.sparkprop.nn.Network;

/**
 * What the label of every row must look like.
 *
 * @param size classes of a classification, where labels are whole numbers from 0 to below this;
 *     else targets of a row
 * @param counts whether targets below 0 make no sense
 */
@DefaultSerializer(JavaSerializer.class)
public record LabelFormat(LearningTask task, int size, boolean counts) implements Serializable {

  /** Labels of so many classes. */
  public static LabelFormat classes(int classes) {
    return new LabelFormat(LearningTask.CLASSIFICATION, classes, false);
  }

  /** What a network can be trained on. */
  public static LabelFormat of(Network network) {
    return new LabelFormat(network.task(), network.labels(), network.loss().needsCounts());
  }

  boolean isClass() {
    return task == LearningTask.CLASSIFICATION;
  }

  /** Numbers that a row has for targets; a class is not one. */
  public int targets() {
    return isClass() ? 0 : size;
  }

  /** Bytes that a row's label takes in memory. */
  long bytes() {
    return isClass() ? Integer.BYTES : targetBytes();
  }

  /** Bytes that a row's targets take in memory; a class is none. */
  long targetBytes() {
    return (long) Float.BYTES * targets();
  }

  /** Whether a row's label is an array in this column, of a type that has been checked. */
  static boolean isArray(DataType column) {
    return column instanceof ArrayType;
  }

  /** What must be of a column's type, where the type is another; null if it will do. */
  @Nullable String refusal(DataType column) {
    boolean number = column instanceof NumericType;
    boolean numbers =
        column instanceof ArrayType array && array.elementType() instanceof NumericType;
    return switch (task) {
      case CLASSIFICATION -> number ? null : "a whole number";
      case MULTI_LABEL -> numbers ? null : "an array of zeros and ones";
      case REGRESSION -> {
        if (numbers || (number && size == 1)) {
          yield null;
        }
        yield size == 1 ? "a number" : "an array of numbers, or --task classification for classes,";
      }
    };
  }

  /** What is wrong with a row's target, as the end of a message; null if nothing is. */
  @Nullable String problem(float target, int number) {
    if (task == LearningTask.MULTI_LABEL && target != 0 && target != 1) {
      return "has label %s at place %d (expected 0 or 1)".formatted(target, number);
    }
    if (!Float.isFinite(target)) {
      return "has target %s at place %d (expected a finite number)".formatted(target, number);
    }
    if (counts && target < 0) {
      return "has target %s at place %d (expected >= 0 for poisson)".formatted(target, number);
    }
    return null;
  }

  /** What a row's label must be, for messages. */
  String expected() {
    return switch (task) {
      case CLASSIFICATION -> "0 to %d for the last layer's width".formatted(size - 1);
      case MULTI_LABEL -> "%d zeros or ones for the last layer's width".formatted(size);
      case REGRESSION -> "%d for the last layer's width".formatted(size);
    };
  }
}
