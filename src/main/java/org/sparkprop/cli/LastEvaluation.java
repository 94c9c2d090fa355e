package org.sparkprop.cli;

import java.util.List;
import java.util.stream.Collectors;
import org.sparkprop.data.source.Part;
import org.sparkprop.eval.EvaluationJob;
import org.sparkprop.eval.Report;
import org.sparkprop.eval.ReportText;
import org.sparkprop.model.Model;
import org.sparkprop.model.ModelFolder;
import org.sparkprop.spark.Storage;

/**
 * What a run ends with: its model on the rows kept aside, which are packed.
 *
 * @param data the word that names them
 */
record LastEvaluation(EvaluationJob job, String data, Part part) implements AutoCloseable {
  /**
   * Evaluates a model that has been written, and adds the report.
   *
   * @param path where the folder lies
   */
  void addReport(Model model, ModelFolder folder, String path) {
    boolean isDone = false;
    try {
      Report report = job.run(model, path);
      folder.addReport(report::writeTo);
      System.out.printf(
          "%n%s%n%nreport: %s%n",
          ReportText.of(report), Storage.child(Storage.path(path), ModelFolder.REPORT));
      isDone = true;
    } finally {
      if (!isDone) {
        System.out.printf(
            "report: none; the model is whole, and this evaluates it: ./submit.sh %s%n",
            command(path));
      }
    }
  }

  /** What does the same for a model that has been written, its report included. */
  private String command(String path) {
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
