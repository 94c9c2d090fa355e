package org.sparkprop.model;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparkprop.base.OneLine;
import org.sparkprop.spark.Storage;

/**
 * A folder that is replaced whole: as a draft beside it that is renamed, {@code .NAME.draft-…},
 * with what was there beside it for that moment, {@code .NAME.old-…}. A kill at any time leaves one
 * of them, and {@link #readable} and {@link #recover} find it.
 *
 * <p>Object stores rename a folder file by file. There the files are written to their places, the
 * one that tells a whole folder last.
 */
final class WholeFolder {
  private static final Logger LOG = LoggerFactory.getLogger(WholeFolder.class);
  private static final int MAX_LINKS = 40; // as Linux has it

  private final FileSystem fs;
  private final Path folder;
  private final String last;

  private WholeFolder(FileSystem fs, Path folder, String last) {
    this.fs = fs;
    this.folder = folder;
    this.last = last;
  }

  /**
   * The folder of that name or, if it is a symbolic link of the local disk, where that points,
   * whether something is there or not.
   *
   * @param last its file that is written last
   */
  static WholeFolder at(Path named, Configuration hadoop, String last) throws IOException {
    FileSystem fs = Storage.of(named, hadoop);
    return new WholeFolder(fs, linked(fs, named), last);
  }

  private static Path linked(FileSystem fs, Path named) throws IOException {
    if (!(fs instanceof RawLocalFileSystem local)) {
      return named;
    }
    java.nio.file.Path place = local.pathToFile(named).toPath();
    if (!Files.isSymbolicLink(place)) {
      return named;
    }
    for (int links = 0; links < MAX_LINKS; links++) {
      if (!Files.isSymbolicLink(place)) {
        Path target = new Path(null, null, place.toAbsolutePath().normalize().toString());
        return named.toUri().getScheme() == null
            ? target
            : new Path(named.toUri().getScheme(), named.toUri().getAuthority(), target.toString());
      }
      place = place.resolveSibling(Files.readSymbolicLink(place));
    }
    throw new IOException("it is a symbolic link that leads back to itself");
  }

  Path folder() {
    return folder;
  }

  FileSystem fs() {
    return fs;
  }

  boolean exists() throws IOException {
    return fs.exists(folder);
  }

  /** Where to read: the folder, or the one before it if a kill has left that one alone. */
  Path readable() throws IOException {
    if (isWhole(folder)) {
      return folder;
    }
    Path old = lastOld();
    if (old == null) {
      return folder;
    }
    LOG.warn("{} was being replaced; what was there before is read from {}", folder, old);
    return old;
  }

  /**
   * Whether the folder cannot be renamed, as it is a disk of its own.
   *
   * @throws IOException if that cannot be told
   */
  boolean isMountPoint() throws IOException {
    if (!Storage.isLocal(fs) || !fs.exists(folder)) {
      return false;
    }
    try {
      java.nio.file.Path place = ((RawLocalFileSystem) fs).pathToFile(folder).toPath().toRealPath();
      java.nio.file.Path parent = place.getParent();
      return parent != null
          && !Files.getAttribute(place, "unix:dev").equals(Files.getAttribute(parent, "unix:dev"));
    } catch (UnsupportedOperationException | IllegalArgumentException notUnix) {
      return false;
    }
  }

  /**
   * Puts the folder before back where a kill has left that one alone, and deletes what is of no
   * more use. Only for who holds the lock: nobody else is at work here.
   */
  void recover() throws IOException {
    Path old = lastOld();
    if (!isWhole(folder) && old != null) {
      putBack(old);
      LOG.warn("{} was being replaced when a run was killed; it is what it was before", folder);
    }
    for (Path left : leftBeside("old")) {
      delete(left);
    }
    for (Path draft : leftBeside("draft")) {
      if (!isWhole(draft)) { // a whole one may be all that there is of a model
        delete(draft);
      }
    }
  }

  /**
   * Replaces the folder.
   *
   * @param files the one that tells a whole folder at the end
   * @param makeRoom asked when a draft cannot be written; if there is room now, it is tried again
   * @throws IOException if that fails; what was there is still there, and a whole draft stays, with
   *     its place in the message
   */
  void replace(Map<String, Storage.Content> files, BooleanSupplier makeRoom) throws IOException {
    if (Storage.renamesAtOnce(fs)) {
      swap(draft(files, makeRoom));
    } else {
      replaceInPlace(files);
    }
    for (Path draft : leftBeside("draft")) {
      delete(draft);
    }
  }

  /** Writes the files beside the folder, under a name that is not hidden. */
  Path keepBeside(Map<String, Storage.Content> files) throws IOException {
    Path kept = keptName();
    write(kept, files);
    return kept;
  }

