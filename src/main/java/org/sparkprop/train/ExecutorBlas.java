package org.sparkprop.train;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.sparkprop.model.BlasOfJvm;

/**
 * What an executor multiplies with.
 *
 * @param executor Spark's name for it
 * @param blas the name of its BLAS; empty if it was refused the one that was asked for
 * @param problem why that is so, or why it has a slow one; empty if all is well
 */
public record ExecutorBlas(String executor, String host, int cores, String blas, String problem) {
  // Executors tell a plugin, which Spark makes, and there is one Spark a JVM: this is static.
  private static final List<ExecutorBlas> ALL = new ArrayList<>();
  private static Consumer<ExecutorBlas> watcher = executor -> {};
  private static boolean isWatched;

  /** The executors that have said so far what they have. */
  public static synchronized List<ExecutorBlas> all() {
    return List.copyOf(ALL);
  }

  /** Calls {@code watcher} for each executor, those that are there and those that come. */
  public static synchronized void watch(Consumer<ExecutorBlas> watcher) {
    ALL.forEach(watcher);
    ExecutorBlas.watcher = watcher;
    isWatched = true;
  }

  /** Nobody is told any more of those that come. */
  public static synchronized void unwatch() {
    watcher = executor -> {};
    isWatched = false;
  }

  /** Whether the user has been told what a JVM has: the driver says it by itself. */
  static synchronized boolean hasSaid(String jvm) {
    return jvm.equals(BlasOfJvm.DRIVER)
        || (isWatched && ALL.stream().anyMatch(executor -> executor.toString().equals(jvm)));
  }

  /** Another Spark begins, with executors of its own. */
  public static synchronized void clear() {
    ALL.clear();
    unwatch();
  }

  /** An executor has said what it has. */
  public static synchronized void add(ExecutorBlas executor) {
    ALL.add(executor);
    watcher.accept(executor);
  }

  /** Whether its tasks will fail when they multiply. */
  public boolean isRefused() {
    return blas.isEmpty();
  }

  @Override
  public String toString() {
    return BlasOfJvm.executor(executor, host);
  }
}
