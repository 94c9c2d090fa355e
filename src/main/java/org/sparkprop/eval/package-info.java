/**
 * How good a model is on rows that it has not seen.
 *
 * <p>An {@link org.sparkprop.eval.Evaluator} runs one Spark job over packed shards: forward only,
 * each row counted once, by a {@code Tally} of the network's task. The tallies of shards meet in a
 * {@link org.sparkprop.data.ShardTree}, so that the figures have the same bits for any number of
 * partitions. For the areas under curves, rows are ranked by their scores: {@code ScoreCounts}.
 *
 * <p>The {@link org.sparkprop.eval.Evaluation} that comes out has the figures, by {@link
 * org.sparkprop.eval.Metric}, both unweighted and weighted. It becomes a {@link
 * org.sparkprop.eval.Report}, which is {@code report.json}, and which {@link
 * org.sparkprop.eval.ReportText} shows on the console.
 *
 * <p>It uses {@code base}, {@code nn}, {@code spark}, {@code data} and {@code model}; {@code
 * train}, {@code cli} and the library use it. Begin with {@link org.sparkprop.eval.Evaluator}.
 */
@NullMarked
package org.sparkprop.eval;

import org.jspecify.annotations.NullMarked;
