/**
 * For an application: {@link org.sparkprop.NeuralNetwork} fits a Dataset, and {@link
 * org.sparkprop.NeuralNetworkModel} predicts, is evaluated, saved and loaded. They may use every
 * package but the commands, and no package but those uses them.
 *
 * <p>And the map of sparkprop: what happens to a row, from its file to the report.
 *
 * <p><b>{@link org.sparkprop.cli}</b>: {@link org.sparkprop.cli.Main} picks the command. {@code
 * TrainCommand} reads the options, {@code EvaluateCommand} does the last step alone.
 *
 * <p><b>{@link org.sparkprop.data}</b>: {@link org.sparkprop.data.source.RowSource} finds the rows
 * that {@code --data} names; {@link org.sparkprop.data.source.idx.IdxSource} reads IDX files as a
 * Spark data source, so that they are a {@code Dataset<Row>} with {@code row}, {@code features} and
 * {@code label}. {@link org.sparkprop.data.Shards} checks every row, packs the rows into {@link
 * org.sparkprop.data.Shard}s by number and seed, and caches these on the executors. {@link
 * org.sparkprop.data.ShardPlan} says which rows are held out.
 *
 * <p><b>{@link org.sparkprop.train}</b>: {@link org.sparkprop.train.Training} is a whole run. In it
 * {@code Trainer} is the loop: round after round it asks {@code RoundRunner} for sums and lets the
 * {@code Algorithm} update the parameters. {@code GradientAveraging} sums the gradients of one
 * batch, whose rows its {@code BatchSchedule} names; in {@code LocalSgd} workers go several steps
 * on their own. {@code SparkRoundRunner} is where the sums come from: the parameters are broadcast,
 * each task computes on its shards, and the sums meet in a fixed {@code ReductionTree}. {@link
 * org.sparkprop.train.checkpoint.Checkpointer} keeps a run, so that it can go on.
 *
 * <p><b>{@link org.sparkprop.nn}</b>: for a slice, {@link org.sparkprop.nn.Network} runs forward,
 * {@link org.sparkprop.nn.Loss} and backward through {@link org.sparkprop.nn.DenseLayer}s, in the
 * buffers of a {@link org.sparkprop.nn.Workspace}; {@link org.sparkprop.nn.blas.Blas} multiplies.
 *
 * <p><b>{@link org.sparkprop.optim}</b>: an {@link org.sparkprop.optim.Optimizer} turns the mean
 * gradient into new parameters, by an {@link org.sparkprop.optim.UpdateRule}, a {@link
 * org.sparkprop.optim.Regularization} and the rate of a {@link
 * org.sparkprop.optim.LearningRateSchedule}.
 *
 * <p><b>{@link org.sparkprop.model}</b>: a {@link org.sparkprop.model.Model} is what comes out;
 * {@link org.sparkprop.model.ModelFolder} writes it and reads it back, {@link
 * org.sparkprop.model.Predictions} adds to rows what it says of them.
 *
 * <p><b>{@link org.sparkprop.eval}</b>: {@link org.sparkprop.eval.EvaluationJob} counts every row
 * of the part that was kept aside; the {@link org.sparkprop.eval.Report} is the last step.
 *
 * <p><b>{@link org.sparkprop.bench}</b>: {@link org.sparkprop.bench.Benchmark} measures all this,
 * and says what limits it.
 *
 * <p>Everywhere: shapes are row-major, losses and gradients are sums until the driver divides them
 * once, and {@code parameters -= rate * gradient}.
 */
@NullMarked
package org.sparkprop;

import org.jspecify.annotations.NullMarked;
