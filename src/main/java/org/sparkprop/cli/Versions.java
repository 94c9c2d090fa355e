package org.sparkprop.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.package$;
import picocli.CommandLine.IVersionProvider;

/** The versions that take part in a run. */
final class Versions implements IVersionProvider {
  /** By name: sparkprop, Spark, Java. */
  static Map<String, String> all() {
    Map<String, String> versions = new LinkedHashMap<>();
    String own = Versions.class.getPackage().getImplementationVersion();
    versions.put("sparkprop", own == null ? "(not packaged)" : own);
    versions.put("spark", package$.MODULE$.SPARK_VERSION());
    versions.put("java", System.getProperty("java.version"));
    return versions;
  }

  @Override
  public String[] getVersion() {
    Map<String, String> versions = all();
    return new String[] {
      "sparkprop %s (Spark %s, Java %s)"
          .formatted(versions.get("sparkprop"), versions.get("spark"), versions.get("java"))
    };
  }
}
