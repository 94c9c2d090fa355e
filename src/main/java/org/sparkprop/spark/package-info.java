/**
 * Thin helpers over Spark and Hadoop: jobs, files and rows as they are stored.
 *
 * <p>{@link org.sparkprop.spark.JobDescription} names the jobs of a piece of work and turns what
 * they throw into our exceptions ({@link org.sparkprop.spark.JobFailure}); {@link
 * org.sparkprop.spark.LostExecutors} repeats work that was lost with an executor. {@link
 * org.sparkprop.spark.ScopedBroadcast} is a broadcast for the time of a {@code try}, {@link
 * org.sparkprop.spark.FloatVector} how parameters travel, {@link org.sparkprop.spark.InternalRows}
 * rows without a copy. {@link org.sparkprop.spark.Storage} writes a file whole or not at all on any
 * Hadoop file system; a {@link org.sparkprop.spark.FolderLock} keeps two runs out of one folder;
 * {@link org.sparkprop.spark.PlainFile} refuses what is no regular file.
 *
 * <p>It uses {@code base} alone; rooms that touch Spark or files use it. Begin with {@link
 * org.sparkprop.spark.JobDescription} and {@link org.sparkprop.spark.Storage}.
 */
@NullMarked
package org.sparkprop.spark;

import org.jspecify.annotations.NullMarked;
