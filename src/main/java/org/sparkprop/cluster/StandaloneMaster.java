package org.sparkprop.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLConnection;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.deploy.DeployMessages;
import org.apache.spark.deploy.master.WorkerInfo;
import org.apache.spark.rpc.RpcEndpointRef;
import org.apache.spark.rpc.RpcEnv;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.InvalidInputException;
import scala.concurrent.Await;
import scala.concurrent.Future;
import scala.concurrent.duration.Duration;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/** The master of a standalone cluster, {@code spark://host:port} or several of which one leads. */
final class StandaloneMaster {
  private static final String SCHEME = "spark://";
  private static final String ALIVE = "ALIVE";

  /** A master that was started just before takes a few seconds to open its port. */
  static final double PATIENCE_SECONDS = 8;

  private static final int CONNECT_MILLIS = 3000;
  private static final int MILLIS_BETWEEN_TRIES = 400;
  private static final int ANSWER_MILLIS = 1500;
  private static final int MAX_WORKERS_ASKED = 4;
  private static final ClassTag<DeployMessages.MasterStateResponse> STATE =
      ClassTag$.MODULE$.apply(DeployMessages.MasterStateResponse.class);

  private final String name;
  private final List<InetSocketAddress> addresses;

  private StandaloneMaster(String name, List<InetSocketAddress> addresses) {
    this.name = name;
    this.addresses = addresses;
  }

  /**
   * What a master tells.
   *
   * @param workers those that are alive
   * @param granted cores that our application has been given, also of executors that are on their
   *     way
   */
  record View(List<ClusterWorker> workers, int granted) {}

  /** The master of this name; null if it is none of a standalone cluster. */
  static @Nullable StandaloneMaster of(String name) {
    if (!name.startsWith(SCHEME)) {
      return null;
    }
    List<InetSocketAddress> addresses = new ArrayList<>();
    for (String address : name.substring(SCHEME.length()).split(",", -1)) {
      int colon = address.lastIndexOf(':');
      try {
        int port = Integer.parseInt(address.substring(colon + 1).trim());
        addresses.add(InetSocketAddress.createUnresolved(address.substring(0, colon).trim(), port));
      } catch (RuntimeException notAnAddress) {
        throw new InvalidInputException(
            "Cannot start Spark on %s: no host and port (must be spark://HOST:PORT, mostly of port 7077)"
                .formatted(name),
            notAnAddress);
      }
    }
    return new StandaloneMaster(name, addresses);
  }

  /**
   * Waits until one of the addresses takes a connection, for a few seconds: Spark itself would try
   * for more than a minute.
   *
   * @param patienceSeconds how long a port that nobody has is tried again
   * @throws InvalidInputException if none does
   */
  void refuseUnlessReachable(double patienceSeconds) {
    long start = System.nanoTime();
    while (true) {
      Map<InetSocketAddress, String> failures = new LinkedHashMap<>();
      boolean hopeless = true;
      for (InetSocketAddress address : addresses) {
        try (Socket socket = new Socket()) {
          socket.connect(
              new InetSocketAddress(address.getHostString(), address.getPort()), CONNECT_MILLIS);
          return;
        } catch (UnknownHostException unknown) {
          failures.put(address, "there is no host of this name");
        } catch (IOException failed) {
          hopeless = false;
          failures.put(address, String.valueOf(failed.getMessage()).toLowerCase(Locale.ROOT));
        }
      }
      if (hopeless || (System.nanoTime() - start) / 1e9 >= patienceSeconds) {
        throw new InvalidInputException(
            "Cannot start Spark on %s: %s; start a master there, or correct --master"
                .formatted(name, String.join("; ", failures.values())));
      }
      try {
        Thread.sleep(MILLIS_BETWEEN_TRIES);
      } catch (InterruptedException ended) {
        Thread.currentThread().interrupt();
        throw new InvalidInputException("Cannot start Spark on %s: interrupted".formatted(name));
      }
    }
  }

