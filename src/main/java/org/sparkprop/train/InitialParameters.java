package org.sparkprop.train;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.sparkprop.data.Offsets;
import org.sparkprop.data.Preprocessing;
import org.sparkprop.model.WarmStart;
import org.sparkprop.nn.Network;
import org.sparkprop.train.options.TrainingOptions;

/** Where a run starts. */
@FunctionalInterface
public interface InitialParameters {
  /**
   * The parameters before the first round.
   *
   * @param preprocessing what happens to rows before the network
   * @return length {@code network.topology().parameterCount()}; the run changes them
   */
  float[] of(Network network, Preprocessing preprocessing);

  /** Those that the options' initializer draws. */
  static InitialParameters drawn(TrainingOptions options) {
    return (network, preprocessing) ->
        options.initializer().parameters(network.topology(), options.seed());
  }

  /**
   * Those of an earlier run.
   *
   * @param warnings told what its file leaves open
   */
  static InitialParameters of(WarmStart start, Consumer<String> warnings) {
    return new InitialParameters() {
      @Override
      public float[] of(Network network, Preprocessing preprocessing) {
        return start.parameters(network, preprocessing, warnings);
      }

      @Override
      public @Nullable Preprocessing preprocessing() {
        return start.preprocessing();
      }
    };
  }

  /** What was taken from the numbers of those rows; null if nobody knows. */
  default @Nullable Offsets offsets() {
    Preprocessing earlier = preprocessing();
    return earlier == null ? null : earlier.offsets();
  }

  /** How the rows were prepared that these parameters were trained on; null if nobody knows. */
  default @Nullable Preprocessing preprocessing() {
    return null;
  }
}
