/**
 * Matrix products, with the BLAS that a host has.
 *
 * <p>{@link org.sparkprop.nn.blas.Blas} is the only class that multiplies: with the OpenBLAS that
 * the jar brings along ({@link org.sparkprop.nn.blas.OpenBlas}), with an installed one, or in Java,
 * as {@link org.sparkprop.nn.blas.BlasChoice} says. {@link org.sparkprop.nn.blas.NetlibLoader}
 * loads a private copy of netlib, in a class loader of its own; {@link
 * org.sparkprop.nn.blas.NativeFolder}, {@link org.sparkprop.nn.blas.SharedLibrary} and {@link
 * org.sparkprop.nn.blas.Libc} bring native code into this process.
 *
 * <p>It uses {@code base} alone; {@code nn} computes through it, and whoever starts Spark chooses
 * it. Begin with {@link org.sparkprop.nn.blas.Blas}.
 */
@NullMarked
package org.sparkprop.nn.blas;

import org.jspecify.annotations.NullMarked;
