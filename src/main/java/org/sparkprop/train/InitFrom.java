package org.sparkprop.train;

import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.model.Model;
import org.sparkprop.model.WarmStart;
import org.sparkprop.train.options.TrainingOptions;

/**
 * Where the initial parameters of a run come from: they are drawn, or those of an earlier run.
 *
 * @param word where, in words; null if they are drawn
 * @param reader finds those of the earlier run
 */
public record InitFrom(@Nullable String word, Reader reader) {
  /** The options' initializer draws them. */
  public static final InitFrom DRAWN = new InitFrom(null, hadoop -> null);

  /** Finds the parameters of an earlier run. */
  public interface Reader {
    /** Null where there is none. */
    @Nullable WarmStart read(Configuration hadoop);
  }

  /** Those of a model folder, a .safetensors file or an .npz file. */
  public static InitFrom path(String path) {
    return new InitFrom(path, hadoop -> WarmStart.read(path, hadoop));
  }

  /** Those of a model of an earlier run. */
  public static InitFrom model(Model model) {
    return new InitFrom("a model in memory", hadoop -> WarmStart.of(model));
  }

  /**
   * Reads them.
   *
   * @param warnings told what a file leaves open
   * @throws InvalidInputException if they cannot be read
   */
  public InitialParameters read(
      TrainingOptions options, Configuration hadoop, Consumer<String> warnings) {
    WarmStart earlier = reader.read(hadoop);
    return earlier == null
        ? InitialParameters.drawn(options)
        : InitialParameters.of(earlier, warnings);
  }
}
