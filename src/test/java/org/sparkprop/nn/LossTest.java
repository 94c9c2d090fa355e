package org.sparkprop.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class LossTest {
  /** Logits such as log 2 are rounded to floats (6e-8), and a few more roundings follow. */
  private static final double FLOAT = 4e-7;

  @Test
  void squaredErrorIsHalfTheSumOfSquares() {
    // y = (1, 2, 0.5), t = (0, 1, 0): (1 + 1 + 0.25) / 2
    check(Loss.SQUARED_ERROR, new float[] {1, 2, 0.5f}, 1, 1.125, 1, 1, 0.5);
  }

  @Test
  void squaredErrorOfOneOutputTakesTheLabelItself() {
    check(Loss.SQUARED_ERROR, new float[] {0.25f}, 1, 0.28125, -0.75);
    check(Loss.SQUARED_ERROR, new float[] {0.25f}, 0, 0.03125, 0.25);
  }

  @Test
  void absoluteErrorIsTheSumOfDistances() {
    check(Loss.ABSOLUTE_ERROR, new float[] {1, 3, -0.5f}, 1, 1 + 2 + 0.5, 1, 1, -1);
    check(Loss.ABSOLUTE_ERROR, new float[] {1}, 1, 0, 0);
  }

  @Test
  void huberIsSquaredNearTheTargetAndAbsoluteFarOff() {
    // Errors 0.5, −3, 1: 0.125, 3 − 0.5, 0.5
    check(Loss.HUBER, new float[] {0.5f, -2, 1}, 1, 3.125, 0.5, -1, 1);
  }

  @Test
  void poissonIsTheMeanLessTheCountTimesItsLogarithm() {
    // z = ln 2, so y = 2; t = 1: 2 − ln 2. z = 0, so y = 1; t = 0: 1.
    check(Loss.POISSON, new float[] {(float) Math.log(2)}, 1, 2 - Math.log(2), 1);
    check(Loss.POISSON, new float[] {0}, 0, 1, 1);
    check(Loss.POISSON, new float[] {-1e4f}, 0, 0, 0);
  }

  @Test
  void poissonNeedsExponential() {
    assertRefused(
        Loss.POISSON,
        Activation.LINEAR,
        "Invalid loss: poisson with a linear last layer (the last layer must be exponential)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "squared-error; multi-label; classification or regression",
        "absolute-error; classification; regression",
        "huber; multi-label; regression",
        "poisson; classification; regression",
        "softmax-cross-entropy; multi-label; classification",
        "sigmoid-cross-entropy; regression; classification or multi-label"
      })
  void aLossIsForSomeTasks(String loss, String task, String tasks) {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> Loss.of(loss).checkCompatible(LearningTask.of(task)));
    assertEquals(
        "Invalid task: %s with --loss %s (it must be %s)".formatted(task, loss, tasks),
        refused.getMessage());
    for (String fitting : tasks.split(" or ", -1)) {
      Loss.of(loss).checkCompatible(LearningTask.of(fitting));
    }
  }

  @Test
  void softmaxCrossEntropyIsTheLogarithmOfTheLabelsShare() {
    // Logits ln 1, ln 2, ln 5 are shares of 1/8, 2/8, 5/8.
    float[] logits = {0, (float) Math.log(2), (float) Math.log(5)};
    check(Loss.SOFTMAX_CROSS_ENTROPY, logits, 2, Math.log(8.0 / 5), 0.125, 0.25, -0.375);
    check(Loss.SOFTMAX_CROSS_ENTROPY, logits, 0, Math.log(8), -0.875, 0.25, 0.625);
  }

  @Test
  void sigmoidCrossEntropyAddsUpTheOutputs() {
    // Logits ln 3, 0, -ln 3 are probabilities of 3/4, 1/2, 1/4.
    float[] logits = {(float) Math.log(3), 0, (float) -Math.log(3)};
    double loss = -Math.log(0.75) - Math.log(0.5) - Math.log(0.75);
    check(Loss.SIGMOID_CROSS_ENTROPY, logits, 0, loss, -0.25, 0.5, 0.25);
  }

  @Test
  void sigmoidCrossEntropyOfOneOutputTakesTheLabelItself() {
    float[] logit = {(float) Math.log(3)};
    check(Loss.SIGMOID_CROSS_ENTROPY, logit, 1, -Math.log(0.75), -0.25);
    check(Loss.SIGMOID_CROSS_ENTROPY, logit, 0, -Math.log(0.25), 0.75);
  }

  @Test
  void softmaxCrossEntropyOfExtremeLogitsIsExact() {
    Loss loss = Loss.SOFTMAX_CROSS_ENTROPY;
    check(loss, new float[] {1e4f, -1e4f}, 0, 0, 0, 0);
    check(loss, new float[] {1e4f, -1e4f}, 1, 2e4, 1, -1);
    check(loss, new float[] {1e4f, -1e4f, 1e4f}, 2, Math.log(2), 0.5, 0, -0.5);
    check(loss, new float[] {-1e4f, -1e4f, -1e4f}, 1, Math.log(3), 1 / 3., -2 / 3., 1 / 3.);
    check(loss, new float[] {80, -80, 0}, 1, 160, 1, -1, 0);
    check(loss, new float[] {0, -0f}, 1, Math.log(2), 0.5, -0.5);
    check(loss, new float[] {Float.MAX_VALUE, 0}, 1, Float.MAX_VALUE, 1, -1);
  }

  @ParameterizedTest
  @CsvSource({
    // log(1 + e^z) - t z and sigmoid(z) - t; e^-80 = 1.80485138785e-35
    "10000,  1, 0,                 0",
    "10000,  0, 10000,             1",
    "-10000, 1, 10000,             -1",
    "-10000, 0, 0,                 0",
    "80,     1, 1.80485138785e-35, 0",
    "80,     0, 80,                1",
    "-80,    1, 80,                -1",
    "-80,    0, 1.80485138785e-35, 1.80485138785e-35",
    "0,      1, 0.693147180560,    -0.5",
    "-0,     0, 0.693147180560,    0.5"
  })
  void sigmoidCrossEntropyOfExtremeLogitsIsExact(
      float logit, int label, double value, double delta) {
    check(Loss.SIGMOID_CROSS_ENTROPY, new float[] {logit}, label, value, delta);
  }

  static List<Loss> losses() {
    return Loss.ALL;
  }

  @ParameterizedTest
  @MethodSource("losses")
  void lossOfASliceIsTheSumOverItsRows(Loss loss) {
    float[] output = {0.5f, -1, 2, 1, 0.25f, -0.5f, 9, 9, 9};
    Workspace first = slice(new float[] {0.5f, -1, 2}, 3, 2);
    Workspace second = slice(new float[] {1, 0.25f, -0.5f}, 3, 0);
    double sum = loss.valueAndDelta(first, 1, 0) + loss.valueAndDelta(second, 1, 0);

    Workspace both = slice(output, 3, 2, 0, 1);
    assertEquals(sum, loss.valueAndDelta(both, 2, 0));
    float[] delta = both.outputDelta();
    assertArrayEquals(first.outputDelta(), Arrays.copyOfRange(delta, 0, 3));
    assertArrayEquals(second.outputDelta(), Arrays.copyOfRange(delta, 3, 6));
    assertArrayEquals(
        new float[] {Float.NaN, Float.NaN, Float.NaN}, Arrays.copyOfRange(delta, 6, 9));
  }

  @Test
  void meanIsTakenOverTheTermsOfARow() {
    assertEquals(10, Loss.SQUARED_ERROR.termsPerRow(10));
    assertEquals(1, Loss.SOFTMAX_CROSS_ENTROPY.termsPerRow(10));
    assertEquals(10, Loss.SIGMOID_CROSS_ENTROPY.termsPerRow(10));
  }

  @ParameterizedTest
  @CsvSource({
    "softmax, softmax-cross-entropy",
    "sigmoid, sigmoid-cross-entropy",
    "linear, squared-error",
    "tanh, squared-error",
    "relu, squared-error",
    "leaky-relu, squared-error",
    "elu, squared-error",
    "softplus, squared-error",
    "gelu, squared-error",
    "silu, squared-error",
    "selu, squared-error",
    "mish, squared-error",
    "exponential, poisson"
  })
  void lossFollowsFromTheLastLayer(String last, String loss) {
    Loss fitting = Loss.defaultFor(Activation.of(last));
    assertEquals(loss, fitting.word());
    fitting.checkCompatible(Activation.of(last));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SOFTMAX")
  void squaredErrorFitsAllButSoftmax(Activation last) {
    Loss.SQUARED_ERROR.checkCompatible(last);
  }

  @Test
  void squaredErrorOfSoftmaxIsRefused() {
    assertRefused(
        Loss.SQUARED_ERROR,
        Activation.SOFTMAX,
        "Invalid loss: squared-error with a softmax last layer"
            + " (softmax needs softmax-cross-entropy)");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SOFTMAX")
  void softmaxCrossEntropyNeedsSoftmax(Activation last) {
    assertRefused(
        Loss.SOFTMAX_CROSS_ENTROPY,
        last,
        "Invalid loss: softmax-cross-entropy with a %s last layer (the last layer must be softmax)"
            .formatted(last.word()));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SIGMOID")
  void sigmoidCrossEntropyNeedsSigmoid(Activation last) {
    assertRefused(
        Loss.SIGMOID_CROSS_ENTROPY,
        last,
        "Invalid loss: sigmoid-cross-entropy with a %s last layer (the last layer must be sigmoid)"
            .formatted(last.word()));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void wordNamesTheLoss(Loss loss) {
    assertEquals(loss, Loss.of(loss.word()));
    assertEquals(loss, Loss.of(" " + loss.kind() + " "));
  }

  @Test
  void hubersLossIsLinearFromItsDelta() {
    Loss loss = Loss.HUBER.withDelta(2.5);
    assertEquals("huber(2.5)", loss.word());
    assertEquals(loss, Loss.of("huber(2.5)"));
    Workspace slice = slice(new float[] {1.5f, -4}, 2, 0);
    slice.targets()[0] = 0;
    slice.targets()[1] = 0;

    // 1.5²/2, and 2.5 (4 − 2.5/2)
    assertEquals(1.125 + 6.875, loss.valueAndDelta(slice, 1, 0));
    assertArrayEquals(new float[] {1.5f, -2.5f}, slice.outputDelta());
  }

  @ParameterizedTest
  @CsvSource({
    "huber, 0, 'Invalid huber delta: 0.0 (must be > 0 and <= 3.4028235E38)'",
    "huber, NaN, 'Invalid huber delta: NaN (must be > 0 and <= 3.4028235E38)'",
    "absolute-error, 2, 'Invalid huber delta: 2.0 with --loss absolute-error (it needs huber)'"
  })
  void aDeltaThatMakesNoSenseIsRefused(String loss, double delta, String message) {
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> Loss.of(loss).withDelta(delta))
            .getMessage());
  }

  @Test
  void unknownWordIsRefusedWithTheWordsThatThereAre() {
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> Loss.of("hinge"));
    assertEquals(
        "Invalid loss: hinge (must be one of squared-error, absolute-error, huber, poisson,"
            + " softmax-cross-entropy, sigmoid-cross-entropy)",
        error.getMessage());
  }

  private static void assertRefused(Loss loss, Activation last, String message) {
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> loss.checkCompatible(last));
    assertEquals(message, error.getMessage());
  }

  /** Outputs (rows, width) of rows with these labels, and NaN for their delta. */
  private static Workspace slice(float[] output, int width, int... labels) {
    Topology topology = Topology.of(1, List.of(new LayerSpec(width, Activation.LINEAR)));
    Workspace slice = new Workspace(topology, labels.length);
    System.arraycopy(output, 0, slice.output(), 0, output.length);
    System.arraycopy(labels, 0, slice.labels(), 0, labels.length);
    Network.labelsToTargets(slice, labels.length);
    Arrays.fill(slice.outputDelta(), Float.NaN);
    return slice;
  }

  /** One row: its loss and its delta, which overwrites NaN. */
  private static void check(
      Loss loss, float[] output, int label, double value, double... expectedDelta) {
    Workspace slice = slice(output, output.length, label);
    float[] delta = slice.outputDelta();
    double actual = loss.valueAndDelta(slice, 1, 0);
    // Plus the last digit of what cancels in double: 1e4 has steps of 2e-12.
    assertEquals(value, actual, FLOAT * value + 4e-12);
    for (int i = 0; i < delta.length; i++) {
      // A delta is a difference of numbers up to one.
      assertEquals(expectedDelta[i], delta[i], FLOAT);
    }
  }
}
