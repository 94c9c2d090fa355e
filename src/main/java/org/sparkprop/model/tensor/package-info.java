/**
 * Files of arrays: safetensors, and NumPy's npy and npz.
 *
 * <p>{@link org.sparkprop.model.tensor.SafeTensors} reads and writes, {@link
 * org.sparkprop.model.tensor.Npz} reads; a {@link org.sparkprop.model.tensor.Tensor} is what comes
 * out, of a {@link org.sparkprop.model.tensor.NumberType}. Every size is checked before anything is
 * made of it, and a {@link org.sparkprop.model.tensor.Checksum} finds a flipped bit.
 *
 * <p>It uses {@code base} and {@code nn}; {@code model} and {@code train.checkpoint} use it. Begin
 * with {@link org.sparkprop.model.tensor.SafeTensors}.
 */
@NullMarked
package org.sparkprop.model.tensor;

import org.jspecify.annotations.NullMarked;
