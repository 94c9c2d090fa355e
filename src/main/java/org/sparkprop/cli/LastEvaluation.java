package org.sparkprop.cli;

import java.util.List;
import java.util.stream.Collectors;
import org.sparkprop.data.Part;
import org.sparkprop.eval.EvaluationJob;
import org.sparkprop.eval.Report;
import org.sparkprop.model.Model;

/**
 * What a run ends with: its model on the rows kept aside, which are packed.
 *
 * @param data the word that names them
 */
record LastEvaluation(EvaluationJob job, String data, Part part) implements AutoCloseable {
  Report run(Model model, String path) {
    return job.run(model, path);
  }

  /** What does the same for a model that has been written, its report included. */
  String command(String path) {
    return words("evaluate", "--model", path, "--data", data, "--part", part.toString())
        + words("", "--report", path);
  }

  /** As a shell reads them. */
  private static String words(String... words) {
    return List.of(words).stream().map(LastEvaluation::quoted).collect(Collectors.joining(" "));
  }

  private static String quoted(String word) {
    return word.matches("[\\w./:=,@%+-]*") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  @Override
  public void close() {
    job.close();
  }
}
