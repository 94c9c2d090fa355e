package org.sparkprop.spark;

import java.util.List;
import java.util.Map;

/** Names of files that Hadoop would take for patterns. */
public final class Globs {
  private static final String MARKS = "{}[]*?\\";

  /** Spark's own name for whether paths may be globs. */
  private static final String OPTION = "__globPaths__";

  private Globs() {}

  private static boolean isGlob(String path) {
    return path.chars().anyMatch(letter -> MARKS.indexOf(letter) >= 0);
  }

  /**
   * Whether Hadoop's reader of whole files, which takes every path for a glob, reads another file
   * than the one of this name, or none.
   *
   * @param path with its scheme
   */
  public static boolean isMistaken(String path) {
    return isGlob(path) || path.lastIndexOf(':') > path.indexOf(':');
  }

  /**
   * These paths for Spark, each as the name that it is.
   *
   * <p>Where globs are off and one of several paths looks like one, Spark reads all of them once
   * more for each such path. There its marks are escaped instead.
   *
   * @param options of the reader, to which is added what it must know
   */
  public static List<String> literal(List<String> paths, Map<String, String> options) {
    if (paths.size() > 1 && paths.stream().anyMatch(Globs::isGlob)) {
      return paths.stream().map(Globs::escaped).toList();
    }
    options.put(OPTION, "false");
    return paths;
  }

  private static String escaped(String path) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < path.length(); i++) {
      char letter = path.charAt(i);
      if (MARKS.indexOf(letter) >= 0) {
        escaped.append('\\');
      }
      escaped.append(letter);
    }
    return escaped.toString();
  }
}
