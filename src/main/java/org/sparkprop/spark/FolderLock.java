package org.sparkprop.spark;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.base.OneLine;

/**
 * Says who writes a folder, while the work goes on: {@code .NAME.lock} beside it. A process of this
 * host that has ended owns nothing any more. Of other hosts and containers, whose processes cannot
 * be seen, the lock is touched every ten seconds; one that stays as it is has no owner.
 *
 * <p>Local disks and HDFS make the file for one of two that try; an object store may let both. The
 * owner therefore asks {@link #isHeld} before it replaces anything.
 */
public final class FolderLock implements AutoCloseable {
  private static final ObjectMapper JSON =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
  private static final Duration BEAT = Duration.ofSeconds(10);
  private static final Duration WATCH = Duration.ofSeconds(25);

  /** After so long without a touch nobody is waited for. */
  private static final Duration SURELY_DEAD = Duration.ofMinutes(10);

  private static final long MAX_LOCK = 10_000;
  private static final int ATTEMPTS = 5;
  private static final Duration GLANCE = Duration.ofMillis(200);

  /** A clock that is set anew shifts the start of a process that the system tells. */
  private static final long START_TOLERANCE_MILLIS = 10_000;

  /** Locks of this process. */
  private static final Set<String> HELD_HERE = ConcurrentHashMap.newKeySet();

