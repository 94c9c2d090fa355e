package org.sparkprop.train.options;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.Secrets;

/**
 * Every choice that a run was begun with, for {@code model.json} and checkpoints.
 *
 * @param ofRows what was said of the rows, by the names of the options
 * @param validation which rows it is validated on, in words
 * @param initFrom where its initial parameters come from; null if they are drawn
 * @param blas the word of the BLAS that was chosen
 */
public record RunDescription(
    Map<String, String> ofRows, String validation, @Nullable String initFrom, String blas) {
  /**
   * Every option with its value, by its name on the command line, but for secrets.
   *
   * @param options of the run, with what was measured or found
   */
  public Map<String, String> toWords(TrainingOptions options) {
    Map<String, String> words = new LinkedHashMap<>(ofRows);
    words.put("validation", validation);
    words.putAll(options.toWords());
    if (initFrom != null) {
      words.remove(Settings.INIT.name()); // nothing was drawn
      words.put("init-from", initFrom);
    }
    words.put("blas", blas);
    return Secrets.masked(words);
  }
}
