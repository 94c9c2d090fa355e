package org.sparkprop;

import java.lang.System.Logger;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import org.sparkprop.model.Model;
import org.sparkprop.model.WarmStart;
import org.sparkprop.train.InitialParameters;
import org.sparkprop.train.options.TrainingOptions;

/**
 * Where the first parameters come from; drawn if both are null.
 *
 * @param path a model folder, a .safetensors file or an .npz file
 * @param model of an earlier run
 */
record StartChoice(@Nullable String path, @Nullable Model model) {
  static final StartChoice DRAWN = new StartChoice(null, null);

  private static final Logger LOG = System.getLogger(StartChoice.class.getName());

  /** Reads what was chosen. */
  InitialParameters parameters(TrainingOptions options, Configuration hadoop) {
    if (model != null) {
      return of(WarmStart.of(model));
    }
    return path == null ? InitialParameters.drawn(options) : of(WarmStart.read(path, hadoop));
  }

  private static InitialParameters of(WarmStart start) {
    return InitialParameters.of(start, warning -> LOG.log(Logger.Level.WARNING, warning));
  }

  /** Where they come from in words; null if they are drawn. */
  @Nullable String word() {
    return model == null ? path : "a model in memory";
  }
}
