package org.sparkprop.cluster;

import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.internal.config.package$;
import org.apache.spark.rpc.RpcEnv;
import org.jspecify.annotations.Nullable;
import scala.Option;
import scala.concurrent.Await;
import scala.concurrent.duration.Duration;

/**
 * Asks whether a master of Spark answers behind a port, before Spark itself does, which tries for a
 * minute and then stops whatever has asked for it.
 */
final class Handshake {
  private Handshake() {}

  /**
   * Why no master answers; null if one does, or if that cannot be told.
   *
   * @param patienceSeconds how long a port may be silent
   */
  static @Nullable String problem(
      SparkConf conf, InetSocketAddress address, double patienceSeconds) {
    RpcEnv rpc;
    try {
      SecurityManager security =
          new SecurityManager(conf, Option.empty(), package$.MODULE$.AUTH_SECRET_FILE());
      rpc = RpcEnv.create("sparkprop", address.getHostString(), -1, conf, security, true);
    } catch (RuntimeException | LinkageError unlike) {
      return null; // another version of Spark, or settings that Spark itself refuses
    }
    try {
      String uri = "spark://Master@%s:%d".formatted(address.getHostString(), address.getPort());
      Await.result(
          rpc.asyncSetupEndpointRefByURI(uri), Duration.create(patienceSeconds, TimeUnit.SECONDS));
      return null;
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      return null; // whoever interrupts says why
    } catch (Exception none) { // silent, gone, another protocol, or no master among what is there
      return "what listens on port %d does not answer as a master of Spark does"
          .formatted(address.getPort());
    } finally {
      rpc.shutdown();
    }
  }
}
