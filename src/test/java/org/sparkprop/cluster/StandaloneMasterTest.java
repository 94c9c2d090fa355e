package org.sparkprop.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Objects;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.master.Master;
import org.apache.spark.deploy.worker.Worker;
import org.apache.spark.rpc.RpcEnv;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkprop.Refusal;
import scala.Option;

class StandaloneMasterTest {
  private static final double SECONDS = 1.5;

  @TempDir Path scratch;

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

  private static final String NO_MASTER =
      "Cannot start Spark on %s: what listens on port %d does not answer as a master of Spark does; correct --master (a master's port is mostly 7077, and not that of its page)";

  private static void assertIsNoMaster(int port) {
    String name = "spark://127.0.0.1:" + port;
    assertEquals(
        NO_MASTER.formatted(name, port),
        Refusal.of(() -> master(name).refuseUnlessAMaster(new SparkConf(false), SECONDS)));
  }

  /** Spark would try for more than a minute, and then stop its own context. */
  @Test
  void aPortThatIsSilentIsNoMaster() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertIsNoMaster(silent.getLocalPort());
    }
  }

  @Test
  void aPortThatHangsUpIsNoMaster() throws Exception {
    try (ServerSocket web = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread server =
          new Thread(
              () -> {
                try (Socket caller = web.accept()) {
                  caller
                      .getOutputStream()
                      .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII));
                } catch (IOException ended) {
                  throw new UncheckedIOException(ended);
                }
              });
      server.start();
      assertIsNoMaster(web.getLocalPort());
      server.join();
    }
  }

  @Test
  void aMasterIsOneAndAnotherOfSparksProcessesIsNot() {
    SparkConf conf = new SparkConf(false);
    RpcEnv master = Master.startRpcEnvAndEndpoint("127.0.0.1", 0, 0, conf)._1();
    int port = master.address().port();
    RpcEnv worker =
        Worker.startRpcEnvAndEndpoint(
            "127.0.0.1",
            0,
            0,
            1,
            512,
            new String[] {"spark://127.0.0.1:" + port},
            scratch.toString(),
            Option.empty(),
            conf,
            Option.empty());
    try {
      master("spark://127.0.0.1:" + port).refuseUnlessAMaster(conf, 60);
      assertIsNoMaster(worker.address().port());
    } finally {
      worker.shutdown();
      master.shutdown();
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
