package org.sparkprop.nn.blas;

import java.io.IOException;
import java.lang.System.Logger;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.ExecutableFiles;

/**
 * A folder of this JVM's own for native libraries while they are loaded, which need their files no
 * more afterwards. Its owner holds a lock in it, so that the next one can tell what a JVM has left
 * that was killed, and remove it.
 */
final class NativeFolder implements AutoCloseable {
  /** What the user may say to get another place. */
  static final String PLACE = "java.io.tmpdir";

  private static final String PREFIX = "sparkprop-openblas";
  private static final String LOCK = "lock";

  /** What netlib unpacks into the folder for temporary files. */
  private static final Pattern FILE_OF_NETLIB = Pattern.compile("libnetlibblasjni\\d+\\.so");

  /** A file may be about to be loaded, or a folder about to get its lock, for moments. */
  private static final Duration MOMENTS = Duration.ofSeconds(5);

  private static final Logger LOG = System.getLogger(NativeFolder.class.getName());

  private final Path path;
  private final @Nullable FileChannel lock;

  private NativeFolder(Path path, @Nullable FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /**
   * Makes a folder that only this user can enter, and removes those of JVMs that are dead.
   *
   * @throws IOException if there is no room
   */
  static NativeFolder make() throws IOException {
    Path place = Path.of(System.getProperty(PLACE));
    try {
      NativeFolder made = null;
      while (made == null) {
        made = locked(Files.createTempDirectory(place, PREFIX));
      }
      made.removeDead(place);
      return made;
    } catch (IOException failed) {
      throw unusable("no folder can be made in " + place, failed);
    }
  }

  /** Says what helps where this place is the fault. */
  static UnusableException unusable(String problem, @Nullable Throwable cause) {
    String place = System.getProperty(PLACE);
    String line =
        ExecutableFiles.areForbiddenIn(Path.of(place))
            ? "%s is mounted noexec (%s)".formatted(place, problem)
            : problem;
    UnusableException unusable = new UnusableException(line, "-D" + PLACE + "=FOLDER");
    unusable.initCause(cause);
    return unusable;
  }

  /** The folder with its lock; null if somebody has found it in between, and took it for dead. */
  private static @Nullable NativeFolder locked(Path path) throws IOException {
    path.toFile().deleteOnExit(); // the user may end the JVM before we are done
    Path file = path.resolve(LOCK);
    file.toFile().deleteOnExit();
    FileChannel channel;
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (NoSuchFileException removed) {
      return null;
    }
    try {
      channel.lock();
    } catch (IOException noLocksHere) {
      channel.close();
      return new NativeFolder(path, null); // nobody will get it, and so nobody removes the folder
    }
    if (Files.exists(file)) {
      return new NativeFolder(path, channel);
    }
    channel.close();
    return null;
  }

  Path path() {
    return path;
  }

  /** Deletes the files; if that fails, they stay and nothing else does. */
  @Override
  public void close() {
    try {
      delete(path);
      if (lock != null) {
        lock.close();
      }
    } catch (IOException stuck) {
      LOG.log(Logger.Level.WARNING, "Cannot delete " + path, stuck);
    }
  }

  /** The lock goes last, and with it the folder. */
  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(file -> !file.endsWith(LOCK)).toList()) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(folder.resolve(LOCK));
    Files.deleteIfExists(folder);
  }

  /**
   * Deletes the files out of which netlib is loaded in this JVM. Netlib does so when the JVM ends,
   * but cannot if it is killed.
   */
  static void deleteNetlibsOfThisJvm() throws IOException {
    for (Path file : mapped(Path.of("/proc/self/maps"))) {
      Files.deleteIfExists(file);
    }
  }

  private void removeDead(Path place) {
    try {
      UserPrincipal user = Files.getOwner(path);
      try (DirectoryStream<Path> folders = Files.newDirectoryStream(place, PREFIX + "*")) {
        for (Path folder : folders) {
          if (!folder.equals(path)
              && Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
              && Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(user)) {
            removeIfDead(folder);
          }
        }
      }
      removeDeadNetlibs(place, user);
    } catch (IOException | RuntimeException busy) { // others may be at it, too
      LOG.log(Logger.Level.DEBUG, "Cannot clean " + place, busy);
    }
  }

  private static void removeIfDead(Path folder) throws IOException {
    Path file = folder.resolve(LOCK);
    if (!Files.exists(file)) {
      if (isOld(folder)) {
        delete(folder);
      }
      return;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        FileLock ours = channel.tryLock()) {
      if (ours != null) {
        delete(folder);
      }
    } catch (IOException | OverlappingFileLockException inUse) {
      LOG.log(Logger.Level.DEBUG, "{0} is in use", folder);
    }
  }

  /** Whether a file can be neither new nor just about to be used. */
  private static boolean isOld(Path file) throws IOException {
    FileTime changed = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS);
    return changed.toInstant().isBefore(Instant.now().minus(MOMENTS));
  }

  /** Where processes tell what they have loaded: files of this user that nobody has. */
  private static void removeDeadNetlibs(Path place, UserPrincipal user) throws IOException {
    List<Path> dead = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(place, "libnetlibblasjni*.so")) {
      for (Path file : files) {
        if (FILE_OF_NETLIB.matcher(file.getFileName().toString()).matches()
            && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
            && Files.getOwner(file, LinkOption.NOFOLLOW_LINKS).equals(user)
            && isOld(file)) {
          dead.add(file);
        }
      }
    }
    if (dead.isEmpty() || !Files.exists(Path.of("/proc/self/maps"))) {
      return;
    }
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        dead.removeAll(mapped(process.resolve("maps")));
      }
    }
    for (Path file : dead) {
      Files.deleteIfExists(file);
    }
  }

  /** Netlib's files that a process has loaded; none if it is not ours to look into, or gone. */
  private static List<Path> mapped(Path maps) {
    try (Stream<String> lines = Files.lines(maps)) {
      return lines
          .filter(line -> line.contains("/libnetlibblasjni"))
          .map(line -> Path.of(line.substring(line.indexOf('/'))))
          .filter(file -> FILE_OF_NETLIB.matcher(file.getFileName().toString()).matches())
          .distinct()
          .toList();
    } catch (IOException | RuntimeException unreadable) {
      return List.of();
    }
  }
}
