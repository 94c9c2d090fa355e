package org.sparkprop.spark;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.StreamCapabilities;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.base.OneLine;

/**
 * Files on any Hadoop file system, written as drafts and renamed when they are whole. Whatever a
 * file system throws leaves here as an {@link InvalidInputException} of one line: also Hadoop's
 * {@code FSError} of a full disk, which is an Error, and what the clients of object stores throw.
 */
public final class Storage {
  /** File systems that rename a folder at once, whole; others copy file by file. */
  private static final Set<String> RENAME_AT_ONCE =
      Set.of("file", "hdfs", "webhdfs", "swebhdfs", "viewfs", "ofs", "o3fs", "maprfs");

  private Storage() {}

  /** Writes the content of one file. */
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /** What reads or writes files. */
  @FunctionalInterface
  public interface Access<T> {
    T run() throws IOException;
  }

  /** What writes files. */
  @FunctionalInterface
  public interface Change {
    void run() throws IOException;
  }

  /**
   * The path that a user has written. A colon that no scheme ends is part of a name, as in {@code
   * m:1}.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Path path(String written) {
    try {
      return new Path(written);
    } catch (IllegalArgumentException malformed) {
      int colon = written.indexOf(':');
      if (colon < 1 || FileSystemSchemes.isKnown(written.substring(0, colon))) {
        throw new IllegalArgumentException(
            "Invalid path: %s (must be a path, or SCHEME://HOST/PATH)"
                .formatted(OneLine.shorten(written)),
            malformed);
      }
      return new Path(null, null, written);
    }
  }

  /** A file or folder in a folder, of any name. */
  public static Path child(Path folder, String name) {
    return new Path(folder, new Path(null, null, name)); // so that no colon is taken for a scheme
  }

  /** The file system of a path; the local one without its hidden files of checksums. */
  public static FileSystem of(Path path, Configuration hadoop) throws IOException {
    FileSystem fs = reached(path, hadoop);
    return fs instanceof LocalFileSystem local ? local.getRawFileSystem() : fs;
  }

  /**
   * The file system of a path, as Hadoop has it.
   *
   * @throws InvalidInputException if it is known what is missing, and what helps
   */
  public static FileSystem reached(Path path, Configuration hadoop) throws IOException {
    try {
      return path.getFileSystem(hadoop);
    } catch (IOException | RuntimeException | LinkageError failed) {
      String scheme = path.toUri().getScheme();
      String advice = scheme == null ? null : Connector.adviceFor(scheme, failed);
      if (advice == null) {
        throw failed;
      }
      throw new InvalidInputException("Cannot reach %s: %s".formatted(path, advice), failed);
    }
  }

  /** Runs {@code access}; whatever a file system throws becomes an IOException. */
  public static <T> T access(Access<T> access) throws IOException {
    try {
      return access.run();
    } catch (InvalidInputException ours) {
      throw ours;
    } catch (FSError full) {
      throw new IOException(OneLine.reason(full.getCause() == null ? full : full.getCause()), full);
    } catch (RuntimeException client) {
      throw new IOException(OneLine.reason(client), client);
    }
  }

  /** Runs {@code change}; whatever a file system throws becomes an IOException. */
  public static void change(Change change) throws IOException {
    access(
        () -> {
          change.run();
          return true;
        });
  }

  /**
   * Makes sure that a file can be written into {@code folder}, which is made if need be.
   *
   * @throws InvalidInputException if not, with the reason
   */
  public static void checkWritable(Path folder, Configuration hadoop) {
    try {
      change(
          () -> {
            FileSystem fs = of(folder, hadoop);
            if (fs.exists(folder) && !fs.getFileStatus(folder).isDirectory()) {
              throw new InvalidInputException(
                  "Cannot write %s: it is a file (must be a folder)".formatted(folder));
            }
            if (!fs.mkdirs(folder)) {
              throw new IOException("the folder cannot be made");
            }
            Path probe = sibling(child(folder, "probe"), "draft");
            try {
              fs.create(probe, false).close();
            } finally {
              fs.delete(probe, false);
            }
          });
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
      change(
          () -> {
            FileSystem fs = of(file, hadoop);
            try {
              create(fs, draft, content);
              replaceFile(fs, draft, file);
            } finally {
              deleteQuietly(fs, draft);
            }
          });
    } catch (IOException failed) {
      throw cannotWrite(file, failed);
    }
  }

