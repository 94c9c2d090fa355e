package org.sparkprop.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A round of driver and tasks that share a JVM: they hand each other references. A task finds its
 * round by a number, which is all that Spark carries.
 */
final class InProcessRound implements AutoCloseable {
  private static final Map<Long, InProcessRound> OPEN = new ConcurrentHashMap<>();
  private static final AtomicLong LAST = new AtomicLong();

  private final long number;
  private final RoundInput state;

  /** By partition: when a task runs again, its second sums are the same and replace the first. */
  private final Map<Integer, TaskSums> sums = new ConcurrentHashMap<>();

  private InProcessRound(long number, RoundInput state) {
    this.number = number;
    this.state = state;
  }

  static InProcessRound open(RoundInput state) {
    InProcessRound round = new InProcessRound(LAST.incrementAndGet(), state);
    OPEN.put(round.number, round);
    return round;
  }

  /** The round of a task, which runs while the driver waits for it. */
  static InProcessRound of(long number) {
    return Objects.requireNonNull(OPEN.get(number), "this round is over");
  }

  long number() {
    return number;
  }

  RoundInput state() {
    return state;
  }

  void put(int partition, TaskSums ofTask) {
    sums.put(partition, ofTask);
  }

  List<TaskSums> sums() {
    return new ArrayList<>(sums.values());
  }

  @Override
  public void close() {
    OPEN.remove(number);
  }
}
