package org.sparkprop.spark;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.InvalidInputException;

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

  /**
   * Refuses a path of a table that is no file, or a folder with one that is none: to Spark, a named
   * pipe is an empty file.
   *
   * @throws InvalidInputException naming it
   */
  public static void refuseAsTable(String path, Configuration hadoop) {
    try {
      org.apache.hadoop.fs.Path named = new org.apache.hadoop.fs.Path(path);
      Path local = localOf(Storage.reached(named, hadoop), named);
      if (local == null) {
        return;
      }
      List<Path> files = new ArrayList<>(List.of(local));
      if (Files.isDirectory(local)) {
        try (DirectoryStream<Path> within = Files.newDirectoryStream(local, "[!._]*")) {
          within.forEach(files::add);
        }
      }
      for (Path file : files) {
        try {
          refuseSpecial(file);
        } catch (IOException special) {
          throw new InvalidInputException(
              "Cannot read %s: %s".formatted(file, special.getMessage()), special);
        }
      }
    } catch (IOException | IllegalArgumentException unlisted) {
      // Spark says what is wrong, or it is a glob.
    }
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
