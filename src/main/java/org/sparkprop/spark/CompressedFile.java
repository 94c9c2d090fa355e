package org.sparkprop.spark;

import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.hadoop.io.compress.SplittableCompressionCodec;

/** Files that are compressed where their names say so. */
public final class CompressedFile {
  private CompressedFile() {}

  /** The content of a file, which is unpacked if its name ends so. */
  public static InputStream open(Path path, Configuration hadoop) throws IOException {
    FSDataInputStream file = Storage.reached(path, hadoop).open(path);
    CompressionCodec codec = new CompressionCodecFactory(hadoop).getCodec(path);
    if (codec == null) {
      return file;
    }
    try {
      return codec.createInputStream(file);
    } catch (IOException | RuntimeException unreadable) {
      file.close();
      throw unreadable;
    }
  }

  public static boolean is(Path path, Configuration hadoop) {
    return new CompressionCodecFactory(hadoop).getCodec(path) != null;
  }

  /** Whether Spark cuts such a file into splits. */
  public static boolean isSplittable(Path path, Configuration hadoop) {
    CompressionCodec codec = new CompressionCodecFactory(hadoop).getCodec(path);
    return codec == null || codec instanceof SplittableCompressionCodec;
  }
}
