package org.sparkprop.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.expressions.XXH64;
import org.apache.spark.unsafe.Platform;
import org.sparkprop.data.Preprocessing;
import org.sparkprop.data.Shards;

/**
 * What a run works on and starts from, as numbers by what they are of: a run that goes on from a
 * checkpoint must have the same.
 */
public final class RunFingerprint {
  /** Floats that are hashed at a time: their bytes are an int. */
  private static final int PIECE = 1 << 28;

  private RunFingerprint() {}

  static Map<String, String> of(
      PackedRows packed, Preprocessing preprocessing, float[] parameters) {
    Shards heldOut = packed.heldOut();
    Map<String, String> numbers = new LinkedHashMap<>();
    numbers.put("rows, or in another order,", packed.training().fingerprint());
    numbers.put(
        "validation rows, or in another order,", heldOut == null ? "" : heldOut.fingerprint());
    numbers.put("units or class weights", hash(preprocessing));
    numbers.put("weights to start from", hash(parameters));
    return numbers;
  }

  private static String hash(Preprocessing preprocessing) {
    List<List<Double>> lists =
        List.of(
            preprocessing.featureScaling().mean(),
            preprocessing.featureScaling().scale(),
            preprocessing.targetScaling().mean(),
            preprocessing.targetScaling().scale(),
            preprocessing.classWeights().toList(),
            preprocessing.offsets().features(),
            preprocessing.offsets().targets());
    long hash = Float.floatToIntBits(preprocessing.scale());
    for (List<Double> list : lists) {
      hash = XXH64.hashInt(list.size(), hash);
      for (double number : list) {
        hash = XXH64.hashLong(Double.doubleToLongBits(number), hash);
      }
    }
    return "%016x".formatted(hash);
  }

  private static String hash(float[] parameters) {
    long hash = parameters.length;
    for (int at = 0; at < parameters.length; at += PIECE) {
      int bytes = Math.min(PIECE, parameters.length - at) * Float.BYTES;
      long place = Platform.FLOAT_ARRAY_OFFSET + (long) at * Float.BYTES;
      hash = XXH64.hashUnsafeBytes(parameters, place, bytes, hash);
    }
    return "%016x".formatted(hash);
  }
}
