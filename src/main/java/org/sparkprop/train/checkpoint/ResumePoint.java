package org.sparkprop.train.checkpoint;

import java.util.List;
import org.sparkprop.model.EpochRecord;

/**
 * Where a run goes on that was cut off.
 *
 * @param epochs those that are done
 * @param rounds that are done, over all epochs
 * @param rows that the rounds of the epoch that is not done have used
 */
public record ResumePoint(List<EpochRecord> epochs, long rounds, long rows) {
  /** The epoch, from 1, that goes on or is next. */
  public int epoch() {
    return epochs.size() + 1;
  }
}
