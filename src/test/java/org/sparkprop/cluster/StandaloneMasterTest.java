package org.sparkprop.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkprop.Refusal;

class StandaloneMasterTest {
  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static StandaloneMaster master(String name) {
    return Objects.requireNonNull(StandaloneMaster.of(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"local[2]", "yarn", "k8s://https://127.0.0.1:6443"})
  void otherManagersAreLeftToSpark(String name) {
    assertNull(StandaloneMaster.of(name));
  }

  @Test
  void aPortThatNobodyHasIsRefusedInSeconds() throws IOException {
    String name = "spark://127.0.0.1:" + freePort();
    long start = System.nanoTime();
    assertEquals(
        "Cannot start Spark on %s: connection refused; start a master there, or correct --master"
            .formatted(name),
        Refusal.of(() -> master(name).refuseUnlessReachable(0)));
    assertTrue(System.nanoTime() - start < 20e9);
  }

  @Test
  void oneOfSeveralMastersIsEnough() throws IOException {
    try (ServerSocket standby = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String name =
          "spark://127.0.0.1:%d,127.0.0.1:%d".formatted(freePort(), standby.getLocalPort());
      master(name).refuseUnlessReachable(0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"spark://host", "spark://", "spark://host:port"})
  void anAddressWithoutAPortIsRefused(String name) {
    assertEquals(
        "Cannot start Spark on %s: no host and port (must be spark://HOST:PORT, mostly of port 7077)"
            .formatted(name),
        Refusal.of(() -> StandaloneMaster.of(name)));
  }
}
