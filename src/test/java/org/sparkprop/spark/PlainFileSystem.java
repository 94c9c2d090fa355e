package org.sparkprop.spark;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.util.Progressable;

/** The local disk as {@code plain:///…}, where as on an object store a file is seen when closed. */
public final class PlainFileSystem extends RawLocalFileSystem {
  private static final int MUCH = 1 << 20;

  @Override
  public URI getUri() {
    return URI.create("plain:///");
  }

  @Override
  public String getScheme() {
    return "plain";
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
    return new FSDataOutputStream(
        new BufferedOutputStream(
            super.create(path, overwrite, bufferSize, replication, blockSize, progress), MUCH) {
          @Override
          public void flush() {}

          @Override
          public void close() throws IOException {
            super.flush();
            super.close();
          }
        },
        null);
  }
}
