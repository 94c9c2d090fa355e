/**
 * The network's mathematics on one slice of rows: no Spark, no files, no clock.
 *
 * <p>A {@link org.sparkprop.nn.Topology} is a list of {@link org.sparkprop.nn.DenseLayer}s; a layer
 * is its shape, its {@link org.sparkprop.nn.Activation} and the place of its weights in <em>one
 * flat array of parameters</em>. A {@link org.sparkprop.nn.Network} adds the {@link
 * org.sparkprop.nn.Loss} and runs forward and backward over the rows in a {@link
 * org.sparkprop.nn.Workspace}, which owns every buffer. {@link org.sparkprop.nn.blas.Blas} is the
 * only class that calls a BLAS, the one of a {@link org.sparkprop.nn.blas.BlasChoice} ({@link
 * org.sparkprop.nn.blas.OpenBlas} brings one along, and {@link org.sparkprop.nn.blas.NetlibLoader}
 * a private copy of netlib); {@link org.sparkprop.nn.Initializer} makes the first parameters and
 * {@link org.sparkprop.base.RandomStream} all the randomness there is.
 *
 * <p>Everything is row-major, as PyTorch keeps it: X (rows, in), W (out, in), b (out), Y = X W' + b
 * (rows, out). {@code dX} is the gradient of the loss with respect to X. Losses and gradients are
 * <em>sums</em> over rows; whoever wants a mean divides once, at the end.
 *
 * <p>It uses {@code base} and {@code nn.blas}; every room above uses it. Begin with {@link
 * org.sparkprop.nn.Network}.
 */
@NullMarked
package org.sparkprop.nn;

import org.jspecify.annotations.NullMarked;
