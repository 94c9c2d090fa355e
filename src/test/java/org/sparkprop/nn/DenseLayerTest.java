package org.sparkprop.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DenseLayerTest {
  /** Of the largest result: a float holds 24 bits (6e-8), and five terms are added. */
  private static final float FLOAT = 3e-7f;

  /** Two linear layers on four features, each with its weights (out, in), then its biases. */
  private static final Topology TOPOLOGY = Topology.of(4, LayerSpec.parseList("3, 3"));

  private static final float[] PARAMETERS = {
    0.2f,
    0.8f,
    -0.5f,
    1, //
    0.5f,
    -0.91f,
    0.26f,
    -0.5f, //
    -0.26f,
    -0.27f,
    0.17f,
    0.87f, //
    2,
    3,
    0.5f,
    //
    0.1f,
    -0.14f,
    0.5f, //
    0.5f,
    0.12f,
    -0.33f, //
    -0.44f,
    0.73f,
    -0.13f, //
    -1,
    2,
    -0.5f
  };

  private static final float[] BATCH = {
    1, 2, 3, 2.5f, //
    2, 5, -1, 2, //
    -1.5f, 2.7f, 3.3f, -0.8f
  };

  @Test
  void oneRowGivesTheWorkedSums() {
    float[] z = new float[3];
    TOPOLOGY.layers().get(0).forward(PARAMETERS, BATCH, 1, z);
    assertArrayEquals(new float[] {4.8f, 1.21f, 2.385f}, z, 4.8f * FLOAT);
  }

  @Test
  void batchGivesTheWorkedSums() {
    float[] z = new float[9];
    TOPOLOGY.layers().get(0).forward(PARAMETERS, BATCH, 3, z);
    float[] expected = {
      4.8f, 1.21f, 2.385f, //
      8.9f, -1.81f, 0.2f, //
      1.41f, 1.051f, 0.026f
    };
    assertArrayEquals(expected, z, 8.9f * FLOAT);
  }

  @Test
  void secondLayerGivesTheWorkedSumsOfTheFirst() {
    float[] first = new float[9];
    float[] second = new float[9];
    TOPOLOGY.layers().get(0).forward(PARAMETERS, BATCH, 3, first);
    TOPOLOGY.layers().get(1).forward(PARAMETERS, first, 3, second);
    assertArrayEquals(secondSums(), second, 8.9f * FLOAT);
  }

  @Test
  void networkOfBothLayersGivesTheWorkedSums() {
    Workspace workspace = new Workspace(TOPOLOGY, 3);
    System.arraycopy(BATCH, 0, workspace.features(), 0, BATCH.length);
    new Network(TOPOLOGY, Loss.SQUARED_ERROR).predict(PARAMETERS, workspace, 3);
    assertArrayEquals(secondSums(), workspace.output(), 8.9f * FLOAT);
  }

  @Test
  void gradientAddsUpTheProductsOfDeltaAndInput() {
    // dZ = ((1, -2), (0.5, 3)) and X = ((3, 5, 7), (2, -4, 6)), so
    // dW = ((1·3 + 0.5·2, 1·5 - 0.5·4, 1·7 + 0.5·6), (-2·3 + 3·2, -2·5 - 3·4, -2·7 + 3·6))
    // and db = (1 + 0.5, -2 + 3). Every number is exact in float.
    DenseLayer layer = new DenseLayer(3, 2, Activation.LINEAR, 1);
    float[] gradient = new float[10];
    Arrays.fill(gradient, Float.NaN);
    layer.gradient(new float[] {1, -2, 0.5f, 3}, new float[] {3, 5, 7, 2, -4, 6}, 2, gradient);
    // The layer's part lies between two numbers that belong to others.
    float[] expected = {Float.NaN, 4, 3, 10, 0, -22, 4, 1.5f, 1, Float.NaN};
    assertArrayEquals(expected, gradient);
  }

  @Test
  void inputGradientIsDeltaTimesWeights() {
    // W = ((1, 2, 3), (4, 5, 6)) after one number of another layer, dZ = ((1, -2), (0.5, 3)):
    // dX = ((1 - 8, 2 - 10, 3 - 12), (0.5 + 12, 1 + 15, 1.5 + 18))
    DenseLayer layer = new DenseLayer(3, 2, Activation.LINEAR, 1);
    float[] parameters = {100, 1, 2, 3, 4, 5, 6, 100, 100};
    float[] dx = new float[6];
    Arrays.fill(dx, Float.NaN);
    layer.inputGradient(parameters, new float[] {1, -2, 0.5f, 3}, 2, dx);
    assertArrayEquals(new float[] {-7, -8, -9, 12.5f, 16, 19.5f}, dx);
  }

  private static float[] secondSums() {
    return new float[] {
      0.5031f, 3.75815f, -2.03875f, //
      0.2434f, 6.1668f, -5.7633f, //
      -0.99314f, 2.82254f, -0.35655f
    };
  }
}
