package org.sparkprop.spark;

import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.util.VersionInfo;
import org.apache.hadoop.util.VersionUtil;
import org.jspecify.annotations.Nullable;

/**
 * What Hadoop reaches an object store with: a package of its own, of the same version as Hadoop,
 * which neither Spark from Maven nor most distributions bring.
 */
enum Connector {
  S3("hadoop-aws", "s3a"),
  AZURE("hadoop-azure", "abfs abfss wasb wasbs"),
  GOOGLE("hadoop-gcp", "gs"),
  ALIYUN("hadoop-aliyun", "oss"),
  TENCENT("hadoop-cos", "cosn"),
  HUAWEI("hadoop-huaweicloud", "obs");

  /** Before this version Hadoop had none for Google's store, but Google had. */
  private static final String FIRST_WITH_GOOGLE = "3.5.0";

  private static final String GOOGLES_OWN =
      "com.google.cloud.bigdataoss:gcs-connector:hadoop3-2.2.26";

  private final String artifact;
  private final String schemes;

  Connector(String artifact, String schemes) {
    this.artifact = artifact;
    this.schemes = schemes;
  }

  /**
   * What is missing where a path could not be reached, and what to do; null if it has failed for
   * another reason.
   *
   * @param scheme of the path
   */
  static @Nullable String adviceFor(String scheme, Throwable failed) {
    return isOfClasses(failed) ? adviceFor(scheme, VersionInfo.getVersion()) : null;
  }

  /** The same for a version of Hadoop; null if nobody is known to have the scheme. */
  static @Nullable String adviceFor(String scheme, String hadoop) {
    if (scheme.equals("s3") || scheme.equals("s3n")) {
      return "Hadoop %s has no %s:// (write s3a://)".formatted(hadoop, scheme);
    }
    return Arrays.stream(values())
        .filter(connector -> List.of(connector.schemes.split(" ", -1)).contains(scheme))
        .findFirst()
        .map(
            connector ->
                "Hadoop %s is here without its part for %s:// (give --packages %s before the command)"
                    .formatted(hadoop, scheme, connector.coordinates(hadoop)))
        .orElse(null);
  }

  private String coordinates(String hadoop) {
    return this == GOOGLE && VersionUtil.compareVersions(hadoop, FIRST_WITH_GOOGLE) < 0
        ? GOOGLES_OWN
        : "org.apache.hadoop:%s:%s".formatted(artifact, hadoop);
  }

  /** Whether classes are missing, or are others than those that were expected. */
  private static boolean isOfClasses(Throwable failed) {
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      if (cause instanceof ClassNotFoundException
          || cause instanceof LinkageError
          || cause instanceof UnsupportedFileSystemException) {
        return true;
      }
    }
    return false;
  }
}
