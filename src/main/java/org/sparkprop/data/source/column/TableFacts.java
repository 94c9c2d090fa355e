package org.sparkprop.data.source.column;

import java.util.ArrayList;
import java.util.List;
import org.sparkprop.data.Offsets;

/**
 * What is to be remembered of a table that a model was trained on, so that others are read the same
 * way.
 *
 * @param features columns that the features come from, in order; empty for rows that are no table
 * @param widths numbers that each of them has in a row
 * @param offsets what is taken from the numbers before they become floats
 * @param notes what was left out, moved or doubtful, a sentence each
 */
public record TableFacts(
    List<String> features, List<Integer> widths, Offsets offsets, List<String> notes) {
  /** Of rows that are no table. */
  public static final TableFacts NONE =
      new TableFacts(List.of(), List.of(), Offsets.NONE, List.of());

  public TableFacts {
    features = List.copyOf(features);
    widths = List.copyOf(widths);
    notes = List.copyOf(notes);
  }

  /** The same with more that is doubtful. */
  public TableFacts withNotes(List<String> more) {
    List<String> all = new ArrayList<>(notes);
    all.addAll(more);
    return new TableFacts(features, widths, offsets, all);
  }
}
