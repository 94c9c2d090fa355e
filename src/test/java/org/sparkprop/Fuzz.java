package org.sparkprop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Damages a file in many ways and reads it: what comes out is what was written, or a refusal of one
 * line that names the file; never another exception, a hang, or more memory than the file explains.
 *
 * <p>{@code -Dfuzz.mutations=2000} tries more of each kind; a failure names its seed.
 */
public final class Fuzz {
  private static final int MUTATIONS = Integer.getInteger("fuzz.mutations", 30);
  private static final long FIRST_SEED = Long.getLong("fuzz.seed", 1);
  private static final long MAX_MILLIS = 20_000; // of a machine that others use too
  private static final int MAX_LINE = 500;

  /** What a read may take, whatever a header says: buffers, and some times the file. */
  private static final long MAX_BASE_BYTES = 48 << 20;

  private static final int MAX_BYTES_PER_BYTE = 400;
  private static final String LONG_TOKEN = "x".repeat(200_000);
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final ObjectMapper JSON = new ObjectMapper();

  private Fuzz() {}

  /** A way to damage what a file has. */
  @FunctionalInterface
  public interface Mutation {
    byte[] of(byte[] whole, Random random) throws IOException;
  }

  /** Reads the file, and says all that was read. */
  @FunctionalInterface
  public interface Reader {
    Object read() throws Exception;
  }

  /**
   * Tries a kind of damage.
   *
   * @param expected what may be read; null where the file cannot show that it was changed
   * @param refusal the exception that is a refusal
   * @param names what the line has, one of them
   */
  public static void check(
      Path file,
      Mutation mutation,
      Reader reader,
      @Nullable Object expected,
      Class<? extends RuntimeException> refusal,
      String... names)
      throws IOException {
    byte[] whole = Files.readAllBytes(file);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int refused = 0;
    try {
      for (long seed = FIRST_SEED; seed < FIRST_SEED + MUTATIONS; seed++) {
        String which = "%s, -Dfuzz.seed=%d".formatted(file.getFileName(), seed);
        byte[] damaged = mutation.of(whole.clone(), new Random(seed));
        Files.write(file, damaged);
        long before = threads.getCurrentThreadAllocatedBytes();
        long start = System.nanoTime();
        try {
          Object read = reader.read();
          if (expected != null) {
            assertEquals(expected, read, which);
          }
        } catch (Throwable thrown) {
          if (thrown instanceof AssertionError other) {
            throw other;
          }
          if (!refusal.isInstance(thrown)) {
            fail(which, thrown);
          }
          refused++;
          String line = String.valueOf(thrown.getMessage());
          assertTrue(
              line.length() <= MAX_LINE && line.lines().count() == 1,
              () ->
                  which
                      + ": "
                      + line.length()
                      + ": "
                      + line.substring(0, Math.min(600, line.length())));
          assertTrue(Arrays.stream(names).anyMatch(line::contains), which + ": " + line);
        }
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(
            bytes <= MAX_BASE_BYTES + MAX_BYTES_PER_BYTE * (long) damaged.length,
            "%s: %,d bytes of memory for %,d of file".formatted(which, bytes, damaged.length));
        long millis = (System.nanoTime() - start) / 1_000_000;
        assertTrue(millis < MAX_MILLIS, "%s: %,d ms".formatted(which, millis));
      }
    } finally {
      Files.write(file, whole);
    }
    System.out.printf(
        "fuzz: %s, seeds %d to %d, %d refused%n",
        file.getFileName(), FIRST_SEED, FIRST_SEED + MUTATIONS - 1, refused);
  }

  /** From one place of a file to the next that is damaged: all where there is time for it. */
  public static int step() {
    return MUTATIONS < 1000 ? 7 : 1;
  }

