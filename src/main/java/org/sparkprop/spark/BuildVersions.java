package org.sparkprop.spark;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.package$;

/** The versions that take part in a run. */
public final class BuildVersions {
  private BuildVersions() {}

  /** By name: sparkprop, Spark, Java. */
  public static Map<String, String> all() {
    Map<String, String> versions = new LinkedHashMap<>();
    String own = BuildVersions.class.getPackage().getImplementationVersion();
    versions.put("sparkprop", own == null ? "(not packaged)" : own);
    versions.put("spark", package$.MODULE$.SPARK_VERSION());
    versions.put("java", System.getProperty("java.version"));
    return versions;
  }
}
