package org.sparkprop.bench;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.sparkprop.data.Preprocessing;
import org.sparkprop.data.Shard;
import org.sparkprop.data.Shards;
import org.sparkprop.nn.DenseLayer;
import org.sparkprop.nn.Initializer;
import org.sparkprop.nn.Network;
import org.sparkprop.nn.Topology;
import org.sparkprop.nn.Workspace;

/** The kernel alone: decoding, forward and backward over slices, on all cores, without rounds. */
final class KernelSpeed {
  private static final long NANOS_OF_A_SAMPLE = 20_000_000;
  private static final double WARM_UP = 0.4;

  private KernelSpeed() {}

  /** What each task needs. */
  private record Setup(Network network, Preprocessing preprocessing, int sliceRows, double seconds)
      implements Serializable {}

  /**
   * Rows a second of all tasks together.
   *
   * @param shards as many partitions as there are cores, so that all run at a time
   * @param seconds how long each measures
   */
  static double measure(
      Shards shards, Network network, Preprocessing preprocessing, int sliceRows, double seconds) {
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
    long warmUp = (long) (setup.seconds() * WARM_UP * 1e9);
    long end = (long) (setup.seconds() * 1e9);
    double[] rates = new double[(int) (end / NANOS_OF_A_SAMPLE) + 1];
    int samples = 0;
    int at = 0;
    for (long now = 0; now < end && samples < rates.length; now = System.nanoTime() - start) {
      long began = System.nanoTime();
      long done = 0;
      while (System.nanoTime() - began < NANOS_OF_A_SAMPLE) {
        at = at + 2 * rows > shard.rows() ? 0 : at + rows;
        shard.decode(order, at, at + rows, setup.preprocessing(), workspace);
        network.gradient(parameters, workspace, rows, gradient);
        done += rows;
      }
      if (now > warmUp) {
        rates[samples++] = done * 1e9 / (System.nanoTime() - began);
      }
    }
    Arrays.sort(rates, 0, samples);
    return rates[samples / 2];
  }
}
