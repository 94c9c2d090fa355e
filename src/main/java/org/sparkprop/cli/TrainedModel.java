package org.sparkprop.cli;

import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.model.ModelFolder;
import org.sparkprop.train.DivergedModel;
import org.sparkprop.train.Training;

/**
 * What a run has trained, on its way into a folder.
 *
 * @param words every option of the run
 * @param overwrite whether a model that is there may be replaced
 */
record TrainedModel(
    Training.Result result, Map<String, String> words, ModelFolder folder, boolean overwrite) {
  /**
   * Writes the model, then evaluates it and adds the report: whatever becomes of the evaluation,
   * the model is there.
   *
   * @param path where the folder lies
   * @param test null for no evaluation
   */
  void save(String path, @Nullable LastEvaluation test, RunFiles files) {
    boolean isWritten = false;
    try {
      folder.makingRoom(files.checkpoints()::makeRoom);
      write();
      isWritten = true;
    } finally {
      if (!isWritten) {
        files.checkpoints().keepEnd();
      }
    }
    files.modelWritten();
    System.out.printf("model: %s%n", path);
    if (test != null) {
      test.addReport(result.model(), folder, path);
    }
  }

  /**
   * Writes a model whose run has diverged, which is what its user has to be told: beside a model
   * that is there, which may well be better.
   *
   * @return where it is; null if it cannot be written
   */
  @Nullable String saveDiverged(String path, RunFiles files, Configuration hadoop) {
    String place = path;
    try {
      if (overwrite && folder.isReadable() && !DivergedModel.isIn(folder)) {
        DivergedModel beside = new DivergedModel(path, hadoop);
        beside.write(result, words);
        place = beside.toString();
      } else {
        write();
      }
      files.historyWritten();
    } catch (InvalidInputException unwritten) {
      Console.warn(String.valueOf(unwritten.getMessage()));
      return null;
    }
    System.out.printf("model: %s, that of epoch %d, without a report%n", place, result.epoch());
    return place;
  }

  private void write() {
    folder.write(result.model(), result.description(words), result.history(), overwrite);
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
