package org.sparkprop.train.checkpoint;

import java.lang.System.Logger;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.hadoop.fs.FSError;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.base.Stopwatch;
import org.sparkprop.model.BlasOfRun;
import org.sparkprop.train.options.LocalSteps;

/**
 * Keeps a run in a folder, now and then between two rounds, and finds one there that was cut off. A
 * run that goes on from a checkpoint has the bits of one that was never cut off.
 */
public final class Checkpointer {
  /** Seconds between two checkpoints, unless others are chosen. */
  public static final double SECONDS = 60;

  /** Writing checkpoints takes no more than this share of the time. */
  private static final double MAX_SHARE = 0.05;

  private static final String LOCAL_STEPS = "local-steps";

  private static final Logger LOG = System.getLogger(Checkpointer.class.getName());

  private final @Nullable CheckpointFolder folder;
  private final double seconds;
  private final Map<String, String> options;
  private final @Nullable CheckpointFile cutOff;

  /** The run as checkpoints tell it; null until its rounds begin. */
  private CheckpointFile.@Nullable Origin origin;

  private BlasOfRun blas = new BlasOfRun();
  private Stopwatch sinceLast = new Stopwatch(0);
  private double lastTook;
  private long roundsOfLast;
  private long roundsWritten;
  private boolean isKept;
  private boolean hasDiverged;

  /** Where the run has ended; null until it has. */
  private @Nullable Checkpoint end;

  private Checkpointer(
      @Nullable CheckpointFolder folder,
      double seconds,
      Map<String, String> options,
      @Nullable CheckpointFile cutOff) {
    this.folder = folder;
    this.seconds = seconds;
    this.options = options;
    this.cutOff = cutOff;
    this.roundsOfLast = cutOff == null ? 0 : cutOff.checkpoint().numbers().rounds();
    this.roundsWritten = roundsOfLast;
    this.isKept = cutOff != null;
  }

  /** None are kept. */
  public static Checkpointer none() {
    return new Checkpointer(null, Double.POSITIVE_INFINITY, Map.of(), null);
  }

  /**
   * Looks into the folder, before the run begins.
   *
   * @param seconds from {@link #checkSeconds}
   * @param resume whether to go on from a checkpoint that is there; else it is in the way
   * @param overwrite whether one that is in the way may be replaced
   * @param options every option of the run by its name on the command line
   * @throws InvalidInputException if a checkpoint is in the way, cannot be read, or is of a run
   *     with other options
   */
  public static Checkpointer open(
      CheckpointFolder folder,
      double seconds,
      boolean resume,
      boolean overwrite,
      Map<String, String> options) {
    if (Double.isFinite(seconds)) {
      folder.checkWritable();
    }
    CheckpointFile cutOff = resume ? CheckpointFile.last(folder) : null;
    if (cutOff != null) {
      cutOff.checkOptions(options);
    }
    if (!resume && !overwrite && !folder.isEmpty()) {
      throw new InvalidInputException(
          "Cannot write %s: it has the checkpoint of a run that was cut off (give --resume to go on with that run, or --overwrite to drop it)"
              .formatted(folder));
    }
    return new Checkpointer(folder, seconds, options, cutOff);
  }

  /**
   * What a run with these options would do in another way than one that is done, in words; null if
   * its model is the same.
   *
   * @param then the options of the model's description, with the local steps that were measured
   */
  public static @Nullable String difference(Map<String, String> then, Map<String, String> options) {
    Map<String, String> now = new HashMap<>(options);
    String steps = then.get(LOCAL_STEPS);
    if (steps != null) {
      now.replace(LOCAL_STEPS, LocalSteps.AUTO.toString(), steps);
    }
    return CheckpointFile.difference(then, now);
  }

  /**
   * Refuses what cannot be the seconds between two checkpoints.
   *
   * @param seconds 0 for a checkpoint before each round, infinity for none
   * @throws IllegalArgumentException naming them
   */
  public static double checkSeconds(double seconds) {
    if (!(seconds >= 0)) {
      throw new IllegalArgumentException(
          "Invalid checkpoint interval: %s (must be >= 0 seconds, or none)".formatted(seconds));
    }
    return seconds;
  }

  /** Where the run goes on, in words; null if it is a new one. */
  public @Nullable String resumption() {
    if (cutOff == null) {
      return null;
    }
    ResumePoint from = cutOff.checkpoint().resumption();
    return "%s, in epoch %d, after %,d rounds"
        .formatted(cutOff.place(), from.epoch(), from.rounds());
  }

  /** Whether any are written. */
  public boolean areKept() {
    return folder != null && Double.isFinite(seconds);
  }

  /** Whether the run has diverged. */
  public boolean hasDiverged() {
    return hasDiverged;
  }

  /** The folder, if a checkpoint of this run lies there; else null. */
  public @Nullable String kept() {
    return folder == null || !isKept ? null : folder.toString();
  }

