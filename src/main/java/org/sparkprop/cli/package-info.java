/**
 * The commands and what they print. {@link org.sparkprop.cli.Main} picks the command, turns every
 * failure into one line ({@link org.sparkprop.cli.Failure}) and an exit status, and is the only
 * class that ends the JVM.
 *
 * <p>The options of {@code train} are the settings of {@code train.options}, which {@code
 * SettingArguments} makes into options of the command line, and those of rows and files, which have
 * classes here ({@code DataArgument}, {@code CheckpointArguments}, …). A wrong value is refused by
 * the {@link org.sparkprop.train.options.Form} of its setting or by that class, values that do not
 * go together by {@link org.sparkprop.train.options.TrainingOptions}. A new command is a class
 * beside {@code EvaluateCommand} and its name in {@link org.sparkprop.cli.Main}. It may use every
 * room, and none uses it. Begin with {@link org.sparkprop.cli.TrainCommand}.
 */
@NullMarked
package org.sparkprop.cli;

import org.jspecify.annotations.NullMarked;
