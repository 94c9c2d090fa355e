package org.sparkprop.model;

import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.sparkprop.data.Preprocessing;
import org.sparkprop.data.Preprocessing.FeatureType;
import org.sparkprop.data.Scaling;
import org.sparkprop.nn.Initializer;
import org.sparkprop.nn.LayerSpec;
import org.sparkprop.nn.Loss;
import org.sparkprop.nn.Network;
import org.sparkprop.nn.Topology;

/** A model of 26 parameters and two epochs, for tests of its files. */
final class SmallModel {
  static final List<EpochRecord> HISTORY =
      List.of(
          new EpochRecord(
              1, 10, 100, 0.5, Map.of("loss", 0.25, "accuracy", 0.75), 0.1, 2, 50, true),
          new EpochRecord(2, 20, 100, Double.NaN, Map.of("loss", 0.2), 0.1, 2, 50, true));

  private SmallModel() {}

  static Model of(long seed) {
    Topology topology = Topology.of(3, LayerSpec.parseList("4 gelu, 2 softmax"));
    return new Model(
        new Network(topology, Loss.SOFTMAX_CROSS_ENTROPY),
        Preprocessing.raw(FeatureType.FLOAT)
            .withFeatureScaling(Scaling.of(List.of(0.1, -2.5, 1e10), List.of(1 / 3.0, 1e-7, 2e20))),
        List.of("no", "yes, \"é\" 🙂"),
        new Initializer(Initializer.Kind.UNIFORM, 1).parameters(topology, seed));
  }

  static void write(String folder, Configuration hadoop, long seed, boolean overwrite) {
    write(new ModelFolder(folder, hadoop), seed, overwrite);
  }

  static void write(ModelFolder folder, long seed, boolean overwrite) {
    Model model = of(seed);
    BlasOfRun blas = new BlasOfRun();
    blas.add(new BlasOfJvm(BlasOfJvm.DRIVER, "b", ""));
    ModelDescription description =
        ModelDescription.of(
            model,
            100,
            2,
            "all epochs completed",
            seed,
            Map.of("epochs", "2"),
            Map.of("java", "17", "sparkprop", "0.7"),
            blas);
    folder.write(model, description, HISTORY, overwrite);
  }

  /** The seed of the model in a folder, all of which has been read and checked. */
  static long seedOf(String folder, Configuration hadoop) {
    ModelFolder place = new ModelFolder(folder, hadoop);
    ModelFolder.Saved saved = place.read();
    List<EpochRecord> history = place.readHistory();
    if (!history.isEmpty() && !history.equals(HISTORY)) {
      throw new AssertionError("another history: " + history);
    }
    return saved.description().seed();
  }
}
