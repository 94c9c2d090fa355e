package org.sparkprop.cli;

import java.util.Map;
import org.sparkprop.spark.BuildVersions;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
final class Versions implements IVersionProvider {
  @Override
  public String[] getVersion() {
    Map<String, String> versions = BuildVersions.all();
    return new String[] {
      "sparkprop %s (Spark %s, Java %s)"
          .formatted(versions.get("sparkprop"), versions.get("spark"), versions.get("java"))
    };
  }
}
