package org.sparkprop.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ShutdownTest {
  /** As Scala does of messages that come when Spark has no threads any more. */
  @Test
  void whatIsPrintedAsSparkStopsIsNotShown() {
    PrintStream err = System.err;
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    try {
      System.setErr(new PrintStream(shown, true, StandardCharsets.UTF_8));
      Shutdown.quietly(() -> new IllegalStateException("no threads").printStackTrace());
      IllegalStateException failure =
          assertThrows(
              IllegalStateException.class,
              () ->
                  Shutdown.quietly(
                      () -> {
                        throw new IllegalStateException("it could not be stopped");
                      }));
      System.err.print(failure.getMessage());
    } finally {
      System.setErr(err);
    }
    assertEquals("it could not be stopped", shown.toString(StandardCharsets.UTF_8));
  }
}
