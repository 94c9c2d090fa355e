package org.sparkprop.cli;

import org.apache.hadoop.conf.Configuration;
import org.sparkprop.train.Checkpoints;

/** What lies beside a model until that is written: the history so far, and the checkpoints. */
final class RunFiles implements AutoCloseable {
  private final HistoryListener history;
  private final Checkpoints checkpoints;

  /**
   * @param model the folder that the model will be written to
   */
  RunFiles(String model, Configuration hadoop, Checkpoints checkpoints) {
    this.history = new HistoryListener(model, hadoop, checkpoints.resumption() != null);
    this.checkpoints = checkpoints;
  }

  HistoryListener history() {
    return history;
  }

  Checkpoints checkpoints() {
    return checkpoints;
  }

  /** The model is written: the files have done their work. */
  void modelWritten() {
    history.modelWritten();
    checkpoints.delete();
  }

  /** A run that failed leaves the epochs that it has done, and where it can go on. */
  @Override
  public void close() {
    history.close();
    String kept = checkpoints.kept();
    if (kept != null) {
      System.out.printf("checkpoint: %s; --resume goes on from there%n", kept);
    }
  }
}
