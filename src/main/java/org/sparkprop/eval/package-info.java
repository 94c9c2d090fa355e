/**
 * How good a model is on rows that it has not seen.
 *
 * <p>An {@link org.sparkprop.eval.Evaluator} runs one Spark job over packed shards: forward only,
 * each row counted once in a {@link org.sparkprop.eval.ConfusionMatrix}, losses added in the order
 * of the shards. The {@link org.sparkprop.eval.Evaluation} that comes out becomes a {@link
 * org.sparkprop.eval.Report}, which is {@code report.json}, and which {@link
 * org.sparkprop.eval.ReportText} shows on the console.
 */
@NullMarked
package org.sparkprop.eval;

import org.jspecify.annotations.NullMarked;
