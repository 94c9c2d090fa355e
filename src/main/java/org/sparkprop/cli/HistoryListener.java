package org.sparkprop.cli;

import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import org.sparkprop.data.InvalidInputException;
import org.sparkprop.model.EpochRecord;
import org.sparkprop.model.LiveHistory;
import org.sparkprop.train.Resumption;
import org.sparkprop.train.TrainingFacts;
import org.sparkprop.train.TrainingListener;
import org.sparkprop.train.Verdict;

/** Writes each epoch into a file as it comes, and says where that is. */
final class HistoryListener implements TrainingListener, AutoCloseable {
  private final String model;
  private final Configuration hadoop;
  private final boolean resumes;
  private @Nullable LiveHistory history;
  private int epochs;
  private boolean broken;

  /**
   * @param model the folder that the model will be written to
   * @param resumes whether a run that was cut off goes on, and with it its file
   */
  HistoryListener(String model, Configuration hadoop, boolean resumes) {
    this.model = model;
    this.hadoop = hadoop;
    this.resumes = resumes;
  }

  @Override
  public void started(TrainingFacts facts) {
    history = resumes ? LiveHistory.again(model, hadoop) : LiveHistory.create(model, hadoop);
    System.out.printf("history: %s, until it is part of the model%n", history.path());
  }

  @Override
  public void resumed(Resumption from) {
    from.epochs().forEach(this::epochDone);
  }

  /** A disk that is full now does not end a run: the model will have all lines. */
  @Override
  public Verdict epochDone(EpochRecord epoch) {
    if (history == null || broken) {
      return Verdict.CONTINUE;
    }
    try {
      history.add(epoch);
      epochs++;
    } catch (InvalidInputException failed) {
      broken = true;
      System.err.printf(
          "warning: %s; the model will have the whole history%n", failed.getMessage());
    }
    return Verdict.CONTINUE;
  }

  /** The model is written, with its history: the file has done its work. */
  void modelWritten() {
    delete();
    LiveHistory.deleteAll(model, hadoop); // of earlier runs that were killed
  }

  /** A run that failed leaves the epochs that it has done. */
  @Override
  public void close() {
    if (history != null && epochs > 0) {
      System.out.printf("history: %s has the epochs that were done%n", history.path());
      history.close();
    } else {
      delete();
    }
  }

  private void delete() {
    if (history != null) {
      try {
        history.delete();
      } catch (InvalidInputException left) {
        System.err.printf("warning: Cannot delete %s%n", history.path());
      }
      history = null;
    }
  }
}
