package org.sparkprop.spark;

import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * Broadcasts of queries, which nobody can destroy, since nobody knows when a query is asked for the
 * last time. Spark frees them when no query holds them any more; until then, all queries of one
 * thing share one.
 *
 * @param <K> what is broadcast; where equal keys are one object, that may be garbage
 */
public final class QueryBroadcasts<K, T> {
  private record Sent<T>(String application, WeakReference<Broadcast<T>> broadcast) {}

  private final Map<K, Sent<T>> sent;

  private QueryBroadcasts(Map<K, Sent<T>> sent) {
    this.sent = sent;
  }

  /** For keys that are values. */
  public static <K, T> QueryBroadcasts<K, T> byValue() {
    return new QueryBroadcasts<>(new ConcurrentHashMap<>());
  }

  /** For keys that are objects, which this does not keep. */
  public static <K, T> QueryBroadcasts<K, T> byIdentity() {
    return new QueryBroadcasts<>(new WeakHashMap<>());
  }

  /** The broadcast of this key that some query holds, or a new one. */
  public synchronized Broadcast<T> of(JavaSparkContext spark, K key, Supplier<T> value) {
    sent.values().removeIf(each -> each.broadcast().get() == null);
    Sent<T> last = sent.get(key);
    String application = spark.sc().applicationId();
    Broadcast<T> found =
        last == null || !last.application().equals(application) ? null : last.broadcast().get();
    if (found == null) {
      found = spark.broadcast(value.get());
      sent.put(key, new Sent<>(application, new WeakReference<>(found)));
    }
    return found;
  }
}
