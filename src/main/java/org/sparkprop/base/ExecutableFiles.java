package org.sparkprop.base;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Whether files of a folder may be executed, and so be loaded as native code. */
public final class ExecutableFiles {
  private ExecutableFiles() {}

  /**
   * Whether the file system of a folder forbids it, as one that is mounted {@code noexec} does;
   * false, too, where that cannot be found out.
   */
  public static boolean areForbiddenIn(Path folder) {
    try {
      Path probe =
          Files.createTempFile(
              folder,
              "sparkprop",
              ".probe",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      try {
        return !Files.isExecutable(probe); // the system looks at the mount, too
      } finally {
        Files.delete(probe);
      }
    } catch (IOException | UnsupportedOperationException unknown) {
      return false;
    }
  }
}