  /**
   * Waits until one of the addresses answers as a master does, which takes some seconds if none
   * does.
   *
   * @param patienceSeconds how long each of them may be silent
   * @throws InvalidInputException if none does
   */
  void refuseUnlessAMaster(SparkConf conf, double patienceSeconds) {
    Set<String> problems = new LinkedHashSet<>();
    for (InetSocketAddress address : addresses) {
      String problem = Handshake.problem(conf, address, patienceSeconds);
      if (problem == null) {
        return;
      }
      problems.add(problem);
    }
    throw new InvalidInputException(
        "Cannot start Spark on %s: %s; correct --master (a master's port is mostly 7077, and not that of its page)"
            .formatted(name, String.join("; ", problems)));
  }

  /**
   * What there is; null if nobody tells.
   *
   * @param application the identity of ours
   */
  @Nullable View view(String application) {
    try {
      for (InetSocketAddress address : addresses) {
        View view = view(address, application);
        if (view != null) {
          return view;
        }
      }
    } catch (RuntimeException | LinkageError unlike) {
      return null; // another version of Spark, whose masters are asked in another way
    }
    return null;
  }

  private static @Nullable View view(InetSocketAddress address, String application) {
    DeployMessages.MasterStateResponse state = ask(address);
    if (state == null || !state.status().toString().equals(ALIVE)) {
      return null;
    }
    List<ClusterWorker> known = new ArrayList<>();
    int asked = 0;
    for (WorkerInfo worker : state.workers()) {
      // What a master sends of its workers lacks whether they live and what is in use; its page has
      // it, and each worker's page knows where that is.
      try {
        JsonNode ofMaster =
            asked++ < MAX_WORKERS_ASKED
                ? page(page(worker.webUiAddress()).path("masterwebuiurl").asText())
                : MissingNode.getInstance();
        if (ofMaster.has("workers")) {
          return view(ofMaster, application);
        }
      } catch (ConnectException dead) {
        continue; // nobody has its port any more
      } catch (IOException | IllegalArgumentException silent) {
        // It may be busy, or its page for others only.
      }
      known.add(
          new ClusterWorker(worker.cores(), worker.memory(), worker.cores(), worker.memory()));
    }
    return new View(known, 0);
  }

  private static View view(JsonNode page, String application) {
    List<ClusterWorker> alive = new ArrayList<>();
    for (JsonNode worker : page.path("workers")) {
      if (worker.path("state").asText().equals(ALIVE)) {
        alive.add(
            new ClusterWorker(
                worker.path("cores").asInt(),
                worker.path("memory").asLong(),
                worker.path("coresfree").asInt(),
                worker.path("memoryfree").asLong()));
      }
    }
    int granted = 0;
    for (JsonNode running : page.path("activeapps")) {
      if (running.path("id").asText().equals(application)) {
        granted = running.path("cores").asInt();
      }
    }
    return new View(alive, granted);
  }

  private static DeployMessages.@Nullable MasterStateResponse ask(InetSocketAddress address) {
    RpcEnv rpc = SparkEnv.get().rpcEnv();
    String uri = "spark://Master@%s:%d".formatted(address.getHostString(), address.getPort());
    try {
      Duration patience = Duration.create(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
      Future<RpcEndpointRef> found = rpc.asyncSetupEndpointRefByURI(uri);
      RpcEndpointRef master = Await.result(found, patience);
      Future<DeployMessages.MasterStateResponse> state =
          master.ask(DeployMessages.RequestMasterState$.MODULE$, STATE);
      return Await.result(state, patience);
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      return null;
    } catch (Exception silent) { // Scala throws checked exceptions that it does not declare
      return null;
    }
  }

  /** What a page of Spark's daemons says as JSON. */
  private static JsonNode page(String address) throws IOException {
    URLConnection connection = URI.create(address + "/json/").toURL().openConnection();
    connection.setConnectTimeout(ANSWER_MILLIS);
    connection.setReadTimeout(ANSWER_MILLIS);
    try (InputStream in = connection.getInputStream()) {
      return new ObjectMapper().readTree(in);
    }
  }
}
