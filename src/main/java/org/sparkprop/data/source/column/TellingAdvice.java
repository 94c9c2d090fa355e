package org.sparkprop.data.source.column;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.Caller;
import org.sparkprop.base.NameList;

/** Tells columns that say nothing, the same in each row, or all, as copies of the label do. */
final class TellingAdvice {
  /** Rows from which on it is no chance. */
  private static final long MANY = 20;

  private static final int MAX_NAMES = 8;

  private TellingAdvice() {}

  /**
   * A sentence for each idea.
   *
   * @param rows that were looked at
   * @param copies of the label among the features; null if nobody looked
   */
  static List<String> of(
      long rows,
      List<TableProfile.Numbers> features,
      List<TableProfile.Numbers> labels,
      @Nullable LabelCopies copies,
      Caller caller) {
    List<String> warnings = new ArrayList<>();
    if (rows < MANY) {
      return warnings;
    }
    for (TableProfile.Numbers label : labels) {
      NumberProfile numbers = label.profile();
      if (label.isScalar() && numbers != null && numbers.numbers > 0 && numbers.isConstant()) {
        warnings.add(
            "column %s, the label, is %s in each row: from such rows a network learns to say that of all"
                .formatted(label.column(), TableProfile.shortest(numbers.min)));
      }
    }
    addConstant(features, caller, warnings);
    if (copies != null) {
      addCopies(labels.get(0).column(), copies, caller, warnings);
    }
    return warnings;
  }

  private static void addConstant(
      List<TableProfile.Numbers> features, Caller caller, List<String> warnings) {
    List<String> constant = new ArrayList<>();
    boolean all = true;
    for (TableProfile.Numbers feature : features) {
      NumberProfile numbers = feature.profile();
      boolean same = numbers != null && numbers.numbers > 0 && numbers.isConstant();
      all &= same;
      if (same && feature.isScalar()) {
        constant.add(feature.column());
      }
    }
    if (all) {
      warnings.add(
          "all features have the same number in each row: they tell no row from another, and a network learns nothing from them (name others with %s)"
              .formatted(caller.name("features")));
    } else if (!constant.isEmpty()) {
      warnings.add(
          "%s the same number in each row, which tells nothing: leave %s out with %s"
              .formatted(
                  (constant.size() == 1 ? "column %s has" : "columns %s have")
                      .formatted(NameList.shown(constant)),
                  constant.size() == 1 ? "it" : "them",
                  constant.size() <= MAX_NAMES
                      ? caller.columns("ignore", constant)
                      : caller.name("ignore")));
    }
  }

  private static void addCopies(
      String label, LabelCopies copies, Caller caller, List<String> warnings) {
    for (int i = 0; i < copies.names().size(); i++) {
      String column = copies.names().get(i);
      String leave = "leave it out with " + caller.columns("ignore", List.of(column));
      switch (copies.of(i)) {
        case NONE -> {}
        case SAME ->
            warnings.add(
                "column %s is the same as the label %s in each row: where new rows have no label a network that copies it is of no use; %s"
                    .formatted(column, label, leave));
        case CODED ->
            warnings.add(
                "column %s has one number for each value of the label %s, and no other: where new rows have no label a network that copies it is of no use; %s"
                    .formatted(column, label, leave));
      }
    }
  }
}
