package org.sparkprop.cli;

import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import org.sparkprop.train.checkpoint.Checkpointer;

/** What lies beside a model until that is written: the history so far, and the checkpoints. */
final class RunFiles implements AutoCloseable {
  private final HistoryListener history;
  private final Checkpointer checkpoints;

  /**
   * @param model the folder that the model will be written to
   */
  RunFiles(String model, Configuration hadoop, Checkpointer checkpoints) {
    this.history = new HistoryListener(model, hadoop, checkpoints.resumption() != null);
    this.checkpoints = checkpoints;
    Shutdown.worthKeeping(true);
  }

  HistoryListener history() {
    return history;
  }

  Checkpointer checkpoints() {
    return checkpoints;
  }

  /** The model is written: the files have done their work. */
  void modelWritten() {
    historyWritten();
    checkpoints.delete();
  }

  /** The epochs are part of a model, which may be one to look at and not the end of the run. */
  void historyWritten() {
    history.modelWritten();
  }

  /**
   * The run has diverged.
   *
   * @param hasModel whether an epoch was done
   * @param saved where its model is; null if nowhere
   */
  void diverged(boolean hasModel, @Nullable String saved) {
    if (checkpoints.diverged(hasModel, saved != null)) {
      System.out.printf(
          "checkpoint: deleted, as the run would diverge again from there%s%n",
          saved == null ? "" : "; --init-from %s begins with that model".formatted(saved));
    }
  }

  /** A run that failed leaves the epochs that it has done, and where it can go on. */
  @Override
  public void close() {
    history.close();
    String kept = checkpoints.kept();
    if (kept != null) {
      System.out.printf(
          checkpoints.hasDiverged()
              ? "checkpoint: %s, of before this run diverged, as it would again; delete it to begin anew%n"
              : "checkpoint: %s; give the same command with --resume%n",
          kept);
    }
    Shutdown.worthKeeping(false);
  }
}