  /**
   * The run has diverged, and would again: nobody is to go on from here. But where its model is not
   * safe, its checkpoints are all that there is of it, perhaps of days; and what it was begun from
   * is not deleted before it has come further, since the fault may lie there.
   *
   * @param hasModel whether an epoch was done, whose model is the last good one
   * @param isSaved whether that model has been written
   * @return whether checkpoints were deleted
   */
  public boolean diverged(boolean hasModel, boolean isSaved) {
    hasDiverged = true;
    boolean isAllThereIs = hasModel ? !isSaved : cutOff != null;
    boolean hasMoved = cutOff == null || roundsWritten != cutOff.checkpoint().numbers().rounds();
    if (isAllThereIs || !hasMoved) {
      return false;
    }
    boolean wasKept = isKept;
    delete();
    return wasKept;
  }

  /** The model cannot be written: keeps the end of the run, from which another can write it. */
  public void keepEnd() {
    Checkpoint last = end;
    if (last != null) {
      keep(() -> last);
    }
  }

  /**
   * Makes room for the model, where the checkpoints may be what fills the disk: the end of the run
   * is the only one that stays.
   *
   * @return whether there is more room now
   */
  public boolean makeRoom() {
    keepEnd();
    boolean isEndKept = end != null && roundsWritten == end.numbers().rounds();
    return folder != null && isEndKept && folder.keepLastAlone();
  }

  /** The work is done: nobody is to go on from here. */
  public void delete() {
    if (folder != null) {
      folder.delete();
      isKept = false;
    }
  }

  /** The file that the run goes on from; null if it is a new one. */
  @Nullable
  public String place() {
    return cutOff == null ? null : cutOff.place();
  }

  /** The BLAS that the run had until it was cut off; empty if that is not known. */
  public String blasBefore() {
    return cutOff == null ? "" : cutOff.origin().blas();
  }

  /** Where the run goes on; null if it is a new one. */
  @Nullable
  public Checkpoint checkpoint() {
    return cutOff == null ? null : cutOff.checkpoint();
  }

  /** The local steps that the run was begun with; null if it is a new one. */
  @Nullable
  public LocalSteps localSteps() {
    return cutOff == null ? null : new LocalSteps(cutOff.origin().localSteps());
  }

  /**
   * The rows are packed.
   *
   * @param rows those that the run trains on
   * @param fingerprint of the run, from {@code RunFingerprint}
   * @param blas is told of the BLAS of each JVM in the run
   * @throws InvalidInputException if the run that was cut off had others
   */
  public void started(
      long rows, long validationRows, Map<String, String> fingerprint, BlasOfRun blas) {
    origin = CheckpointFile.Origin.of(options, rows, validationRows, fingerprint);
    if (cutOff != null) {
      cutOff.checkOrigin(origin);
    }
    this.blas = blas;
    sinceLast = new Stopwatch(0);
  }

  /** The local steps of the run, measured or not. */
  public void localStepsChosen(LocalSteps steps) {
    origin = Objects.requireNonNull(origin).withLocalSteps(steps);
  }

  /**
   * Keeps the run as it is now, if that is due. A disk that is full does not end it: the next time
   * comes after the same interval.
   */
  public void saveIfDue(long rounds, Supplier<Checkpoint> state) {
    if (rounds == roundsOfLast || !isDue()) {
      return;
    }
    Stopwatch writing = new Stopwatch(0);
    try {
      write(state.get());
    } catch (Exception | FSError failed) { // a client of a file system may throw anything
      LOG.log(
          Logger.Level.WARNING,
          "{0}; the run goes on, with the checkpoint before it if there is one",
          line(failed));
    }
    roundsOfLast = rounds;
    lastTook = writing.seconds();
    sinceLast = new Stopwatch(0);
  }

  /** Keeps the run, which has failed or whose model cannot be written, whatever the interval. */
  public void keep(Supplier<Checkpoint> state) {
    boolean interrupted = Thread.interrupted(); // or a file system would refuse to write
    try {
      Checkpoint now = state.get();
      if (areKept() && now.numbers().rounds() != roundsWritten) {
        write(now);
      }
    } catch (Throwable failed) { // what has ended the run is what counts
      LOG.log(
          Logger.Level.WARNING,
          "The end of the run has no checkpoint of its own: {0}",
          line(failed));
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** The run is over, and its model is on the way. */
  public void ended(Checkpoint last) {
    end = last;
  }

  private void write(Checkpoint checkpoint) {
    if (folder != null && origin != null) {
      folder.write(
          checkpoint.numbers().rounds(),
          CheckpointFile.content(origin.withBlas(blas.name()), checkpoint));
      roundsWritten = checkpoint.numbers().rounds();
      isKept = true;
    }
  }

  private static String line(Throwable failed) {
    return failed instanceof InvalidInputException
        ? String.valueOf(failed.getMessage())
        : failed.toString();
  }

  private boolean isDue() {
    if (!areKept() || origin == null) {
      return false;
    }
    double least = seconds == 0 ? 0 : Math.max(seconds, lastTook / MAX_SHARE);
    return sinceLast.seconds() >= least;
  }
}
