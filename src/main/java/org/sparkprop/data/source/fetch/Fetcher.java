package org.sparkprop.data.source.fetch;

import java.io.IOException;
import java.io.InputStream;

/** A place to get files of a data set from. */
interface Fetcher extends AutoCloseable {
  /**
   * The raw bytes of a file.
   *
   * @throws IOException if it cannot be had here, with the reason in a few words
   */
  InputStream open(String file) throws IOException;

  @Override
  void close() throws IOException;
}