  /**
   * Writes a new file and closes it, so that every error of the disk has come out, and it would
   * survive a loss of power, where the file system can promise that.
   */
  public static void create(FileSystem fs, Path file, Content content) throws IOException {
    try (FSDataOutputStream out = fs.create(file, false)) {
      content.writeTo(out);
      if (out.hasCapability(StreamCapabilities.HSYNC)) {
        out.hsync();
      }
    }
  }

  /** Renames a whole draft over a file; if that fails, what was there is still there. */
  private static void replaceFile(FileSystem fs, Path draft, Path target) throws IOException {
    if (isLocal(fs) || !fs.exists(target)) { // a local disk replaces a file at once
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
    deleteQuietly(fs, old);
  }

  /**
   * Renames, or throws: Hadoop's rename says no in two ways, copies where the local disk refuses,
   * and moves a folder into one that has appeared meanwhile.
   */
  public static void rename(FileSystem fs, Path from, Path to) throws IOException {
    if (isLocal(fs)) {
      RawLocalFileSystem local = (RawLocalFileSystem) fs;
      try {
        Files.move(
            local.pathToFile(from).toPath(),
            local.pathToFile(to).toPath(),
            StandardCopyOption.ATOMIC_MOVE);
      } catch (FileSystemException refused) {
        throw new IOException(
            "%s cannot be renamed to %s: %s".formatted(from, to.getName(), OneLine.reason(refused)),
            refused);
      }
      return;
    }
    if (!access(() -> fs.rename(from, to))) {
      throw new IOException("%s cannot be renamed to %s".formatted(from, to.getName()));
    }
    Path within = child(to, from.getName());
    if (access(() -> fs.exists(within))) {
      access(() -> fs.rename(within, from));
      throw new IOException(
          "%s cannot be renamed to %s: there is one now".formatted(from, to.getName()));
    }
  }

  /** Whether it is the local disk itself. */
  public static boolean isLocal(FileSystem fs) {
    return fs.getClass() == RawLocalFileSystem.class;
  }

  /** Whether a folder gets its new name at once, with all its files. */
  public static boolean renamesAtOnce(FileSystem fs) {
    return RENAME_AT_ONCE.contains(fs.getUri().getScheme());
  }

  /** Deletes what nobody needs any more, or leaves it to whoever writes next. */
  public static boolean deleteQuietly(FileSystem fs, Path path) {
    try {
      return access(() -> fs.delete(path, true));
    } catch (IOException stuck) {
      return false;
    }
  }

  /** A hidden name beside {@code path} that nobody else uses. */
  public static Path sibling(Path path, String purpose) {
    return beside(path, hidden(path, purpose) + UUID.randomUUID());
  }

  /** How the names of {@link #sibling} begin. */
  public static String hidden(Path path, String purpose) {
    return ".%s.%s-".formatted(path.getName(), purpose);
  }

  /** Another name in the folder where {@code path} is. */
  public static Path beside(Path path, String name) {
    Path parent = path.getParent();
    return parent == null ? new Path(null, null, name) : child(parent, name);
  }

  public static InvalidInputException cannotWrite(Path path, @Nullable Throwable failure) {
    return new InvalidInputException(
        "Cannot write %s: %s".formatted(path, OneLine.reason(failure)), failure);
  }

  public static InvalidInputException cannotRead(Object what, @Nullable Throwable failure) {
    return new InvalidInputException(
        "Cannot read %s: %s".formatted(what, OneLine.reason(failure)), failure);
  }
}
