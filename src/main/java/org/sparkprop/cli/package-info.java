/**
 * The commands and what they print. {@link org.sparkprop.cli.Main} picks the command, turns every
 * failure into one line ({@link org.sparkprop.cli.Failure}) and an exit status, and is the only
 * class that ends the JVM.
 */
@NullMarked
package org.sparkprop.cli;

import org.jspecify.annotations.NullMarked;