  private static final ScheduledExecutorService BEATS =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "sparkprop-locks");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * Who works there.
   *
   * @param token another for each lock
   * @param space the host and its table of processes; pids of another mean nothing here
   * @param started when the process did, in milliseconds; 0 where that is not known
   */
  record Owner(String token, String host, String space, long pid, long started, String since) {
    static Owner here() {
      ProcessHandle process = ProcessHandle.current();
      return new Owner(
          UUID.randomUUID().toString(),
          hostName(),
          processSpace(),
          process.pid(),
          process.info().startInstant().map(Instant::toEpochMilli).orElse(0L),
          Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    }

    /** Whether it surely works, or surely does not; null where only its touches can tell. */
    @Nullable Boolean isAlive() {
      if (!space.equals(processSpace())) {
        return null;
      }
      if (pid == ProcessHandle.current().pid()) {
        return HELD_HERE.contains(token);
      }
      ProcessHandle process = ProcessHandle.of(pid).orElse(null);
      if (process == null || !process.isAlive()) {
        return false;
      }
      long now = process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
      return started == 0 || now == 0 || Math.abs(now - started) <= START_TOLERANCE_MILLIS;
    }

    @Override
    public String toString() {
      return "process %d of %s is at work there since %s"
          .formatted(pid, OneLine.shorten(host), OneLine.shorten(since));
    }
  }

  private final FileSystem fs;
  private final Path file;
  private final Owner owner;
  private final ScheduledFuture<?> beats;

  private FolderLock(FileSystem fs, Path file, Owner owner) {
    this.fs = fs;
    this.file = file;
    this.owner = owner;
    HELD_HERE.add(owner.token());
    this.beats =
        BEATS.scheduleWithFixedDelay(
            this::touch, BEAT.toMillis(), BEAT.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Takes the folder for this run.
   *
   * @param say told when another host has to be waited for
   * @throws InvalidInputException if somebody is at work there, with who, or the lock cannot be
   *     written
   */
  public static FolderLock take(Path folder, Configuration hadoop, Consumer<String> say) {
    return take(folder, hadoop, say, Owner.here(), WATCH);
  }

  static FolderLock take(
      Path folder, Configuration hadoop, Consumer<String> say, Owner owner, Duration watch) {
    Path file = Storage.beside(folder, "." + folder.getName() + ".lock");
    try {
      return Storage.access(
          () -> {
            FileSystem fs = Storage.of(file, hadoop);
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
              if (make(fs, file, owner)) {
                return new FolderLock(fs, file, owner);
              }
              Owner other = read(fs, file, GLANCE);
              if (other != null && isAlive(fs, file, other, say, watch)) {
                throw new InvalidInputException(
                    "Cannot write %s: %s (give another name, or wait until it is done)"
                        .formatted(folder, other));
              }
              takeAway(fs, file, other);
            }
            throw new IOException("others take it again and again");
          });
    } catch (IOException failed) {
      throw Storage.cannotWrite(folder, failed);
    }
  }

  /** Whether it is still ours: a host that was silent for long may have lost it. */
  public boolean isHeld() throws IOException {
    return Storage.access(
        () -> {
          Owner found = read(fs, file, GLANCE);
          return found != null && found.token().equals(owner.token());
        });
  }

  @Override
  public void close() {
    beats.cancel(false);
    HELD_HERE.remove(owner.token());
    try {
      if (isHeld()) {
        Storage.deleteQuietly(fs, file);
      }
    } catch (IOException unreachable) {
      // Whoever comes next sees that this process no longer holds it.
    }
  }

  private static boolean make(FileSystem fs, Path file, Owner owner) throws IOException {
    byte[] content = JSON.writeValueAsBytes(owner);
    Path parent = file.getParent();
    if (parent != null) {
      fs.mkdirs(parent);
    }
    try {
      if (fs instanceof RawLocalFileSystem local) { // whose create looks first and opens then
        Files.write(
            local.pathToFile(file).toPath(),
            content,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE);
      } else {
        try (FSDataOutputStream out = fs.create(file, false)) {
          out.write(content);
        }
      }
    } catch (java.nio.file.FileAlreadyExistsException
        | org.apache.hadoop.fs.FileAlreadyExistsException taken) {
      return false;
    }
    Owner found = read(fs, file, GLANCE);
    return found != null && found.token().equals(owner.token());
  }

  /**
   * Who has made the lock; null where there is none, or what is there does not become readable.
   *
   * @param patience for one that is just being written
   */
  private static @Nullable Owner read(FileSystem fs, Path file, Duration patience)
      throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try (InputStream in = PlainFile.open(fs, file)) {
        return JSON.readValue(in.readNBytes((int) MAX_LOCK), Owner.class);
      } catch (FileNotFoundException none) {
        return null;
      } catch (com.fasterxml.jackson.core.JacksonException incomplete) {
        pause(patience);
      }
    }
    return null;
  }

  private static boolean isAlive(
      FileSystem fs, Path file, Owner owner, Consumer<String> say, Duration watch)
      throws IOException {
    Boolean known = owner.isAlive();
    if (known != null) {
      return known;
    }
    try {
      long seen = fs.getFileStatus(file).getModificationTime();
      if (System.currentTimeMillis() - seen > SURELY_DEAD.toMillis()) {
        return false;
      }
      say.accept("waiting up to %d s: %s, or was".formatted(Math.max(1, watch.toSeconds()), owner));
      for (long waited = 0; waited < watch.toMillis(); waited += GLANCE.toMillis()) {
        pause(GLANCE);
        if (fs.getFileStatus(file).getModificationTime() != seen) {
          return true;
        }
      }
      return false;
    } catch (FileNotFoundException ended) {
      return false;
    }
  }

  /** Takes the lock of an owner that is dead, and of nobody else who may have come meanwhile. */
  private static void takeAway(FileSystem fs, Path file, @Nullable Owner dead) throws IOException {
    Path away = Storage.sibling(file, "dead");
    try {
      Storage.rename(fs, file, away);
    } catch (IOException gone) {
      return; // somebody else was faster, or the next attempt says why not
    }
    Owner taken = read(fs, away, Duration.ZERO);
    if (taken != null && (dead == null || !taken.token().equals(dead.token()))) {
      Storage.rename(fs, away, file);
      return;
    }
    Storage.deleteQuietly(fs, away);
  }

  /** Shows others that the owner is alive. Where times cannot be set, the file is written anew. */
  private void touch() {
    try {
      if (!isHeld()) {
        return;
      }
      if (Storage.renamesAtOnce(fs)) {
        fs.setTimes(file, System.currentTimeMillis(), -1);
      } else {
        try (FSDataOutputStream out = fs.create(file, true)) {
          out.write(JSON.writeValueAsBytes(owner));
        }
      }
    } catch (IOException | RuntimeException | Error unreachable) {
      // The next touch may succeed; isHeld tells whether somebody took the lock meanwhile.
    }
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InvalidInputException("Interrupted while waiting for a lock", interrupted);
    }
  }

  private static String hostName() {
    String name = System.getenv("HOSTNAME");
    try {
      return name == null || name.isBlank()
          ? java.net.InetAddress.getLocalHost().getHostName()
          : name;
    } catch (java.net.UnknownHostException unnamed) {
      return "this host";
    }
  }

  /** This boot of this machine and its namespace of processes; the host's name elsewhere. */
  static String processSpace() {
    try {
      return Files.readString(java.nio.file.Path.of("/proc/sys/kernel/random/boot_id")).strip()
          + " "
          + Files.readSymbolicLink(java.nio.file.Path.of("/proc/self/ns/pid"));
    } catch (IOException | RuntimeException noLinux) {
      return hostName();
    }
  }
}
