/**
 * The ground: words, errors and random numbers that every room uses.
 *
 * <p>{@link org.sparkprop.base.InvalidInputException} is how a user's input is refused, in one line
 * that is the whole story; {@link org.sparkprop.base.GaveUpException} is its kind for a cluster
 * that has nothing to give. {@link org.sparkprop.base.RandomStream} makes all the randomness there
 * is, {@link org.sparkprop.base.Nearest} knows what a misspelt word was meant to be, {@link
 * org.sparkprop.base.NameList} reads and writes names of columns, {@link
 * org.sparkprop.base.Secrets} masks passwords, and {@link org.sparkprop.base.Caller} says an advice
 * in the words of the command line or of the library.
 *
 * <p>Every room may use this one; it uses none, and neither Spark nor files. Begin with {@link
 * org.sparkprop.base.InvalidInputException}.
 */
@NullMarked
package org.sparkprop.base;

import org.jspecify.annotations.NullMarked;
