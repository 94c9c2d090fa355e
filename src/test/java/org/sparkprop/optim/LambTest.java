package org.sparkprop.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.sparkprop.optim.Parallel.ON_CALLER;

import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkprop.nn.LayerSpec;
import org.sparkprop.nn.Topology;

class LambTest {
  /** Of a step: some twenty roundings of a float (6e-8 each). */
  private static final double FLOAT = 1e-6;

  @Test
  void theFirstStepIsAsLongAsTheTensorTimesTheRate() {
    // In the first step m / (1 - beta1) = g and v / (1 - beta2) = g², so r = sign(g) + w / 2:
    // weights (3, 4): r = (1 + 1.5, -1 + 2) = (2.5, 1), |w| / |r| = 5 / sqrt(7.25)
    // biases (0): their length is 0, so the ratio is 1, and they do not decay: r = 1
    Topology topology = Topology.of(2, LayerSpec.parseList("1 linear"));
    float[] parameters = {3, 4, 0};
    create(topology, 0.5).step(parameters, new float[] {7, -9, 2}, 0.1f, ON_CALLER);

    double ratio = 5 / Math.sqrt(7.25);
    assertEquals(3 - 0.1 * ratio * 2.5, parameters[0], 4 * FLOAT);
    assertEquals(4 - 0.1 * ratio * 1, parameters[1], 4 * FLOAT);
    assertEquals(-0.1, parameters[2], FLOAT);
  }

  @Test
  void tensorsWithoutDirectionStayWhereTheyAre() {
    Topology topology = Topology.of(2, LayerSpec.parseList("1 linear"));
    float[] parameters = {3, 4, -1};
    create(topology, 0).step(parameters, new float[] {0, 0, 0}, 0.1f, ON_CALLER);

    assertArrayEquals(new float[] {3, 4, -1}, parameters);
  }

  /** Tensors that begin and end within blocks of 1024, and one of several blocks. */
  @ParameterizedTest
  @CsvSource({"0.01, 0.001", "0.01, 0.5", "0, 0.1", "0.3, 0.1"})
  void tenStepsAreThoseOfThePaper(double decay, float rate) {
    Topology topology = Topology.of(30, LayerSpec.parseList("70 tanh, 40 tanh, 3 softmax"));
    int[] ends = {2100, 2170, 4970, 5010, 5130, 5133}; // weights and biases of 70, 40 and 3 units
    assertEquals(5133, topology.parameterCount());
    Random random = new Random(1);
    float[] parameters = new float[5133];
    double[] x = new double[5133];
    for (int i = 0; i < x.length; i++) {
      parameters[i] = i >= 2100 && i < 2170 ? 0 : (float) random.nextGaussian();
      x[i] = parameters[i];
    }
    double[] m = new double[x.length];
    double[] v = new double[x.length];
    Optimizer lamb = create(topology, decay);
    for (int step = 1; step <= 10; step++) {
      float[] gradient = new float[x.length];
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] = (float) random.nextGaussian();
      }
      stepOfThePaper(x, m, v, gradient, ends, step, rate, decay);
      lamb.step(parameters, gradient, rate, ON_CALLER);
    }

    double largest = 0;
    for (double one : x) {
      largest = Math.max(largest, Math.abs(one));
    }
    for (int i = 0; i < x.length; i++) {
      assertEquals(x[i], parameters[i], 10 * FLOAT * largest, "parameter " + i);
    }
  }

  /** You et al. 2020, algorithm 2, with the identity for phi. */
  private static void stepOfThePaper(
      double[] x,
      double[] m,
      double[] v,
      float[] gradient,
      int[] ends,
      int step,
      double rate,
      double decay) {
    int at = 0;
    for (int tensor = 0; tensor < ends.length; tensor++) {
      double[] r = new double[ends[tensor] - at];
      double ofTensor = 0;
      double ofDirection = 0;
      for (int i = at; i < ends[tensor]; i++) {
        m[i] = 0.9 * m[i] + 0.1 * gradient[i];
        v[i] = 0.999 * v[i] + 0.001 * gradient[i] * gradient[i];
        double mean = m[i] / (1 - Math.pow(0.9, step));
        double square = v[i] / (1 - Math.pow(0.999, step));
        boolean bias = tensor % 2 == 1;
        r[i - at] = mean / (Math.sqrt(square) + 1e-6) + (bias ? 0 : decay * x[i]);
        ofTensor += x[i] * x[i];
        ofDirection += r[i - at] * r[i - at];
      }
      double ratio = ofTensor == 0 ? 1 : Math.sqrt(ofTensor) / Math.sqrt(ofDirection);
      for (int i = at; i < ends[tensor]; i++) {
        x[i] -= rate * ratio * r[i - at];
      }
      at = ends[tensor];
    }
  }

  private static Optimizer create(Topology topology, double decay) {
    double none = Regularization.UNBOUNDED;
    return OptimizerSettings.of(UpdateRule.of("lamb"), 0.1, Map.of())
        .withRegularization(new Regularization(0, 0, decay, none, none, none))
        .create(topology);
  }
}