  /** Damages bytes: flipped, cut off, taken out, put in, doubled, overwritten. */
  public static byte[] bytes(byte[] whole, Random random) {
    if (whole.length == 0) {
      return new byte[] {(byte) random.nextInt()};
    }
    int at = random.nextInt(whole.length);
    int end = at + 1 + random.nextInt(Math.min(16, whole.length - at));
    ByteArrayOutputStream damaged = new ByteArrayOutputStream();
    switch (random.nextInt(8)) {
      case 0, 1, 2 -> {
        whole[at] ^= (byte) (1 << random.nextInt(8));
        return whole;
      }
      case 3 -> damaged.write(whole, 0, at);
      case 4 -> {
        damaged.write(whole, 0, at);
        damaged.write(whole, end, whole.length - end);
      }
      case 5 -> {
        byte[] more = new byte[1 + random.nextInt(16)];
        random.nextBytes(more);
        damaged.write(whole, 0, at);
        damaged.writeBytes(more);
        damaged.write(whole, at, whole.length - at);
      }
      case 6 -> {
        damaged.write(whole, 0, end);
        damaged.write(whole, at, whole.length - at);
      }
      default -> {
        Arrays.fill(whole, at, end, (byte) (random.nextBoolean() ? 0 : 0xff));
        return whole;
      }
    }
    return damaged.toByteArray();
  }

  /** Damages JSON that stays JSON: one of its values is another, gone, or there twice. */
  public static JsonNode json(JsonNode whole, Random random) {
    JsonNode copy = whole.deepCopy();
    List<JsonNode> parents = new ArrayList<>();
    collect(copy, parents);
    JsonNode parent = parents.get(random.nextInt(parents.size()));
    if (parent instanceof ObjectNode object && !object.isEmpty()) {
      List<String> names = new ArrayList<>();
      object.fieldNames().forEachRemaining(names::add);
      String name = names.get(random.nextInt(names.size()));
      switch (random.nextInt(8)) {
        case 0 -> object.remove(name);
        case 1 -> object.set(LONG_TOKEN, object.remove(name));
        case 2 -> object.set(names.get(random.nextInt(names.size())), object.get(name).deepCopy());
        default -> object.set(name, value(object.get(name), random));
      }
    } else if (parent instanceof ArrayNode array) {
      int at = random.nextInt(array.size() + 1);
      switch (random.nextInt(4)) {
        case 0 -> array.insert(at, value(NODES.nullNode(), random));
        case 1 -> {
          for (int i = 0; i < 2_000; i++) {
            array.add(array.isEmpty() ? NODES.numberNode(1) : array.get(0).deepCopy());
          }
        }
        case 2 -> array.removeAll();
        default -> {
          if (at < array.size()) {
            array.set(at, value(array.get(at), random));
          }
        }
      }
    }
    return copy;
  }

  /** The same of a text that is JSON. */
  public static byte[] jsonText(byte[] whole, Random random) throws IOException {
    return JSON.writeValueAsBytes(json(JSON.readTree(whole), random));
  }

  private static void collect(JsonNode node, List<JsonNode> parents) {
    if (node.isContainerNode()) {
      parents.add(node);
      node.forEach(child -> collect(child, parents));
    }
  }

  private static JsonNode value(JsonNode now, Random random) {
    return switch (random.nextInt(16)) {
      case 0 -> NODES.nullNode();
      case 1 -> NODES.textNode("");
      case 2 -> NODES.textNode(random.nextBoolean() ? "NaN" : "-Infinity");
      case 3 -> NODES.textNode(LONG_TOKEN);
      case 4 -> NODES.numberNode(-1);
      case 5 -> NODES.numberNode(0);
      case 6 -> NODES.numberNode(Integer.MAX_VALUE);
      case 7 -> NODES.numberNode(Long.MAX_VALUE - random.nextInt(3));
      case 8 -> NODES.numberNode(BigInteger.TEN.pow(random.nextInt(900)));
      case 9 -> NODES.numberNode(random.nextBoolean() ? 1e308 : 0.5);
      case 10 -> NODES.booleanNode(random.nextBoolean());
      case 11 -> NODES.arrayNode().add(now.deepCopy());
      case 12 -> NODES.objectNode().set("x", now.deepCopy());
      case 13 -> nested();
      case 14 -> NODES.numberNode(now.asLong() + 1 - random.nextInt(3));
      default -> NODES.textNode(now.asText() + "\n\u2028 \0");
    };
  }

  private static JsonNode nested() {
    JsonNode deep = NODES.arrayNode();
    for (int i = 0; i < 900; i++) {
      deep = NODES.arrayNode().add(deep);
    }
    return deep;
  }
}
