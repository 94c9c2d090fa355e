package org.sparkprop.cli;

import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.data.source.RowSource;
import org.sparkprop.model.ModelFolder;
import org.sparkprop.spark.FolderLock;
import org.sparkprop.train.DivergedModel;
import org.sparkprop.train.checkpoint.CheckpointFolder;
import org.sparkprop.train.checkpoint.Checkpointer;

/**
 * A run that {@code --resume} finds done: its model is there, whole and of the same options. A
 * scheduler repeats one command until it ends well, and then it does.
 *
 * @param path where the folder lies
 */
record CompleteRun(ModelFolder folder, String path, ModelFolder.Saved saved) {
  /**
   * Looks for the model; null if there is none, or none that this run would not train anew.
   *
   * @param options every option of the run
   * @param overwrite whether a model of other options may be replaced
   * @throws InvalidInputException if the model is of other options, and may not
   */
  static @Nullable CompleteRun find(
      ModelFolder folder, String path, Map<String, String> options, boolean overwrite) {
    ModelFolder.Saved saved;
    try {
      saved = folder.read();
    } catch (InvalidInputException noModel) {
      return null; // what else is there is refused or replaced as in any run
    }
    if (DivergedModel.isOne(saved)) {
      return null;
    }
    String difference = Checkpointer.difference(saved.description().options(), options);
    if (difference == null) {
      return new CompleteRun(folder, path, saved);
    }
    if (overwrite) {
      return null;
    }
    throw new InvalidInputException(
        "Cannot resume %s: its run is complete, and %s (give another --model, or --overwrite to train anew)"
            .formatted(path, difference));
  }

  /**
   * Does what a kill may have left to do: takes the checkpoints away, and evaluates.
   *
   * @param kept where the checkpoints of the run may be
   */
  void finish(SparkSession spark, DataArgument data, TestArguments test, CheckpointFolder kept) {
    System.out.printf(
        "resume: %s is complete, that of epoch %d; %s%n",
        path, saved.description().epoch(), saved.description().ending());
    if (!kept.isEmpty()) {
      alone(kept::delete);
    }
    if (folder.hasReport()) {
      return;
    }
    RowSource source = data.sourceFor(saved.description());
    source.prepare(spark, System.out::println);
    try (LastEvaluation last =
        test.open(spark, data.word(), source, saved.model().rowFormat(data.word()))) {
      if (last != null) {
        alone(() -> last.addReport(saved.model(), folder, path));
      }
    }
  }

  /** What lies beside the model may be of a run that is to replace it, and that has the lock. */
  private void alone(Runnable work) {
    try (FolderLock claim = folder.claimToAdd(Console::say)) {
      if (!folder.heldBy(claim).read().description().equals(saved.description())) {
        throw new InvalidInputException(
            "Cannot write %s: another run has replaced the model meanwhile".formatted(path));
      }
      work.run();
    }
  }
}
