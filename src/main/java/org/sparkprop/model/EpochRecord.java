package org.sparkprop.model;

import org.jspecify.annotations.Nullable;

/**
 * What was measured in one epoch: a line of {@code history.jsonl}.
 *
 * @param epoch from 1
 * @param rounds updates so far, over all epochs
 * @param rows rows trained on in this epoch
 * @param loss mean training loss, each row's with the parameters of its round
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
