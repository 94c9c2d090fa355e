package org.sparkprop.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.jspecify.annotations.Nullable;

/**
 * A file to read. A named pipe of the local disk is none: opening one that nobody writes into waits
 * for ever, and what it gives cannot be read twice.
 */
public final class PlainFile {
  private PlainFile() {}

  /**
   * Opens a file.
   *
   * @throws IOException if that fails, or it is no file
   */
  public static FSDataInputStream open(FileSystem fs, org.apache.hadoop.fs.Path path)
      throws IOException {
    Path local = localOf(fs, path);
    if (local != null) {
      refuseSpecial(local);
      if (Files.isDirectory(local)) {
        throw new IOException("it is a folder (must be a file)");
      }
    }
    return fs.open(path);
  }

  private static @Nullable Path localOf(FileSystem fs, org.apache.hadoop.fs.Path path) {
    if (fs instanceof LocalFileSystem local) {
      return local.pathToFile(path).toPath();
    }
    return fs instanceof RawLocalFileSystem local ? local.pathToFile(path).toPath() : null;
  }

  /**
   * Refuses what is neither a file nor a folder.
   *
   * @throws IOException saying so
   */
  public static void refuseSpecial(Path path) throws IOException {
    if (Files.exists(path) && Files.readAttributes(path, BasicFileAttributes.class).isOther()) {
      throw new IOException("it is a named pipe, a socket or a device (must be a file)");
    }
  }
}
