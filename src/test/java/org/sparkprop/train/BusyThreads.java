package org.sparkprop.train;

import java.util.ArrayList;
import java.util.List;

/** What the threads of this JVM are about. */
final class BusyThreads {
  private BusyThreads() {}

  /** The threads that are in a method right now. */
  static List<Thread> in(Class<?> type, String method) {
    List<Thread> busy = new ArrayList<>();
    Thread.getAllStackTraces()
        .forEach(
            (thread, stack) -> {
              for (StackTraceElement frame : stack) {
                if (frame.getClassName().equals(type.getName())
                    && frame.getMethodName().equals(method)) {
                  busy.add(thread);
                  return;
                }
              }
            });
    return busy;
  }
}
