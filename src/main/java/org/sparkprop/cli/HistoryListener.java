package org.sparkprop.cli;

import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.jspecify.annotations.Nullable;
import org.sparkprop.model.EpochRecord;
import org.sparkprop.model.LiveHistory;
import org.sparkprop.train.RunInfo;
import org.sparkprop.train.TrainingListener;
import org.sparkprop.train.Verdict;
import org.sparkprop.train.checkpoint.ResumePoint;

/** Writes each epoch into a file as it comes, and says where that is. */
final class HistoryListener implements TrainingListener, AutoCloseable {
  private final String model;
  private final Configuration hadoop;
  private final boolean resumes;
  private @Nullable LiveHistory history;
  private final List<EpochRecord> epochs = new ArrayList<>();
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
  public void started(RunInfo facts) {
    history = resumes ? LiveHistory.again(model, hadoop) : LiveHistory.create(model, hadoop);
    System.out.printf("history: %s (moved into the model when it is written)%n", history.path());
  }

  @Override
  public void resumed(ResumePoint from) {
    from.epochs().forEach(this::epochDone);
  }

  /** A disk that is full now does not end a run, and may have room after the next epoch. */
  @Override
  public Verdict epochDone(EpochRecord epoch) {
    epochs.add(epoch);
    try {
      if (broken) {
        history = LiveHistory.again(model, hadoop);
        for (EpochRecord each : epochs) {
          history.add(each);
        }
        broken = false;
      } else if (history != null) {
        history.add(epoch);
      }
    } catch (Exception | FSError failed) { // a client of a file system may throw anything
      if (!broken) {
        System.err.printf(
            "warning: %s; the run goes on, and the model will have the whole history%n",
            failed.getMessage());
      }
      broken = true;
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
    if (history == null || epochs.isEmpty()) {
      delete();
      return;
    }
    try {
      history.close();
    } catch (Exception | FSError failed) {
      broken = true;
    }
    if (!broken) {
      System.out.printf("history: %s has the epochs that were done%n", history.path());
    }
  }

  private void delete() {
    if (history != null) {
      try {
        history.delete();
      } catch (Exception | FSError left) {
        Console.warn("Cannot delete " + history.path());
      }
      history = null;
    }
  }
}
