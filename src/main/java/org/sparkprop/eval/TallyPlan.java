package org.sparkprop.eval;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sparkprop.nn.Activation;
import org.sparkprop.nn.LayerSpec;
import org.sparkprop.nn.LearningTask;
import org.sparkprop.nn.Network;

/**
 * What is counted of rows: the same for all shards.
 *
 * @param last the activation of the last layer
 * @param width of the last layer
 * @param weighted whether rows have weights
 * @param resolution of the scores by which rows are ranked; null if they are not
 */
@DefaultSerializer(JavaSerializer.class)
record TallyPlan(
    LearningTask task,
    Activation last,
    int width,
    boolean weighted,
    @Nullable ScoreResolution resolution)
    implements Serializable {
  /**
   * Beyond so many orders of the rows each is so coarse, and all take so much memory and time, that
   * rows are not ranked.
   */
  static final int MAX_RANKINGS = 1 << 14;

  /** Whether rows can be ranked by so many outputs. */
  static boolean canRank(LearningTask task, int width) {
    return rankings(task, width) <= MAX_RANKINGS;
  }

  /**
   * @param ranked whether rows are ranked, if they can be
   * @param rows number of rows of all shards
   */
  static TallyPlan of(Network network, boolean weighted, boolean ranked, long rows) {
    List<LayerSpec> layers = network.topology().sizes();
    int width = network.topology().outputWidth();
    int rankings = rankings(network.task(), width);
    return new TallyPlan(
        network.task(),
        layers.get(layers.size() - 1).activation(),
        width,
        weighted,
        ranked && rankings > 0 && rankings <= MAX_RANKINGS
            ? ScoreResolution.of(rows, rankings)
            : null);
  }

  /** A tally for one shard. */
  Tally newTally(int rowsOfShard) {
    ScoreBuffer scores =
        resolution == null ? null : new ScoreBuffer(resolution, rankings(task, width), rowsOfShard);
    return switch (task) {
      case CLASSIFICATION -> new ClassTally(width, last, weighted, scores);
      case MULTI_LABEL -> new LabelTally(width, weighted, scores);
      case REGRESSION -> new TargetTally(width, weighted);
    };
  }

  /** Orders of the rows by a score: of two classes one, else one for each class or label. */
  private static int rankings(LearningTask task, int width) {
    return switch (task) {
      case CLASSIFICATION -> width <= 2 ? 1 : width;
      case MULTI_LABEL -> width;
      case REGRESSION -> 0;
    };
  }
}
