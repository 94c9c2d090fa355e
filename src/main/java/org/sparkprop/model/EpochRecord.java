package org.sparkprop.model;

import org.jspecify.annotations.Nullable;

/**
 * What was measured in one epoch: a line of {@code history.jsonl}.
 *
 * @param epoch from 1
 * @param rounds so far, over all epochs
 * @param rows that the rounds of this epoch used
 * @param loss mean training loss, each row's with the parameters of its round; with L-BFGS, with
 *     those after the epoch
 * @param validationLoss mean loss of the rows held out, after the epoch; null where there are none
 * @param validationAccuracy their accuracy, from 0 to 1
 * @param learningRate of the last step
 * @param seconds for the training alone, without the validation
 */
public record EpochRecord(
    int epoch,
    long rounds,
    long rows,
    double loss,
    @Nullable Double validationLoss,
    @Nullable Double validationAccuracy,
    double learningRate,
    double seconds,
    double rowsPerSecond) {}
