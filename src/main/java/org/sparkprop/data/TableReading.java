package org.sparkprop.data;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What holds for the numbers of a table before its rows are looked at.
 *
 * @param movesTargets whether targets whose digits a float has not may be moved towards 0
 * @param offsets what is taken from its numbers; null for what its rows ask for
 * @param widths numbers that each feature column has in a row; empty for as many as in the first
 */
public record TableReading(boolean movesTargets, @Nullable Offsets offsets, List<Integer> widths) {
  /** Rows that say all themselves, with targets as they are. */
  public static final TableReading OWN = new TableReading(false, null, List.of());

  public TableReading {
    widths = List.copyOf(widths);
  }

  /**
   * Rows that a model is trained on.
   *
   * @param earlier what was taken from the numbers of the rows of the model that the run goes on
   *     from; null if it starts anew
   */
  public static TableReading toTrain(boolean movesTargets, @Nullable Offsets earlier) {
    return new TableReading(movesTargets, earlier, List.of());
  }
}
