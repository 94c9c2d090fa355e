package org.sparkprop.model.tensor;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.apache.hadoop.fs.FSDataInputStream;
import org.sparkprop.base.OneLine;

/**
 * NumPy's file of several arrays: a zip with an {@link Npy} for each, stored or deflated. Zip
 * guards each with a checksum.
 */
public final class Npz {
  private static final String SUFFIX = ".npy";

  /** Starts the last record of a zip, of 22 bytes and a comment of at most 64 KiB. */
  private static final int END = 0x06054b50;

  private static final int END_BYTES = 22;
  private static final int MAX_END = END_BYTES + 0xffff;

  /**
   * Deflated zeros are a thousandth of themselves, and weights hardly smaller: what grows more is
   * no model, and may be meant to fill the memory.
   */
  private static final long MAX_GROWTH = 20;

  private static final long ALWAYS_ALLOWED = 64 << 20;

  private Npz() {}

  /**
   * Reads all arrays, in the order of the file.
   *
   * @param length bytes of the file
   * @throws IOException if the file is not whole, or has anything but arrays of numbers
   */
  public static List<Tensor> read(FSDataInputStream in, long length) throws IOException {
    refuseWithoutEnd(in, length);
    List<Tensor> arrays = new ArrayList<>();
    Set<String> names = new HashSet<>();
    long bytesLeft = ALWAYS_ALLOWED + MAX_GROWTH * length;
    ZipInputStream zip = new ZipInputStream(new BufferedInputStream(in));
    try {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        String file = entry.getName();
        if (!file.endsWith(SUFFIX)) {
          throw new IOException(
              "it has %s (must be arrays of NumPy alone)".formatted(OneLine.shorten(file)));
        }
        if (!names.add(file)) {
          throw new IOException("it has %s twice".formatted(OneLine.shorten(file)));
        }
        String name = OneLine.shorten(file.substring(0, file.length() - SUFFIX.length()));
        Tensor array = Npy.read(name, zip, bytesLeft);
        bytesLeft -= (long) array.values().length * Float.BYTES;
        arrays.add(array);
      }
    } catch (ZipException damaged) {
      throw new IOException("it is damaged: " + OneLine.reason(damaged), damaged);
    } catch (IllegalArgumentException damaged) { // names that are no UTF-8
      throw new IOException("it is damaged: a name in it cannot be read", damaged);
    }
    if (arrays.isEmpty()) {
      throw new IOException("it has no arrays");
    }
    return arrays;
  }

  /** A zip that is read from its start does not show that others of its files are cut off. */
  private static void refuseWithoutEnd(FSDataInputStream in, long length) throws IOException {
    byte[] tail = new byte[(int) Math.min(length, MAX_END)];
    in.readFully(length - tail.length, tail);
    ByteBuffer bytes = ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = tail.length - END_BYTES; at >= 0; at--) {
      if (bytes.getInt(at) == END) {
        return;
      }
    }
    throw new IOException("it is not a .npz file, or is cut short");
  }
}
