package org.sparkprop.train;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.sparkprop.data.Preprocessing;
import org.sparkprop.nn.Network;
import org.sparkprop.nn.Workspace;

/** What stays the same for all rounds of a run, on driver and executors. */
@DefaultSerializer(JavaSerializer.class)
final class TaskSetup implements Serializable {
  private final Network network;
  private final Preprocessing preprocessing;
  private final Algorithm algorithm;
  private final long seed;
  private final int sliceRows;
  private final int threads;

  /** What tasks on this JVM have done with; a task takes one a thread and gives it back. */
  private transient volatile @Nullable Queue<Workspace> workspaces;

  /**
   * @param sliceRows rows of the largest slice
   * @param threads threads of each task
   */
  TaskSetup(
      Network network,
      Preprocessing preprocessing,
      Algorithm algorithm,
      long seed,
      int sliceRows,
      int threads) {
    this.network = network;
    this.preprocessing = preprocessing;
    this.algorithm = algorithm;
    this.seed = seed;
    this.sliceRows = sliceRows;
    this.threads = threads;
  }

  Network network() {
    return network;
  }

  Preprocessing preprocessing() {
    return preprocessing;
  }

  Algorithm algorithm() {
    return algorithm;
  }

  long seed() {
    return seed;
  }

  int threads() {
    return threads;
  }

  int parameterCount() {
    return network.topology().parameterCount();
  }

  Workspace takeWorkspace() {
    Workspace kept = workspaces().poll();
    return kept == null ? network.workspace(sliceRows) : kept;
  }

  void giveWorkspace(Workspace workspace) {
    workspaces().add(workspace);
  }

  private Queue<Workspace> workspaces() {
    Queue<Workspace> kept = workspaces;
    if (kept == null) {
      synchronized (this) {
        kept = workspaces;
        if (kept == null) {
          kept = new ConcurrentLinkedQueue<>();
          workspaces = kept;
        }
      }
    }
    return kept;
  }
}
