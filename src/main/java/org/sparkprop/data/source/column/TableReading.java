package org.sparkprop.data.source.column;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sparkprop.data.Offsets;

/**
 * What holds for the numbers of a table before its rows are looked at.
 *
 * @param offsets what is taken from its numbers; null for what its rows ask for
 * @param widths numbers that each feature column has in a row; empty for as many as in the first
 * @param use what they are trained for; null if they are not
 */
public record TableReading(@Nullable Offsets offsets, List<Integer> widths, @Nullable Use use) {
  /** Rows that say all themselves. */
  public static final TableReading OWN = new TableReading(null, List.of(), null);

  public TableReading {
    widths = List.copyOf(widths);
  }

  /**
   * Rows that a model is trained on.
   *
   * @param earlier what was taken from the numbers of the rows of the model that the run goes on
   *     from; null if it starts anew
   */
  public static TableReading toTrain(Use use, @Nullable Offsets earlier) {
    return new TableReading(earlier, List.of(), use);
  }

  /**
   * What a network does with the numbers.
   *
   * @param movesTargets whether targets may be less a number, that predictions get back
   * @param rawFeatures whether it sees features in their own units
   * @param output the last activation, for messages
   * @param lowest that the last activation gives, where targets are in their own units
   * @param highest the same
   */
  public record Use(
      boolean movesTargets, boolean rawFeatures, String output, double lowest, double highest) {}
}
