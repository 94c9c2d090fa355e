package org.sparkprop.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GradientTest {
  private static final int IN = 3;

  /**
   * Of the largest number in the array: a float has 24 bits (6e-8), and some eighty roundings add
   * up, at worst, on the way through four layers and back. A BLAS may add in another order when a
   * slice has another number of rows, so slices of a split are no closer than that.
   */
  private static final double FLOAT = 5e-6;

  /** Every activation below every last layer and loss that fit, in nets of 1 to 4 layers. */
  static List<Arguments> nets() {
    List<String> hidden = new ArrayList<>(List.of(""));
    for (Activation activation : Activation.values()) {
      if (activation != Activation.SOFTMAX) {
        String word = activation.word();
        hidden.add("5 %s, ".formatted(word));
        hidden.add("5 %1$s, 4 %1$s, ".formatted(word));
        hidden.add("5 %1$s, 4 %1$s, 6 %1$s, ".formatted(word));
      }
    }
    List<Arguments> nets = new ArrayList<>();
    for (String below : hidden) {
      for (Activation last : Activation.values()) {
        if (last != Activation.SOFTMAX) {
          nets.add(Arguments.of(below + "3 " + last.word(), Loss.SQUARED_ERROR));
        }
      }
      nets.add(Arguments.of(below + "1 linear", Loss.SQUARED_ERROR));
      nets.add(Arguments.of(below + "1 sigmoid", Loss.SIGMOID_CROSS_ENTROPY));
      nets.add(Arguments.of(below + "3 sigmoid", Loss.SIGMOID_CROSS_ENTROPY));
      nets.add(Arguments.of(below + "3 softmax", Loss.SOFTMAX_CROSS_ENTROPY));
    }
    return nets;
  }

  @ParameterizedTest
  @MethodSource("nets")
  void gradientLossAndOutputsAreThoseOfTheReference(String layers, Loss loss) {
    checkAgainstReference(IN, layers, loss, 5);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "5 tanh, 3 linear; squared-error; regression",
        "5 tanh, 1 linear; squared-error; regression",
        "5 tanh, 3 linear; absolute-error; regression",
        "5 tanh, 3 softplus; huber; regression",
        "5 tanh, 3 linear; huber(0.3); regression",
        "5 tanh, 3 exponential; poisson; regression",
        "5 tanh, 1 exponential; poisson; regression",
        "5 tanh, 3 sigmoid; sigmoid-cross-entropy; multi-label"
      })
  void lossAndGradientOfTargetsAreThoseOfTheReference(String layers, String loss, String task) {
    int rows = 7;
    List<LayerSpec> sizes = LayerSpec.parseList(layers);
    Network network = new Network(Topology.of(IN, sizes), Loss.of(loss), LearningTask.of(task));
    Workspace slice = SampleRows.slice(network.topology(), 0, rows);
    for (int i = 0; i < slice.targets().length; i++) {
      slice.targets()[i] = task.equals("regression") ? i * i % 11 * 0.3f : i * i % 3 == 1 ? 1 : 0;
    }
    ReferenceNetwork reference = new ReferenceNetwork(IN, sizes, Loss.of(loss));
    double[] parameters = doubles(SampleRows.parameters(network.topology()));
    double[] features = doubles(slice.features());
    double[] targets = doubles(slice.targets());

    Result result = gradient(network, slice, rows);

    double[] expected = reference.gradient(parameters, features, targets, rows);
    assertArrayEquals(expected, doubles(result.gradient), FLOAT * largest(expected));
    double sum = reference.loss(parameters, features, targets, rows);
    assertEquals(sum, result.loss, FLOAT * Math.abs(sum));
  }

  @ParameterizedTest
  @CsvSource({"3 softmax", "3 sigmoid", "1 sigmoid"})
  void smoothedLabelsAreTargetsBetweenZeroAndOne(String last) {
    int rows = 5;
    List<LayerSpec> sizes = LayerSpec.parseList("4 tanh, " + last);
    Topology topology = Topology.of(IN, sizes);
    Loss loss = Loss.defaultFor(topology.outputLayer().activation());
    Network network =
        new Network(
            topology, loss, LearningTask.CLASSIFICATION, GaussianNoise.NONE, Dropout.NONE, 0.3);
    Workspace slice = SampleRows.slice(topology, 0, rows);
    ReferenceNetwork reference = new ReferenceNetwork(IN, sizes, loss);
    double[] targets = reference.targets(slice.labels(), rows);
    int shares = last.equals("3 softmax") ? 3 : 2; // a sigmoid is of two classes
    for (int i = 0; i < targets.length; i++) {
      targets[i] = 0.7 * targets[i] + 0.3 / shares;
    }
    double[] parameters = doubles(SampleRows.parameters(topology));
    double[] features = doubles(slice.features());

    Result result = gradient(network, slice, rows);

    double[] expected = reference.gradient(parameters, features, targets, rows);
    assertArrayEquals(expected, doubles(result.gradient), FLOAT * largest(expected));
    double sum = reference.loss(parameters, features, targets, rows);
    assertEquals(sum, result.loss, FLOAT * sum);
    double plain = reference.loss(parameters, features, slice.labels(), rows);
    float[] own = SampleRows.parameters(topology);
    assertEquals(plain, network.predictWithLoss(own, slice, rows), FLOAT * plain);
  }

  @ParameterizedTest
  @CsvSource({"3 softmax", "3 sigmoid", "3 linear"})
  void weightOfTwoIsTheRowTwice(String last) {
    Network network = network("4 tanh, " + last);
    Workspace weighted = SampleRows.slice(network.topology(), 0, 3);
    weighted.weights()[1] = 2;
    weighted.weights()[2] = 0;
    float[] parameters = SampleRows.parameters(network.topology());
    float[] expected = new float[parameters.length];
    double loss = 0;
    for (int row : new int[] {0, 1, 1}) {
      Workspace alone = SampleRows.slice(network.topology(), row, row + 1);
      float[] gradient = new float[parameters.length];
      loss += network.gradient(parameters, alone, 1, gradient);
      for (int i = 0; i < gradient.length; i++) {
        expected[i] += gradient[i];
      }
    }

    Result result = gradient(network, weighted, 3);

    assertEquals(3, weighted.totalWeight(3));
    assertEquals(loss, result.loss, FLOAT * loss);
    double[] exact = doubles(expected);
    assertArrayEquals(exact, doubles(result.gradient), FLOAT * largest(exact));
  }

  @Test
  void netsWiderThanTheVectorsOfTheProcessorMatchTheReference() {
    checkAgainstReference(19, "23 gelu, 21 tanh, 18 softmax", Loss.SOFTMAX_CROSS_ENTROPY, 37);
  }

  @ParameterizedTest
  @ValueSource(strings = {"5 gelu, 4 relu, 6 silu, 3 softmax", "5 elu, 1 sigmoid", "4 gelu"})
  void gradientIsTheSameForAnySplitOfTheRows(String layers) {
    int rows = 7;
    Network network = network(layers);
    Topology topology = network.topology();
    Result whole = gradient(network, SampleRows.slice(topology, 0, rows), rows);
    // Bit k of cuts: whether a new slice begins after row k.
    for (int cuts = 0; cuts < 1 << (rows - 1); cuts++) {
      double loss = 0;
      double[] sum = new double[topology.parameterCount()];
      int from = 0;
      for (int to = 1; to <= rows; to++) {
        if (to == rows || (cuts >> (to - 1) & 1) == 1) {
          Result part = gradient(network, SampleRows.slice(topology, from, to), to - from);
          loss += part.loss;
          for (int i = 0; i < sum.length; i++) {
            sum[i] += part.gradient[i];
          }
          from = to;
        }
      }
      String split = "cuts " + Integer.toBinaryString(cuts);
      assertEquals(whole.loss, loss, FLOAT * whole.loss, split);
      assertArrayEquals(sum, doubles(whole.gradient), FLOAT * largest(sum), split);
    }
  }

  @Test
  void gradientOverwritesWhatWasInTheBuffers() {
    Network network = network("5 gelu, 4 relu, 6 silu, 3 softmax");
    Result clean = gradient(network, SampleRows.slice(network.topology(), 0, 4), 4);

    Workspace used = SampleRows.slice(network.topology(), 0, 4);
    for (float[][] buffers : List.of(used.outputs, used.sums, used.deltas)) {
      for (float[] buffer : buffers) {
        Arrays.fill(buffer, Float.NaN);
      }
    }
    float[] gradient = new float[network.topology().parameterCount()];
    Arrays.fill(gradient, Float.NaN);
    double loss = network.gradient(SampleRows.parameters(network.topology()), used, 4, gradient);
    assertArrayEquals(clean.gradient, gradient);
    assertEquals(clean.loss, loss);
  }

  @Test
  void rowsOfTheWorkspaceBeyondTheSliceDoNotCount() {
    Network network = network("5 gelu, 4 relu, 6 silu, 3 softmax");
    Result exact = gradient(network, SampleRows.slice(network.topology(), 0, 4), 4);

    Workspace larger = new Workspace(network.topology(), 9);
    assertEquals(9, larger.maxRows());
    Arrays.fill(larger.features(), Float.NaN);
    Arrays.fill(larger.labels(), Integer.MAX_VALUE);
    SampleRows.fill(larger, 0, 4);
    Result result = gradient(network, larger, 4);
    assertArrayEquals(exact.gradient, result.gradient);
    assertEquals(exact.loss, result.loss);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 9})
  void sliceDoesNotFeelTheSliceBeforeIt(int rowsBefore) {
    Network network = network("5 gelu, 4 relu, 6 silu, 3 softmax");
    Result alone = gradient(network, SampleRows.slice(network.topology(), 9, 13), 4);

    Workspace shared = new Workspace(network.topology(), 9);
    SampleRows.fill(shared, 0, rowsBefore);
    gradient(network, shared, rowsBefore);
    SampleRows.fill(shared, 9, 13);
    Result second = gradient(network, shared, 4);
    assertArrayEquals(alone.gradient, second.gradient);
    assertEquals(alone.loss, second.loss);
  }

  @Test
  void gradientLeavesParametersAndRowsAlone() {
    Network network = network("5 gelu, 4 relu, 3 softmax");
    float[] parameters = SampleRows.parameters(network.topology());
    Workspace slice = SampleRows.slice(network.topology(), 0, 4);
    network.gradient(parameters, slice, 4, new float[parameters.length]);
    Workspace same = SampleRows.slice(network.topology(), 0, 4);
    assertArrayEquals(SampleRows.parameters(network.topology()), parameters);
    assertArrayEquals(same.features(), slice.features());
    assertArrayEquals(same.labels(), slice.labels());
  }

  private static final class Result {
    final double loss;
    final float[] gradient;

    Result(double loss, float[] gradient) {
      this.loss = loss;
      this.gradient = gradient;
    }
  }

  private static Network network(String layers) {
    Topology topology = Topology.of(IN, LayerSpec.parseList(layers));
    return new Network(topology, Loss.defaultFor(topology.outputLayer().activation()));
  }

  private static Result gradient(Network network, Workspace slice, int rows) {
    float[] parameters = SampleRows.parameters(network.topology());
    float[] gradient = new float[parameters.length];
    return new Result(network.gradient(parameters, slice, rows, gradient), gradient);
  }

  private static void checkAgainstReference(int in, String layers, Loss loss, int rows) {
    List<LayerSpec> sizes = LayerSpec.parseList(layers);
    Network network = new Network(Topology.of(in, sizes), loss);
    Workspace slice = SampleRows.slice(network.topology(), 0, rows);
    float[] parameters = SampleRows.parameters(network.topology());
    ReferenceNetwork reference = new ReferenceNetwork(in, sizes, loss);
    double[] exactParameters = doubles(parameters);
    double[] features = doubles(slice.features());

    double[] gradient = reference.gradient(exactParameters, features, slice.labels(), rows);
    double lossSum = reference.loss(exactParameters, features, slice.labels(), rows);
    double[] outputs = reference.outputs(exactParameters, features, rows);

    Result result = gradient(network, slice, rows);
    // Layer by layer, since the gradient of the first may be a thousandth of that of the last.
    for (DenseLayer layer : network.topology().layers()) {
      int end = layer.biasesAt() + layer.out();
      double[] expected = Arrays.copyOfRange(gradient, layer.weightsAt(), end);
      float[] actual = Arrays.copyOfRange(result.gradient, layer.weightsAt(), end);
      assertArrayEquals(expected, doubles(actual), FLOAT * largest(expected));
    }
    assertEquals(lossSum, result.loss, FLOAT * lossSum);

    Workspace predicted = SampleRows.slice(network.topology(), 0, rows);
    assertEquals(result.loss, network.predictWithLoss(parameters, predicted, rows));
    assertArrayEquals(outputs, doubles(predicted.output()), FLOAT * largest(outputs));

    Workspace withoutLoss = SampleRows.slice(network.topology(), 0, rows);
    network.predict(parameters, withoutLoss, rows);
    assertArrayEquals(predicted.output(), withoutLoss.output());
  }

  private static double largest(double[] values) {
    return Arrays.stream(values).map(Math::abs).max().orElseThrow();
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }
}
