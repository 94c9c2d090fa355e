package org.sparkprop.data.source.idx;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Writes IDX files as the format's own page describes them. */
public final class IdxFiles {
  private IdxFiles() {}

  /** A header of this type code and these dimensions. */
  public static byte[] header(int type, int... dimensions) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(0);
      out.writeByte(0);
      out.writeByte(type);
      out.writeByte(dimensions.length);
      for (int dimension : dimensions) {
        out.writeInt(dimension);
      }
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
    return bytes.toByteArray();
  }

  /** Writes a file, gzipped where its name ends so. */
  public static Path write(Path file, byte[]... contents) throws IOException {
    try (OutputStream raw = Files.newOutputStream(file);
        OutputStream out = file.toString().endsWith(".gz") ? new GZIPOutputStream(raw) : raw) {
      for (byte[] content : contents) {
        out.write(content);
      }
    }
    return file;
  }

  /**
   * A folder with parts {@code train} and {@code test}: 2×2 images whose first pixel tells the
   * class in a way that a network can learn.
   */
  public static Path folder(Path folder, int trainRows, int testRows, int classes)
      throws IOException {
    Files.createDirectories(folder);
    part(folder, "train", trainRows, classes, "");
    part(folder, "t10k", testRows, classes, "");
    return folder;
  }

  /** The two files of one part. */
  public static void part(Path folder, String name, int rows, int classes, String suffix)
      throws IOException {
    byte[] pixels = new byte[4 * rows];
    byte[] labels = new byte[rows];
    for (int row = 0; row < rows; row++) {
      int label = row * 7 % classes;
      labels[row] = (byte) label;
      pixels[4 * row] = (byte) (255 * label / Math.max(1, classes - 1));
      pixels[4 * row + 1] = (byte) (row * 37);
      pixels[4 * row + 2] = (byte) (255 - (255 * label / Math.max(1, classes - 1)));
      pixels[4 * row + 3] = (byte) (row * 101);
    }
    write(folder.resolve(name + "-images-idx3-ubyte" + suffix), header(0x08, rows, 2, 2), pixels);
    write(folder.resolve(name + "-labels-idx1-ubyte" + suffix), header(0x08, rows), labels);
  }
}
