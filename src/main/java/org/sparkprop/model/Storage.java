package org.sparkprop.model;

import java.io.IOException;
import java.io.OutputStream;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparkprop.data.InvalidInputException;

/** Files on any Hadoop file system, written as drafts and renamed when they are whole. */
public final class Storage {
  private static final Logger LOG = LoggerFactory.getLogger(Storage.class);

  private Storage() {}

  /** Writes the content of one file. */
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /** The file system of a path; the local one without its hidden files of checksums. */
  static FileSystem of(Path path, Configuration hadoop) throws IOException {
    FileSystem fs = path.getFileSystem(hadoop);
    return fs instanceof LocalFileSystem local ? local.getRawFileSystem() : fs;
  }

  /**
   * Makes sure that a file can be written into {@code folder}, which is made if need be.
   *
   * @throws InvalidInputException if not, with the reason
   */
  public static void checkWritable(Path folder, Configuration hadoop) {
    try {
      FileSystem fs = of(folder, hadoop);
      if (fs.exists(folder) && !fs.getFileStatus(folder).isDirectory()) {
        throw new InvalidInputException(
            "Cannot write %s: it is a file (must be a folder)".formatted(folder));
      }
      if (!fs.mkdirs(folder)) {
        throw new IOException("the folder cannot be made");
      }
      Path probe = sibling(new Path(folder, "probe"), "draft");
      fs.create(probe, false).close();
      fs.delete(probe, false);
    } catch (IOException refused) {
      throw cannotWrite(folder, refused);
    }
  }

  /**
   * Writes one file, replacing one of that name only when the new one is whole.
   *
   * @throws InvalidInputException if it cannot be written; what was there is still there
   */
  public static void writeFile(Path file, Configuration hadoop, Content content) {
    Path draft = sibling(file, "draft");
    try {
      FileSystem fs = of(file, hadoop);
      try {
        create(fs, draft, content);
        replace(fs, draft, file);
      } finally {
        fs.delete(draft, false);
      }
    } catch (IOException failed) {
      throw cannotWrite(file, failed);
    }
  }

  /** Writes a new file and closes it, so that every error of the disk has come out. */
  static void create(FileSystem fs, Path file, Content content) throws IOException {
    try (OutputStream out = fs.create(file, false)) {
      content.writeTo(out);
    }
  }

  /** Renames a whole draft over {@code target}; if that fails, what was there is put back. */
  static void replace(FileSystem fs, Path draft, Path target) throws IOException {
    if (!fs.exists(target)) {
      rename(fs, draft, target);
      return;
    }
    Path old = sibling(target, "old");
    rename(fs, target, old);
    try {
      rename(fs, draft, target);
    } catch (IOException failed) {
      try {
        rename(fs, old, target);
      } catch (IOException stuck) {
        failed.addSuppressed(stuck);
        throw new IOException(failed.getMessage() + "; what was there is now " + old, failed);
      }
      throw failed;
    }
    try {
      fs.delete(old, true);
    } catch (IOException left) {
      LOG.warn("Cannot delete {}, which {} has replaced", old, target, left);
    }
  }

  /** Hadoop's rename, which says no in two ways. */
  private static void rename(FileSystem fs, Path from, Path to) throws IOException {
    if (!fs.rename(from, to)) {
      throw new IOException("%s cannot be renamed to %s".formatted(from, to.getName()));
    }
  }

  /** A hidden name beside {@code path} that nobody else uses. */
  static Path sibling(Path path, String purpose) {
    return beside(path, ".%s.%s-%s".formatted(path.getName(), purpose, UUID.randomUUID()));
  }

  /** Another name in the folder where {@code path} is. */
  static Path beside(Path path, String name) {
    Path parent = path.getParent();
    return parent == null ? new Path(name) : new Path(parent, name);
  }

  static InvalidInputException cannotWrite(Path path, IOException failure) {
    return new InvalidInputException(
        "Cannot write %s: %s".formatted(path, failure.getMessage()), failure);
  }
}
