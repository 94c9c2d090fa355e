package org.sparkprop.data.source.column;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.sparkprop.base.Caller;

/** Tells features that look like the number or the key of a row, which say nothing of a new one. */
final class KeyColumn {
  private static final Pattern NAME =
      Pattern.compile(
          "(?:.*[ _.-])?(?:[iI][dD]|ID)|.*[a-z](?:Id|ID)"
              + "|(?i:index|idx|level_0|key|uuid|guid|no|nr|num|number|nummer|serial"
              + "|row[ _-]?(?:id|no|nr|num|number)?|.*[ _.-](?:key|no|nr))");

  /** Rows from which on a running number is none by chance. */
  private static final long MANY = 20;

  /** The same for a column that is called so. */
  private static final long FEW = 5;

  /** Of the values of a key, so many are there once. */
  private static final double SHARE = 0.95;

  private KeyColumn() {}

  /** Whether a column is called as keys are. */
  static boolean isNamed(String column) {
    return NAME.matcher(column.strip()).matches();
  }

  /** A sentence for each feature that looks like the number or the key of its row. */
  static List<String> warnings(List<TableProfile.Numbers> features, Caller caller) {
    List<String> warnings = new ArrayList<>();
    for (TableProfile.Numbers feature : features) {
      NumberProfile numbers = feature.profile();
      if (numbers == null || !numbers.whole || numbers.nulls > 0) {
        continue;
      }
      boolean named = isNamed(feature.column());
      boolean running =
          numbers.numbers >= (named ? FEW : MANY)
              && numbers.max - numbers.min == numbers.numbers - 1
              && numbers.step() == 1;
      boolean key =
          named && numbers.numbers >= FEW && numbers.different() >= SHARE * numbers.numbers;
      if (running || key) {
        warnings.add(
            "column %s looks like the %s of a row, which says nothing of new rows: %s; leave it out with %s"
                .formatted(
                    feature.column(),
                    running ? "number" : "key",
                    running
                        ? "whole numbers one after the other, each once"
                        : "whole numbers, each in a row of its own",
                    caller.columns("ignore", List.of(feature.column()))));
      }
    }
    return warnings;
  }
}
