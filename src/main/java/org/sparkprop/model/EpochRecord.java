package org.sparkprop.model;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was measured in one epoch: a line of {@code history.jsonl}, where each figure of the
 * validation has a name of its own, such as {@code validation_loss}.
 *
 * @param epoch from 1
 * @param rounds so far, over all epochs
 * @param rows that the rounds of this epoch used
 * @param loss mean training loss, each row's with the parameters of its round; with L-BFGS, with
 *     those after the epoch
 * @param validation figures of the rows held out after the epoch, by the names of their metrics;
 *     empty where there are none
 * @param learningRate of the last step
 * @param seconds for the training alone, without the validation
 * @param best whether a model of this run would have these parameters, so far: the last such epoch
 *     is the model's
 */
@JsonPropertyOrder({
  "epoch",
  "rounds",
  "rows",
  "loss",
  "validation_loss",
  "validation_accuracy",
  "learning_rate",
  "seconds",
  "rows_per_second",
  "best"
})
public record EpochRecord(
    int epoch,
    long rounds,
    long rows,
    double loss,
    @JsonProperty(access = JsonProperty.Access.WRITE_ONLY) Map<String, Double> validation,
    double learningRate,
    double seconds,
    double rowsPerSecond,
    boolean best) {
  private static final String LOSS = "loss";
  private static final String ACCURACY = "accuracy";

  /** Mean loss of the rows held out; null where there are none. */
  @JsonProperty
  public @Nullable Double validationLoss() {
    return validation.get(LOSS);
  }

  /** Accuracy on the rows held out, from 0 to 1; null where there are none, or no classes. */
  @JsonProperty
  public @Nullable Double validationAccuracy() {
    return validation.get(ACCURACY);
  }

  @JsonAnyGetter
  Map<String, Double> otherFigures() {
    Map<String, Double> others = new LinkedHashMap<>();
    validation.forEach(
        (name, value) -> {
          if (!name.equals(LOSS) && !name.equals(ACCURACY)) {
            others.put("validation_" + name, value);
          }
        });
    return others;
  }
}