  private Path draft(Map<String, Storage.Content> files, BooleanSupplier makeRoom)
      throws IOException {
    Path draft = Storage.sibling(folder, "draft");
    try {
      write(draft, files);
    } catch (IOException | RuntimeException | FSError full) {
      if (!makeRoom.getAsBoolean()) {
        throw full;
      }
      write(draft, files);
    }
    return draft;
  }

  /** Writes all files, or none. */
  private void write(Path to, Map<String, Storage.Content> files) throws IOException {
    boolean done = false;
    try {
      for (Map.Entry<String, Storage.Content> file : files.entrySet()) {
        Storage.create(fs, Storage.child(to, file.getKey()), file.getValue());
      }
      done = true;
    } finally {
      if (!done) {
        Storage.deleteQuietly(fs, to);
      }
    }
  }

  private void swap(Path draft) throws IOException {
    Path old = null;
    try {
      if (fs.exists(folder)) {
        Path away = Storage.sibling(folder, "old");
        Storage.rename(fs, folder, away);
        old = away;
      }
      Storage.rename(fs, draft, folder);
    } catch (IOException | RuntimeException failed) {
      String stuck = "";
      if (old != null) {
        try {
          putBack(old);
        } catch (IOException | RuntimeException left) {
          failed.addSuppressed(left);
          stuck = "; what was there is now " + old;
        }
      }
      throw new IOException(
          "%s%s; the new one is whole in %s".formatted(OneLine.reason(failed), stuck, keep(draft)),
          failed);
    }
    if (old != null) {
      delete(old);
    }
  }

  private void replaceInPlace(Map<String, Storage.Content> files) throws IOException {
    Path old = null;
    if (fs.exists(folder)) {
      old = Storage.sibling(folder, "old");
      try {
        Storage.rename(fs, folder, old);
      } catch (IOException | RuntimeException half) {
        putBack(old);
        throw half;
      }
    }
    boolean done = false;
    try {
      write(folder, files);
      done = true;
    } finally {
      if (!done && old != null) {
        putBack(old);
      }
    }
    if (old != null) {
      delete(old);
    }
  }

  /** Brings the folder before back, whatever of it has been moved, its last file last. */
  private void putBack(Path old) throws IOException {
    if (!fs.exists(old)) {
      return;
    }
    if (!fs.exists(folder)) {
      Storage.rename(fs, old, folder);
      return;
    }
    boolean replaced = !isWhole(folder);
    List<Path> files = new ArrayList<>();
    for (FileStatus file : fs.listStatus(old)) {
      files.add(file.getPath());
    }
    files.sort(Comparator.comparing(file -> file.getName().equals(last)));
    for (Path file : files) {
      Path place = Storage.child(folder, file.getName());
      boolean isThere = fs.exists(place);
      if (isThere && replaced && isWhole(old)) {
        fs.delete(place, false);
        isThere = false;
      }
      if (!isThere) {
        Storage.rename(fs, file, place);
      }
    }
    delete(old);
  }

  /** Gives a whole draft a name that is seen, and that nobody cleans up. */
  private Path keep(Path draft) {
    Path kept = keptName();
    try {
      Storage.change(() -> Storage.rename(fs, draft, kept));
      return kept;
    } catch (IOException stuck) {
      return draft;
    }
  }

  private Path keptName() {
    String id = UUID.randomUUID().toString().substring(0, 8);
    return Storage.beside(folder, "%s.kept-%s".formatted(folder.getName(), id));
  }

  private boolean isWhole(Path place) throws IOException {
    try {
      return fs.getFileStatus(Storage.child(place, last)).isFile();
    } catch (FileNotFoundException | FileSystemException none) {
      return false;
    }
  }

  private @Nullable Path lastOld() throws IOException {
    Path found = null;
    long time = Long.MIN_VALUE;
    for (Path old : leftBeside("old")) {
      if (isWhole(old)) {
        long of = fs.getFileStatus(Storage.child(old, last)).getModificationTime();
        if (of > time) {
          found = old;
          time = of;
        }
      }
    }
    return found;
  }

  /** Our hidden siblings; none where the folder above cannot be listed. */
  private List<Path> leftBeside(String purpose) {
    Path parent = folder.getParent();
    List<Path> left = new ArrayList<>();
    try {
      String start = Storage.hidden(folder, purpose);
      Path above = parent == null ? new Path(".") : parent;
      for (FileStatus file : fs.listStatus(above, p -> p.getName().startsWith(start))) {
        if (file.isDirectory() && isUuid(file.getPath().getName().substring(start.length()))) {
          left.add(file.getPath());
        }
      }
    } catch (IOException unlisted) {
      LOG.debug("Cannot list {}", parent, unlisted);
    }
    return left;
  }

  private static boolean isUuid(String text) {
    try {
      return UUID.fromString(text).toString().equals(text);
    } catch (IllegalArgumentException other) {
      return false;
    }
  }

  private void delete(Path left) {
    if (!Storage.deleteQuietly(fs, left)) {
      LOG.warn("Cannot delete {}, which is of no more use", left);
    }
  }
}
