package org.sparkprop.cli;

import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import org.sparkprop.data.RowSource;
import org.sparkprop.eval.EvaluationJob;
import org.sparkprop.eval.Report;
import org.sparkprop.eval.ReportText;
import org.sparkprop.model.ModelDescription;
import org.sparkprop.model.ModelFolder;
import org.sparkprop.nn.Blas;
import org.sparkprop.train.Training;

/**
 * What a run has trained, on its way into a folder.
 *
 * @param words every option of the run
 * @param overwrite whether a model that is there may be replaced
 */
record TrainedModel(
    Training.Result result, RowSource source, Map<String, String> words, boolean overwrite) {
  /**
   * Evaluates and writes the model; without a report if the evaluation fails, which then ends here.
   *
   * @param path where the folder lies
   * @param test null for no evaluation
   */
  void save(ModelFolder folder, String path, @Nullable EvaluationJob test) {
    Report report;
    try {
      report = test == null ? null : test.run(result.model(), path);
    } catch (RuntimeException failed) {
      saveWithoutReport(folder, path);
      throw failed;
    }
    folder.write(
        result.model(),
        description(),
        result.history(),
        report == null ? null : report::writeTo,
        overwrite);
    if (report != null) {
      System.out.printf(
          "%n%s%n%nreport: %s%n", ReportText.of(report), new Path(path, ModelFolder.REPORT));
    }
  }

  /** Writes a model whose run, or whose evaluation, has failed. */
  void saveWithoutReport(ModelFolder folder, String path) {
    folder.write(result.model(), description(), result.history(), null, overwrite);
    System.out.printf("model: %s, that of epoch %d, without a report%n", path, result.epoch());
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

  private ModelDescription description() {
    return ModelDescription.of(
            result.model(),
            result.rows(),
            result.epoch(),
            result.ending(),
            result.options().seed(),
            words,
            Versions.all(),
            Blas.name())
        .withFeatures(source.features());
  }
}
