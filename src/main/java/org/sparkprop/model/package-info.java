/**
 * A trained network and its folder.
 *
 * <p>A {@link org.sparkprop.model.Model} is a network, its parameters and what must happen to rows
 * before it. {@link org.sparkprop.model.ModelFolder} writes it whole or not at all, and reads it
 * back with every size checked: {@code model.json} ({@link org.sparkprop.model.ModelDescription}),
 * {@code weights.safetensors} ({@link org.sparkprop.model.tensor.SafeTensors}) and {@code
 * history.jsonl} (one {@link org.sparkprop.model.EpochRecord} a line), which is a {@link
 * org.sparkprop.model.LiveHistory} beside the folder while the run goes on; a {@link
 * org.sparkprop.train.checkpoint.CheckpointFolder} there has the run itself. {@link
 * org.sparkprop.model.WarmStart} takes the first parameters of a run from such a folder, or from
 * tensors that others wrote ({@link org.sparkprop.model.tensor.SafeTensors}, {@link
 * org.sparkprop.model.tensor.Npz}), whose {@link org.sparkprop.model.LayerNames} say what belongs
 * to which layer. {@link org.sparkprop.spark.Storage} is how files reach any Hadoop file system: as
 * a draft that is renamed when it is whole. {@link org.sparkprop.model.Predictions} adds to a
 * Dataset what a model says of its rows, as its tasks are asked for them. A {@link
 * org.sparkprop.spark.FloatVector} is how parameters travel between driver and executors.
 *
 * <p>It uses {@code base}, {@code nn}, {@code spark}, {@code data} and its own {@code
 * model.tensor}; {@code eval}, {@code train}, {@code cli} and the library use it. Begin with {@link
 * org.sparkprop.model.ModelFolder}.
 */
@NullMarked
package org.sparkprop.model;

import org.jspecify.annotations.NullMarked;
