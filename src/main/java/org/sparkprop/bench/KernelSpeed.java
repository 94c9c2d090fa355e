package org.sparkprop.bench;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import java.util.Collections;
import java.util.Iterator;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.sparkprop.data.Preprocessing;
import org.sparkprop.data.Preprocessing.FeatureType;
import org.sparkprop.data.Shard;
import org.sparkprop.data.Shards;
import org.sparkprop.nn.DenseLayer;
import org.sparkprop.nn.Initializer;
import org.sparkprop.nn.Network;
import org.sparkprop.nn.Topology;
import org.sparkprop.nn.Workspace;

/** The kernel alone: decoding, forward and backward over slices, on all cores, without rounds. */
final class KernelSpeed {
  private final Shards shards;
  private final Network network;
  private final int sliceRows;

  /**
   * @param shards of bytes, in as many partitions as there are cores, so that all run at a time
   */
  KernelSpeed(Shards shards, Network network, int sliceRows) {
    this.shards = shards;
    this.network = network;
    this.sliceRows = sliceRows;
  }

  /** What each task needs. */
  @DefaultSerializer(JavaSerializer.class)
  private record Setup(Network network, Preprocessing preprocessing, int sliceRows, double seconds)
      implements Serializable {}

  /**
   * Rows a second of all tasks together.
   *
   * @param seconds how long each measures
   */
  double measure(double seconds) {
    Preprocessing preprocessing = Preprocessing.raw(FeatureType.BYTE);
    Setup setup = new Setup(network, preprocessing, sliceRows, seconds);
    FlatMapFunction<Iterator<Shard>, Double> task =
        partition -> Collections.singleton(rowsPerSecond(setup, partition)).iterator();
    return shards.rdd().mapPartitions(task).reduce(Double::sum);
  }

  /** The arithmetic that a row needs: no gradient of the input is computed. */
  static double operationsPerRow(Topology topology) {
    double operations = 0;
    for (DenseLayer layer : topology.layers()) {
      operations += (operations == 0 ? 4.0 : 6.0) * layer.in() * layer.out();
    }
    return operations;
  }

  private static double rowsPerSecond(Setup setup, Iterator<Shard> shards) {
    if (!shards.hasNext()) {
      return 0;
    }
    Shard shard = shards.next();
    Network network = setup.network();
    float[] parameters = Initializer.AUTO.parameters(network.topology(), 1);
    float[] gradient = new float[parameters.length];
    int rows = Math.min(setup.sliceRows(), shard.rows());
    Workspace workspace = new Workspace(network.topology(), rows);
    int[] order = shard.epochOrder(1, 1);
    long start = System.nanoTime();
    long nanos = 0;
    long done = 0;
    for (int at = 0; nanos < setup.seconds() * 1e9; at += rows) {
      at = at + rows > shard.rows() ? 0 : at;
      shard.decode(order, at, at + rows, setup.preprocessing(), workspace);
      network.gradient(parameters, workspace, rows, gradient);
      done += rows;
      nanos = System.nanoTime() - start;
    }
    return done * 1e9 / nanos;
  }
}
