package org.sparkprop.train;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.sparkprop.optim.Parallel;

/**
 * A few threads that share the parts of one piece of work after another, the caller among them. A
 * step of a worker has two such pieces and may take less than a millisecond, so helpers look for
 * work for a while before they sleep: two empty parts take 0.6 µs, in a fork-join pool 8 (medians
 * on two cores).
 */
final class Team implements Parallel, AutoCloseable {
  /** Below this many elements a pass is over before a helper is awake. */
  private static final int WORTH_SHARING = 1 << 14;

  /** About 50 µs. */
  private static final int LOOKS = 2000;

  private static final long NAP_NANOS = 50_000;

  private static final ExecutorService THREADS =
      Executors.newCachedThreadPool(
          runnable -> {
            Thread thread = new Thread(runnable, "sparkprop-helper");
            thread.setDaemon(true);
            return thread;
          });

  private final int threads;
  private volatile @Nullable Work current;
  private volatile boolean closed;
  private final Thread[] helpers;
  private final AtomicInteger started = new AtomicInteger();

  /**
   * @param threads how many work at a time, with the caller
   */
  Team(int threads) {
    this.threads = threads;
    this.helpers = new Thread[threads - 1];
    for (int i = 0; i < helpers.length; i++) {
      THREADS.execute(this::help);
    }
  }

  int threads() {
    return threads;
  }

  /**
   * Runs {@code body} for each part below {@code parts} and returns when all are done. What a part
   * throws is thrown here.
   */
  void run(int parts, IntConsumer body) {
    if (threads == 1 || parts == 1) {
      for (int part = 0; part < parts; part++) {
        body.accept(part);
      }
      return;
    }
    Work work = new Work(parts, body);
    current = work;
    int awake = started.get();
    for (int i = 0; i < awake && i < parts - 1; i++) {
      LockSupport.unpark(helpers[i]);
    }
    work.doParts();
    work.awaitOthers();
    current = null;
    work.throwFailure();
  }

  /** Each thread gets a run of neighbouring blocks. */
  @Override
  public void forBlocks(int length, int block, Range body) {
    long blocks = ((long) length + block - 1) / block;
    // Waking a thread takes as long as some thousand elements do.
    int parts = length < WORTH_SHARING ? 1 : Math.min(threads, 1 + length / WORTH_SHARING);
    run(
        parts,
        part -> {
          int at = start(blocks * part / parts, block, length);
          int end = start(blocks * (part + 1) / parts, block, length);
          while (at < end) {
            int to = at + Math.min(block, end - at); // at + block may be more than an int
            body.run(at, to);
            at = to;
          }
        });
  }

  private static int start(long number, int block, int length) {
    return (int) Math.min(length, number * block);
  }

  /** Lets the helpers go. */
  @Override
  public void close() {
    closed = true;
    int awake = started.get();
    for (int i = 0; i < awake; i++) {
      LockSupport.unpark(helpers[i]);
    }
  }

  private void help() {
    synchronized (helpers) {
      helpers[started.get()] = Thread.currentThread();
      started.incrementAndGet();
    }
    Work last = null;
    int looks = 0;
    while (!closed) {
      Work work = current;
      if (work != null && work != last) {
        work.doParts();
        last = work;
        looks = 0;
      } else if (looks++ < LOOKS) {
        Thread.onSpinWait();
      } else {
        LockSupport.park(this);
      }
    }
  }

  private static final class Work {
    private final int parts;
    private final IntConsumer body;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger left;
    private final Thread caller = Thread.currentThread();
    private volatile @Nullable Throwable failure;

    Work(int parts, IntConsumer body) {
      this.parts = parts;
      this.body = body;
      this.left = new AtomicInteger(parts);
    }

    void doParts() {
      for (int part = next.getAndIncrement(); part < parts; part = next.getAndIncrement()) {
        try {
          body.accept(part);
        } catch (Throwable failed) { // Scala throws checked ones too
          failure = failed;
        }
        if (left.decrementAndGet() == 0) {
          LockSupport.unpark(caller);
        }
      }
    }

    void awaitOthers() {
      for (int looks = 0; left.get() > 0; looks++) {
        if (looks < LOOKS) {
          Thread.onSpinWait();
        } else {
          LockSupport.parkNanos(this, NAP_NANOS);
        }
      }
    }

    void throwFailure() {
      Throwable failed = failure;
      if (failed != null) {
        Work.<RuntimeException>throwAsIs(failed);
      }
    }

    /** Java's compiler alone tells checked exceptions from others. */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void throwAsIs(Throwable failure) throws T {
      throw (T) failure;
    }
  }
}
