package org.sparkprop.base;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** Words of others in our messages, which are one line each, whatever a damaged file holds. */
public final class OneLine {
  private static final int MAX_TOKEN = 100;
  private static final int MAX_REASON = 300;

  private OneLine() {}

  /** A word out of a file: its first hundred characters, without what breaks a line. */
  public static String shorten(String token) {
    return cut(token, MAX_TOKEN);
  }

  /** Why something failed. */
  public static String reason(@Nullable Throwable failure) {
    if (failure == null) {
      return "no reason is known";
    }
    if (failure instanceof FileSystemException ofFile) { // whose message is the path alone
      String reason = ofFile.getReason();
      if (ofFile instanceof AccessDeniedException) {
        reason = "Permission denied";
      } else if (ofFile instanceof NoSuchFileException) {
        reason = "no such file or folder";
      }
      return cut(
          reason == null ? failure.getClass().getSimpleName() + ": " + ofFile.getFile() : reason,
          MAX_REASON);
    }
    String message = failure.getMessage();
    return message == null || message.isBlank()
        ? failure.getClass().getSimpleName()
        : cut(message, MAX_REASON);
  }

  private static String cut(String text, int length) {
    String start = text.length() > length ? text.substring(0, length) + "…" : text;
    StringBuilder line = new StringBuilder(start.length());
    start
        .strip()
        .codePoints()
        .map(
            c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE ? ' ' : c)
        .forEach(line::appendCodePoint);
    return line.toString();
  }
}
