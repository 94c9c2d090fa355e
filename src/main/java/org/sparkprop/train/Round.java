package org.sparkprop.train;

import java.io.Serializable;

/**
 * What is done between one broadcast and one update: steps {@code first} to below {@code first +
 * steps} of an epoch, counted from 0.
 *
 * @param epoch from 1
 */
record Round(int epoch, long first, long steps) implements Serializable {}
