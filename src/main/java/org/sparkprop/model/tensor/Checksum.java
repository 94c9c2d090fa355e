package org.sparkprop.model.tensor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.OneLine;

/**
 * Checksums in the metadata of a safetensors file: of each tensor, of all numbers, and of the
 * header itself with eight zeros in the place of that one. They are CRC-32C, as of iSCSI, ext4 and
 * Parquet: processors have an instruction for it, so that it costs nothing beside the disk, and it
 * finds any single damage of up to 32 bits in a row. It is no guard against people.
 */
public final class Checksum {
  private static final String WORD = "crc32c";
  private static final String OF_HEADER = WORD + ".header";
  private static final String NONE_YET = "00000000";
  private static final byte[] BEFORE_OF_HEADER =
      "\"%s\":\"".formatted(OF_HEADER).getBytes(StandardCharsets.UTF_8);
  private static final HexFormat HEX = HexFormat.of();

  private Checksum() {}

  /** The checksum of some bytes, as eight digits. */
  static String of(byte[] bytes) {
    CRC32C sum = new CRC32C();
    sum.update(bytes);
    return word(sum);
  }

  /** Eight digits. */
  public static String word(CRC32C sum) {
    return HEX.toHexDigits((int) sum.getValue());
  }

  /** The key of the checksum of a tensor. */
  private static String key(String tensor) {
    return WORD + "." + tensor;
  }

  /** The metadata with the checksums of all tensors, and room for that of the header. */
  static Map<String, String> added(Map<String, String> metadata, SafeTensorsContent content)
      throws IOException {
    Map<String, String> all = new LinkedHashMap<>(metadata);
    CRC32C whole = new CRC32C();
    for (SafeTensorsContent.Part part : content.parts()) {
      CRC32C sum = new CRC32C();
      part.forEachChunk(
          (bytes, length) -> {
            sum.update(bytes, 0, length);
            whole.update(bytes, 0, length);
          });
      all.put(key(part.name()), word(sum));
    }
    all.put(WORD, word(whole));
    all.put(OF_HEADER, NONE_YET);
    return all;
  }

  /** The metadata of whoever wrote the file. */
  public static Map<String, String> without(Map<String, String> metadata) {
    Map<String, String> others = new LinkedHashMap<>(metadata);
    others.keySet().removeIf(key -> key.equals(WORD) || key.startsWith(WORD + "."));
    return others;
  }

  /** Fills the header's own checksum in. */
  static void seal(byte[] header) {
    int at = placeOfHeaders(header);
    byte[] sum = of(header).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(sum, 0, header, at, sum.length);
  }

  /**
   * Compares a header with its checksum, if it has one.
   *
   * @throws IOException if they differ
   */
  static void checkHeader(byte[] header, Map<String, String> metadata) throws IOException {
    String wanted = metadata.get(OF_HEADER);
    if (wanted == null) {
      return;
    }
    int at = placeOfHeaders(header);
    byte[] zeroed = header.clone();
    for (int i = at; at >= 0 && i < at + NONE_YET.length() && i < zeroed.length; i++) {
      zeroed[i] = '0';
    }
    check("its header", wanted, of(zeroed));
  }

  /** Whether the file is one that we write now, with all its checksums. */
  public static boolean isIn(Map<String, String> metadata) {
    return metadata.containsKey(OF_HEADER);
  }

  /**
   * Compares a tensor with its checksum, if it has one.
   *
   * @throws IOException if they differ
   */
  static void checkTensor(String tensor, CRC32C sum, Map<String, String> metadata)
      throws IOException {
    check(tensor, metadata.get(key(tensor)), word(sum));
  }

  /**
   * Compares all numbers with their checksum, if there is one.
   *
   * @throws IOException if they differ
   */
  static void checkAll(CRC32C sum, Map<String, String> metadata) throws IOException {
    check("it", metadata.get(WORD), word(sum));
  }

  private static void check(String what, @Nullable String wanted, String found) throws IOException {
    if (wanted != null && !wanted.equals(found)) {
      throw new IOException(
          "%s is damaged: its checksum is %s (expected %s)"
              .formatted(OneLine.shorten(what), found, OneLine.shorten(wanted)));
    }
  }

  private static int placeOfHeaders(byte[] header) {
    int end = header.length - BEFORE_OF_HEADER.length;
    for (int at = 0; at <= end; at++) {
      if (ByteBuffer.wrap(header, at, BEFORE_OF_HEADER.length)
          .equals(ByteBuffer.wrap(BEFORE_OF_HEADER))) {
        return at + BEFORE_OF_HEADER.length;
      }
    }
    return -1;
  }
}
