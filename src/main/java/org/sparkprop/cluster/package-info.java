/**
 * Instead of hanging, a run says in one line what it waits for.
 *
 * <p>A {@link org.sparkprop.cluster.Watchdog} listens to Spark for as long as a run lasts. Where
 * tasks are pending and none runs anywhere, its {@link org.sparkprop.cluster.Patience} decides when
 * to speak and when to give up, and a {@link org.sparkprop.cluster.Shortage} says what was asked
 * for, what is there and what to do. A task that runs on a live executor is progress, however long
 * it takes. {@link org.sparkprop.cluster.StandaloneMaster} is asked which resources there are,
 * where the cluster is a standalone one; {@link org.sparkprop.cluster.SparkStart} watches over the
 * start of Spark itself.
 *
 * <p>It uses {@code base} and {@code spark}; {@code cli} and the library use it. Begin with {@link
 * org.sparkprop.cluster.Watchdog}.
 */
@NullMarked
package org.sparkprop.cluster;

import org.jspecify.annotations.NullMarked;
