/**
 * The foundation: words, errors and random numbers that every package (a room, on these pages)
 * uses.
 *
 * <p>{@link org.sparkprop.base.InvalidInputException} is thrown when what a user gave is invalid,
 * with a message of one line that is complete; {@link org.sparkprop.base.GaveUpException} is its
 * subclass for a cluster without free resources. {@link org.sparkprop.base.RandomStream} makes all
 * the randomness there is, {@link org.sparkprop.base.Nearest} knows what a misspelt word was meant
 * to be, {@link org.sparkprop.base.NameList} reads and writes names of columns, {@link
 * org.sparkprop.base.Secrets} masks passwords, and {@link org.sparkprop.base.Caller} words a piece
 * of advice for the command line or for the library.
 *
 * <p>Every room may use this one; it uses none, and neither Spark nor files. Begin with {@link
 * org.sparkprop.base.InvalidInputException}.
 */
@NullMarked
package org.sparkprop.base;

import org.jspecify.annotations.NullMarked;
