package org.sparkprop.cli;

import java.util.ArrayList;
import java.util.List;
import me.tongfei.progressbar.ProgressBarRenderer;
import me.tongfei.progressbar.ProgressState;

/**
 * How far an epoch is, as one line that never wraps: {@code epoch 3/10 45 % [====> ] loss 0.1234
 * 0:12 left 27,000 rows/s}. A narrow terminal gets a short bar or none, then fewer words.
 */
final class EpochBar implements ProgressBarRenderer {
  private static final int MIN_BAR = 8;
  private static final int MAX_BAR = 40;
  private static final String BETWEEN = "  ";

  @Override
  public String render(ProgressState state, int width) {
    return line(
        state.getTaskName(),
        state.getCurrent(),
        state.getMax(),
        state.getTotalElapsed().toNanos() / 1e9,
        state.getExtraMessage(),
        width);
  }

  /**
   * The line.
   *
   * @param seconds since the epoch began
   * @param width most columns of the line
   */
  static String line(
      String epoch, long rows, long allRows, double seconds, String loss, int width) {
    double share = Math.min(1, (double) rows / allRows);
    List<String> words = new ArrayList<>(List.of(epoch, "%3.0f %%".formatted(100 * share)));
    if (rows > 0) {
      words.add(loss);
      // As wide as most are, so that the bar keeps its length.
      words.add("%5s left".formatted(time((long) ((allRows - rows) * (seconds / rows)))));
      words.add("%,9.0f rows/s".formatted(rows / seconds));
    }
    while (words.size() > 1 && length(words) > width) {
      words.remove(words.size() - 1);
    }
    int bar = Math.min(MAX_BAR, width - length(words) - BETWEEN.length() - "[]".length());
    if (bar >= MIN_BAR) {
      words.add(2, bar(share, bar));
    }
    String line = String.join(BETWEEN, words);
    return line.substring(0, Math.min(line.length(), Math.max(0, width)));
  }

  private static int length(List<String> words) {
    return String.join(BETWEEN, words).length();
  }

  private static String bar(double share, int length) {
    int done = (int) (share * length);
    String head = done < length ? ">" : "";
    return "[" + "=".repeat(done) + head + " ".repeat(length - done - head.length()) + "]";
  }

  private static String time(long seconds) {
    long minutes = seconds / 60;
    return minutes < 60
        ? "%d:%02d".formatted(minutes, seconds % 60)
        : "%d:%02d:%02d".formatted(minutes / 60, minutes % 60, seconds % 60);
  }
}
