package org.sparkprop.spark;

import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.ExecutableFiles;
import org.sparkprop.base.HasWord;

/**
 * A library that unpacks compressed files by native code, which a host may forbid, as where {@code
 * /tmp} is mounted {@code noexec}.
 */
public enum NativePart implements HasWord {
  SNAPPY("org.xerial.snappy.tempdir"),
  ZSTD("ZstdTempFolder"),
  LZ4("java.io.tmpdir");

  /** What Java says first, and whenever the same class is asked for again. */
  private static final String[] SIGNS = {
    "UnsatisfiedLinkError",
    "NoClassDefFoundError: Could not initialize class",
    "FAILED_TO_LOAD_NATIVE_LIBRARY"
  };

  private final String property;

  /**
   * @param property of Java that says where it puts its native code
   */
  NativePart(String property) {
    this.property = property;
  }

  /** Names the library and what helps; null if it is not this that has failed. */
  public static @Nullable String lineOf(Throwable failed) {
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      for (String said : cause.toString().lines().toList()) {
        for (String sign : SIGNS) {
          NativePart part = said.contains(sign) ? in(said.substring(said.indexOf(sign))) : null;
          if (part != null) {
            return part.line();
          }
        }
      }
    }
    return null;
  }

  private static @Nullable NativePart in(String said) {
    String words = said.toLowerCase(Locale.ROOT);
    for (NativePart part : values()) {
      if (words.contains(part.word())) {
        return part;
      }
    }
    return null;
  }

  private String line() {
    String folder = System.getProperty(property, System.getProperty("java.io.tmpdir"));
    boolean isForbidden = ExecutableFiles.areForbiddenIn(Path.of(folder));
    return "Cannot read files that %s has compressed: its native code cannot be loaded from %s%s (give --conf spark.driver.extraJavaOptions=-D%s=FOLDER, on a cluster the same of spark.executor.extraJavaOptions, with a folder whose files may be executed)"
        .formatted(word(), folder, isForbidden ? ", which is mounted noexec" : "", property);
  }
}
