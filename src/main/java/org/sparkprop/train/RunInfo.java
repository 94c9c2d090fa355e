package org.sparkprop.train;

import org.sparkprop.nn.Network;
import org.sparkprop.train.options.TrainingOptions;

/**
 * What a run is about to work on.
 *
 * @param rows rows that are trained on
 * @param validationRows rows held out
 * @param shards groups that the training rows are packed into
 * @param rowBytes of one packed row
 * @param bytes of all packed rows
 * @param bytesOnDisk of them, since memory has no room for them
 */
public record RunInfo(
    Network network,
    TrainingOptions options,
    long rows,
    long validationRows,
    int shards,
    long rowBytes,
    long bytes,
    long bytesOnDisk) {
  /** Gradients that a thread holds at a time: one to compute, one to add it to. */
  private static final long GRADIENTS = 2;

  /** Bytes that each thread of a task computes in, about: a slice's buffers and the gradients. */
  public long bufferBytes() {
    return network.workspaceBytes(options.sliceSize())
        + GRADIENTS * Float.BYTES * network.topology().parameterCount();
  }
}
