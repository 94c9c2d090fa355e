/**
 * What a machine or a cluster can do for one network: {@link org.sparkprop.bench.Benchmark}
 * measures the floor (a matrix product, an empty Spark job), the kernel alone, and whole training
 * runs, and says what limits them.
 *
 * <p>Only {@code cli} uses it. Begin with {@link org.sparkprop.bench.Benchmark}.
 */
@NullMarked
package org.sparkprop.bench;

import org.jspecify.annotations.NullMarked;
