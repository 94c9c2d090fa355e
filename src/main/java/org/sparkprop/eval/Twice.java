package org.sparkprop.eval;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.sparkprop.nn.Network;

/**
 * The figures of the same rows twice: each row alike, and by the rows' weights.
 *
 * @param byWeight null where rows have no weights
 */
@DefaultSerializer(JavaSerializer.class)
record Twice<F extends Figures<F>>(F byRows, @Nullable F byWeight) implements Serializable {
  /** Of no rows yet. */
  static <F extends Figures<F>> Twice<F> of(Supplier<F> none, boolean weighted) {
    return new Twice<>(none.get(), weighted ? none.get() : null);
  }

  /** Adds the figures of the rows to the right. */
  void add(Twice<F> right) {
    byRows.add(right.byRows);
    if (byWeight != null && right.byWeight != null) {
      byWeight.add(right.byWeight);
    }
  }

  Map<Metric, Double> metrics(Network network) {
    return byRows.metrics(network);
  }

  /** Empty where rows have no weights. */
  Map<Metric, Double> weightedMetrics(Network network) {
    return byWeight == null ? Map.of() : byWeight.metrics(network);
  }
}
