package org.sparkprop.spark;

import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * A broadcast for the time of a {@code try}. When Spark has been stopped in between, destroying the
 * broadcast fails too; as a resource it does not hide why.
 */
public final class ScopedBroadcast<T> implements AutoCloseable {
  private final Broadcast<T> broadcast;

  private ScopedBroadcast(Broadcast<T> broadcast) {
    this.broadcast = broadcast;
  }

  public static <T> ScopedBroadcast<T> of(JavaSparkContext spark, T value) {
    return new ScopedBroadcast<>(spark.broadcast(value));
  }

  /** What tasks use to reach the value. */
  public Broadcast<T> broadcast() {
    return broadcast;
  }

  /** Removes the value from driver and executors; no job may still need it. */
  @Override
  public void close() {
    broadcast.destroy();
  }
}
