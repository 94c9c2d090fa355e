package org.sparkprop;

import java.util.Map;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.spark.FolderLock;
import org.sparkprop.train.DivergedModel;
import org.sparkprop.train.Training;
import org.sparkprop.train.checkpoint.CheckpointFolder;
import org.sparkprop.train.checkpoint.Checkpointer;

/**
 * Where a run is kept while it goes on.
 *
 * @param folder null for nowhere
 * @param seconds least time between two checkpoints
 */
record CheckpointChoice(@Nullable String folder, double seconds) {
  static final CheckpointChoice NONE = new CheckpointChoice(null, Checkpointer.SECONDS);

  /** Takes the folder for a run; null for nowhere. */
  @Nullable FolderLock claim(Configuration hadoop) {
    return folder == null ? null : new CheckpointFolder(folder, hadoop).claim();
  }

  /**
   * Looks for a checkpoint to go on from.
   *
   * @param options every option of the run
   */
  Checkpointer open(Configuration hadoop, Map<String, String> options) {
    return folder == null
        ? Checkpointer.none()
        : Checkpointer.open(new CheckpointFolder(folder, hadoop), seconds, true, false, options);
  }

  /**
   * Keeps the model of a run that has diverged, whose checkpoints nobody is to go on from: the
   * application may end without it.
   *
   * @param words every option of the run
   * @param say told where it is, or why nowhere
   * @return whether it is written
   */
  boolean keepDiverged(
      Training.Result lastGood,
      Map<String, String> words,
      Configuration hadoop,
      Consumer<String> say) {
    if (folder == null) {
      return false;
    }
    try {
      DivergedModel beside = new DivergedModel(folder, hadoop);
      beside.write(lastGood, words);
      say.accept(
          "the run has diverged; the model of its epoch %d is in %s"
              .formatted(lastGood.epoch(), beside));
      return true;
    } catch (InvalidInputException unwritten) {
      say.accept(
          "%s; the checkpoints of the run that has diverged stay in %s"
              .formatted(unwritten.getMessage(), folder));
      return false;
    }
  }
}
