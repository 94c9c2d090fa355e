package org.sparkprop.spark;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/** The words before the colon of a path that tell a file system. */
final class FileSystemSchemes {
  private FileSystemSchemes() {}

  /** Whether there is such a file system on the class path, with Hadoop's own settings. */
  static boolean isKnown(String scheme) {
    try {
      FileSystem.getFileSystemClass(scheme, new Configuration());
      return true;
    } catch (IOException unknown) {
      return false;
    }
  }
}
