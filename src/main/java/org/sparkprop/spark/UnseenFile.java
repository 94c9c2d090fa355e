package org.sparkprop.spark;

import java.io.File;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A file of the driver's own host, which executors on other hosts look for in vain. */
public final class UnseenFile {
  /** How Hadoop says it; it has one form of a local path, Spark another. */
  private static final Pattern MISSING = Pattern.compile("File file:/+(.+?) does not exist");

  private UnseenFile() {}

  /** What to do about it; null if a job has failed for another reason. */
  public static @Nullable String lineOf(Throwable failed) {
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      Matcher missing = MISSING.matcher(String.valueOf(cause.getMessage()));
      if (missing.find()) {
        String path = "/" + missing.group(1);
        return new File(path).exists() // then it was not this host that has missed it
            ? "Cannot read the rows: executors cannot see file:%s: put it on a file system that all hosts see"
                .formatted(path)
            : null;
      }
    }
    return null;
  }
}
