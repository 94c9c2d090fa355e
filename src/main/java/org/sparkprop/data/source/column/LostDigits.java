package org.sparkprop.data.source.column;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sparkprop.base.Caller;
import org.sparkprop.base.NameList;

/** What to say of different numbers that become one, as a float keeps 7 digits. */
final class LostDigits {
  private LostDigits() {}

  /**
   * Names the columns whose numbers become one; empty for none.
   *
   * @param offsets what is taken from each of the numbers; empty for nothing
   * @param feature whether they are features, which may be left out
   */
  static Optional<String> of(
      List<TableProfile.Numbers> numbers, List<Double> offsets, boolean feature, Caller caller) {
    List<String> lost = new ArrayList<>();
    for (int i = 0; i < numbers.size(); i++) {
      NumberProfile profile = numbers.get(i).profile();
      double offset = offsets.isEmpty() ? 0 : offsets.get(i);
      String column = numbers.get(i).column();
      if (profile != null && Digits.areLost(profile, offset) && !lost.contains(column)) {
        lost.add(column);
      }
    }
    if (lost.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        "different numbers of %s become one, since a float keeps 7 digits%s"
            .formatted(
                (lost.size() == 1 ? "column " : "columns ") + NameList.shown(lost),
                feature
                    ? " (write the last digits as a column of their own, or leave it out with %s)"
                        .formatted(caller.columns("ignore", lost))
                    : " (write them in a larger unit, or less a number)"));
  }
}
