package org.sparkprop.train;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.InvalidInputException;

/** The sums of a round where Spark is told to let less come back from a job. */
final class ResultLimit {
  private static final Pattern REACHED =
      Pattern.compile(
          "results of (\\d+) tasks \\((\\S+ \\S+)\\) is bigger than spark\\.driver\\.maxResultSize \\((\\S+ \\S+)\\)");

  private ResultLimit() {}

  /**
   * What to do about it; null if a job has failed for another reason.
   *
   * @param perTask whether each task has brought its sums to the driver
   */
  static @Nullable InvalidInputException in(Throwable failed, boolean perTask) {
    Matcher reached = REACHED.matcher(String.valueOf(failed.getMessage()));
    if (!reached.find()) {
      return null;
    }
    return new InvalidInputException(
        "Cannot bring the sums of a round to the driver: those of %s tasks are %s, and spark.driver.maxResultSize allows %s (set it to 0, for no limit%s)"
            .formatted(
                reached.group(1),
                reached.group(2),
                reached.group(3),
                perTask ? ", or give --reduction executors, where tasks are many" : ""),
        failed);
  }
}
