package org.sparkprop.nn.blas;

import java.io.IOException;

/** A native library cannot be used on this host, unless Java is started with another option. */
final class UnusableException extends IOException {
  private final String javaOption;

  /**
   * @param javaOption what helps, with {@code FOLDER} for a folder whose files may be executed
   */
  UnusableException(String message, String javaOption) {
    super(message);
    this.javaOption = javaOption;
  }

  String javaOption() {
    return javaOption;
  }
}
