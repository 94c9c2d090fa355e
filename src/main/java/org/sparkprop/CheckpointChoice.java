package org.sparkprop;

import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import org.sparkprop.model.CheckpointFolder;
import org.sparkprop.model.FolderLock;
import org.sparkprop.train.Checkpoints;

/**
 * Where a run is kept while it goes on.
 *
 * @param folder null for nowhere
 * @param seconds least time between two checkpoints
 */
record CheckpointChoice(@Nullable String folder, double seconds) {
  static final CheckpointChoice NONE = new CheckpointChoice(null, Checkpoints.SECONDS);

  /** Takes the folder for a run; null for nowhere. */
  @Nullable FolderLock claim(Configuration hadoop) {
    return folder == null ? null : new CheckpointFolder(folder, hadoop).claim();
  }

  /**
   * Looks for a checkpoint to go on from.
   *
   * @param options every option of the run
   */
  Checkpoints open(Configuration hadoop, Map<String, String> options) {
    return folder == null
        ? Checkpoints.none()
        : Checkpoints.open(new CheckpointFolder(folder, hadoop), seconds, true, false, options);
  }
}
