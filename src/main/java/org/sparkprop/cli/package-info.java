/**
 * The commands and what they print. {@link org.sparkprop.cli.Main} picks the command, turns every
 * failure into one line ({@link org.sparkprop.cli.Failure}) and an exit status, and is the only
 * class that ends the JVM.
 *
 * <p>It may use every room, and none uses it. Begin with {@link org.sparkprop.cli.TrainCommand}.
 */
@NullMarked
package org.sparkprop.cli;

import org.jspecify.annotations.NullMarked;
