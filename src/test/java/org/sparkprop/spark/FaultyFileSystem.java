package org.sparkprop.spark;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Constructor;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.util.Progressable;

/**
 * The local disk as {@code ofs:///…}, which renames folders at once, and as {@code store:///…},
 * which copies them file by file; and each breaks where a test wants it to.
 */
public final class FaultyFileSystem extends RawLocalFileSystem {
  private static long bytesLeft;
  private static int changesLeft;
  private static boolean isDead;
  private static boolean asClient;

  private String scheme = "store";

  /** What a kill is: nothing is done any more, not even cleaning up. */
  public static final class Killed extends Error {
    private static final long serialVersionUID = 1;
  }

  public static Configuration whole() {
    bytesLeft = Long.MAX_VALUE;
    changesLeft = Integer.MAX_VALUE;
    isDead = false;
    asClient = false;
    Configuration hadoop = new Configuration();
    for (String scheme : new String[] {"ofs", "store"}) {
      hadoop.set("fs.%s.impl".formatted(scheme), FaultyFileSystem.class.getName());
      hadoop.set("fs.%s.impl.disable.cache".formatted(scheme), "true");
    }
    return hadoop;
  }

  /** For tests of other rooms: renames and creations fail after so many of them. */
  public static Configuration clientThatFailsAfter(int changes) {
    Configuration hadoop = whole();
    brokenAfter(changes);
    return hadoop;
  }

  /** The disk is full after so many bytes; deleting goes on. */
  public static void fullAfter(long bytes) {
    bytesLeft = bytes;
  }

  public static long bytesLeft() {
    return bytesLeft;
  }

  /** Renames and creations fail after so many of them, as clients of object stores do. */
  public static void brokenAfter(int changes) {
    changesLeft = changes;
    asClient = true;
  }

  /** The process is killed after so many renames, creations and deletions. */
  public static void killedAfter(int changes) {
    changesLeft = changes;
  }

  /** What RawLocalFileSystem throws, whose constructor is not public. */
  static FSError fullDisk() {
    try {
      Constructor<FSError> hidden = FSError.class.getDeclaredConstructor(Throwable.class);
      hidden.setAccessible(true);
      return hidden.newInstance(new IOException("No space left on device"));
    } catch (ReflectiveOperationException changed) {
      throw new IllegalStateException(changed);
    }
  }

  private static void change() {
    if (isDead || (!asClient && changesLeft == 0)) {
      isDead = true;
      throw new Killed();
    }
    if (changesLeft == 0) {
      throw new IllegalStateException("SlowDown: reduce your request rate\nRequestId: 17");
    }
    changesLeft--;
  }

  @Override
  public void initialize(URI uri, Configuration hadoop) throws IOException {
    super.initialize(uri, hadoop);
    scheme = uri.getScheme();
  }

  @Override
  public URI getUri() {
    return URI.create(scheme + ":///");
  }

  @Override
  public String getScheme() {
    return scheme;
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    java.nio.file.Path source = pathToFile(from).toPath();
    java.nio.file.Path target = pathToFile(to).toPath();
    if (scheme.equals("store") && Files.isDirectory(source)) {
      Files.createDirectories(target);
      for (String name : source.toFile().list()) {
        change();
        Files.copy(source.resolve(name), target.resolve(name), StandardCopyOption.REPLACE_EXISTING);
      }
      for (String name : source.toFile().list()) {
        change();
        Files.delete(source.resolve(name));
      }
      Files.delete(source);
      return true;
    }
    change();
    Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
    return true;
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    if (isDead) {
      throw new Killed();
    }
    if (!asClient) {
      change();
    }
    return super.delete(path, recursive);
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    change();
    OutputStream out = super.create(path, overwrite, bufferSize, replication, blockSize, progress);
    return new FSDataOutputStream(
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
          }

          @Override
          public void write(byte[] bytes, int from, int length) throws IOException {
            if (isDead) {
              throw new Killed();
            }
            if (length > bytesLeft) {
              throw fullDisk();
            }
            bytesLeft -= length;
            out.write(bytes, from, length);
          }

          @Override
          public void close() throws IOException {
            out.close();
          }
        },
        null);
  }
}
