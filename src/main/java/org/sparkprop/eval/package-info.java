/**
 * How good a model is on rows that it has not seen.
 *
 * <p>An {@link org.sparkprop.eval.Evaluator} runs one Spark job over packed shards: forward only,
 * each row counted once, by a {@code Tally} of the network's task, into {@code Figures}: sums over
 * the rows. The tallies of shards meet in a {@link org.sparkprop.data.ShardTree}, so that the sums
 * have the same bits for any number of partitions. For the areas under curves, rows are ranked by
 * their scores: {@code ScoreCounts}.
 *
 * <p>The {@link org.sparkprop.eval.Evaluation} that comes out has the metrics, both unweighted and
 * weighted. Each {@link org.sparkprop.eval.Metric} is declared once, with its {@code Formula} of
 * the sums for each task that has it; what monitors, records and reports metrics goes by that
 * declaration, so that another metric is one constant and, where the sums do not have it yet, one
 * method beside them.
 *
 * <p>An evaluation becomes a {@link org.sparkprop.eval.Report}, which writes itself as {@code
 * report.json} into the {@link org.sparkprop.model.ModelFolder}, and which {@link
 * org.sparkprop.eval.ReportText} shows on the console. Applications import the reports from here;
 * another form of them would begin a room {@code eval.report}, into which {@link
 * org.sparkprop.eval.EvaluationJob} would move with them, since it makes them.
 *
 * <p>It uses {@code base}, {@code nn}, {@code spark}, {@code data} and {@code model}; {@code
 * train}, {@code cli} and the library use it. Begin with {@link org.sparkprop.eval.Evaluator}.
 */
@NullMarked
package org.sparkprop.eval;

import org.jspecify.annotations.NullMarked;
