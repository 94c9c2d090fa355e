package org.sparkprop.train;

import java.lang.System.Logger;
import org.jspecify.annotations.Nullable;
import org.sparkprop.model.BlasOfJvm;
import org.sparkprop.model.BlasOfRun;

/**
 * Warns when the results of a run come from more than one BLAS, since its bits then depend on where
 * its shards lie, and when an executor has a slow one.
 */
final class BlasWatch {
  private static final Logger LOG = System.getLogger(BlasWatch.class.getName());

  /** How the JVMs are called that a run had until it was cut off. */
  private static final String BEFORE = "before the run was resumed";

  private final BlasOfRun run = new BlasOfRun(this::came);

  /** Where the run goes on from; null for a new one. */
  private @Nullable String checkpoint;

  private String blasOfCheckpoint = "";
  private boolean isDifferenceSaid;

  /** What is told of each JVM. */
  BlasOfRun run() {
    return run;
  }

  /**
   * The run goes on from a checkpoint.
   *
   * @param blas what it was made with
   */
  void resumedFrom(String checkpoint, String blas) {
    if (!blas.isEmpty()) {
      run.add(new BlasOfJvm(BEFORE, blas, ""));
    }
    this.checkpoint = checkpoint;
    this.blasOfCheckpoint = blas;
  }

  private void came(BlasOfJvm jvm) {
    if (!jvm.problem().isEmpty() && !ExecutorBlas.hasSaid(jvm.jvm())) {
      LOG.log(Logger.Level.WARNING, "{0}: {1}", jvm.jvm(), jvm.problem());
    }
    if (!run.isMixed() || isDifferenceSaid || jvm.jvm().equals(BEFORE)) {
      return;
    }
    isDifferenceSaid = true;
    if (checkpoint == null) {
      LOG.log(
          Logger.Level.WARNING,
          "the run has different BLAS ({0}): its bits depend on where a shard lies",
          run.differences());
    } else {
      LOG.log(
          Logger.Level.WARNING,
          "{0} was made with BLAS {1}, the run goes on with BLAS {2}: the bits may differ from those of a run that was not cut off",
          checkpoint,
          blasOfCheckpoint,
          jvm.blas());
    }
  }
}
