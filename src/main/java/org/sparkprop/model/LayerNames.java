package org.sparkprop.model;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.sparkprop.model.tensor.Tensor;

/** Which tensors of a file belong to a layer, by their names. */
final class LayerNames {
  private static final Pattern WEIGHT = Pattern.compile("(?:(.*)[./_])?weight");
  private static final Pattern BIAS = Pattern.compile("(?:(.*)[./_])?bias");
  private static final Pattern NUMBER = Pattern.compile("\\d+");
  private static final String MAX_NUMBER = "0".repeat(Long.toString(Long.MAX_VALUE).length());

  private LayerNames() {}

  /**
   * The layers of a safetensors file, in the order in which they lie: pairs {@code NAME.weight} and
   * {@code NAME.bias}, or tensors of any names that lie weight, bias, weight, bias.
   *
   * @throws IOException if they are no pairs
   */
  static List<LayerTensors> ofSafeTensors(List<Tensor> tensors) throws IOException {
    Map<String, Tensor> weights = new LinkedHashMap<>();
    Map<String, Tensor> biases = new LinkedHashMap<>();
    for (Tensor tensor : tensors) {
      Matcher weight = WEIGHT.matcher(tensor.name());
      Matcher bias = BIAS.matcher(tensor.name());
      if (weight.matches()) {
        weights.put(String.valueOf(weight.group(1)), tensor);
      } else if (bias.matches()) {
        biases.put(String.valueOf(bias.group(1)), tensor);
      } else {
        return alternating(tensors);
      }
    }
    List<LayerTensors> layers = new ArrayList<>();
    for (Map.Entry<String, Tensor> weight : weights.entrySet()) {
      Tensor bias = biases.remove(weight.getKey());
      layers.add(pair(weight.getKey(), weight.getValue(), bias, tensors));
    }
    for (Tensor alone : biases.values()) {
      throw unpaired(alone, tensors);
    }
    return layers;
  }

  /**
   * The layers of an .npz file: {@code W0, b0, W1, b1, …}, or what {@code numpy.savez(file, W, b,
   * …)} calls {@code arr_0, arr_1, …}.
   *
   * @throws IOException if it has other arrays
   */
  static List<LayerTensors> ofNpz(List<Tensor> arrays) throws IOException {
    Map<String, Tensor> byName =
        arrays.stream().collect(Collectors.toMap(Tensor::name, array -> array, (a, b) -> b));
    boolean unnamed = byName.containsKey("arr_0");
    List<String> names =
        IntStream.range(0, arrays.size() + arrays.size() % 2)
            .mapToObj(i -> unnamed ? "arr_" + i : (i % 2 == 0 ? "W" : "b") + i / 2)
            .toList();
    List<LayerTensors> layers = new ArrayList<>();
    for (int i = 0; i < names.size(); i += 2) {
      Tensor weight = byName.get(names.get(i));
      Tensor bias = byName.get(names.get(i + 1));
      if (weight == null || bias == null) {
        throw new IOException(
            "it has no array %s, but %s (must be %s)"
                .formatted(
                    names.get(weight == null ? i : i + 1),
                    Tensor.names(arrays),
                    String.join(", ", names)));
      }
      layers.add(new LayerTensors(weight.name(), weight, bias));
    }
    return layers;
  }

  /** The same layers in the order in which people count: {@code fc2} before {@code fc10}. */
  static List<LayerTensors> counted(List<LayerTensors> layers) {
    return layers.stream()
        .sorted(Comparator.comparing(layer -> withLongNumbers(layer.name())))
        .toList();
  }

  /** Whether the names differ in numbers alone, which then decide the order. */
  static boolean areNumbered(List<LayerTensors> layers) {
    return layers.stream()
            .map(layer -> NUMBER.matcher(layer.name()).replaceAll("#"))
            .distinct()
            .count()
        == 1;
  }

  private static String withLongNumbers(String name) {
    return NUMBER
        .matcher(name)
        .replaceAll(
            number ->
                MAX_NUMBER.substring(Math.min(number.group().length(), MAX_NUMBER.length()))
                    + number.group());
  }

  private static List<LayerTensors> alternating(List<Tensor> tensors) throws IOException {
    List<LayerTensors> layers = new ArrayList<>();
    for (int i = 0; i < tensors.size(); i += 2) {
      Tensor bias = i + 1 < tensors.size() ? tensors.get(i + 1) : null;
      layers.add(pair(tensors.get(i).name(), tensors.get(i), bias, tensors));
    }
    return layers;
  }

  private static LayerTensors pair(
      String name, Tensor weight, @Nullable Tensor bias, List<Tensor> all) throws IOException {
    if (bias == null) {
      throw unpaired(weight, all);
    }
    return new LayerTensors(name, weight, bias);
  }

  private static IOException unpaired(Tensor alone, List<Tensor> all) {
    return new IOException(
        "%s is alone (must be a weight and a bias for each layer; it has %s)"
            .formatted(alone.name(), Tensor.names(all)));
  }
}
