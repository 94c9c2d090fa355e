package org.sparkprop.train;

import java.lang.ref.SoftReference;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Arrays of this JVM that are used again, slice after slice and round after round: a new array as
 * long as the parameters costs its zeroing, and collections. An array belongs to whoever took it
 * until it is given back; one that is never given back is garbage like any other, and memory that
 * is needed elsewhere is let go.
 */
final class Buffers {
  private static final Map<Integer, Queue<SoftReference<float[]>>> FREE = new ConcurrentHashMap<>();

  private Buffers() {}

  /** An array of this length, with anything in it. */
  static float[] take(int length) {
    Queue<SoftReference<float[]>> free = FREE.get(length);
    while (free != null) {
      @Nullable SoftReference<float[]> next = free.poll();
      if (next == null) {
        break;
      }
      float[] array = next.get();
      if (array != null) {
        return array;
      }
    }
    return new float[length];
  }

  /** Gives an array back; the caller uses it no more. */
  static void give(float[] array) {
    FREE.computeIfAbsent(array.length, length -> new ConcurrentLinkedQueue<>())
        .add(new SoftReference<>(array));
  }
}
