package org.sparkprop.cli;

import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import org.sparkprop.eval.EvaluationJob;
import org.sparkprop.eval.Report;
import org.sparkprop.eval.ReportText;
import org.sparkprop.model.ModelFolder;
import org.sparkprop.model.Storage;
import org.sparkprop.train.Training;

/**
 * What a run has trained, on its way into a folder.
 *
 * @param words every option of the run
 * @param features the columns that features come from, where rows are of a table
 * @param overwrite whether a model that is there may be replaced
 */
record TrainedModel(
    Training.Result result,
    Map<String, String> words,
    List<String> features,
    ModelFolder folder,
    boolean overwrite) {
  /**
   * Evaluates and writes the model; without a report if the evaluation fails, which then ends here.
   *
   * @param path where the folder lies
   * @param test null for no evaluation
   */
  void save(String path, @Nullable EvaluationJob test, RunFiles files) {
    Report report;
    try {
      report = test == null ? null : test.run(result.model(), path);
    } catch (RuntimeException failed) {
      saveWithoutReport(path, files);
      throw failed;
    }
    write(report == null ? null : report::writeTo, files);
    if (report != null) {
      System.out.printf(
          "%n%s%n%nreport: %s%n", ReportText.of(report), new Path(path, ModelFolder.REPORT));
    }
  }

  /** Writes a model whose run, or whose evaluation, has failed. */
  void saveWithoutReport(String path, RunFiles files) {
    write(null, files);
    System.out.printf("model: %s, that of epoch %d, without a report%n", path, result.epoch());
  }

  private void write(Storage.@Nullable Content report, RunFiles files) {
    folder.write(
        result.model(), result.description(words, features), result.history(), report, overwrite);
    files.modelWritten();
  }

  /** Says why a run has ended before its last epoch, and which epoch's model is kept. */
  void sayEnding() {
    int last = result.history().size();
    if (last < result.options().epochs()) {
      System.out.printf("ended in epoch %d: %s%n", last, result.ending());
    }
    if (result.epoch() < last) {
      System.out.printf(
          "best: epoch %d, by its validation %s%n",
          result.epoch(), result.options().stopping().monitor().word());
    }
  }
}
