package org.sparkprop.train.options;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.sparkprop.base.Words;
import org.sparkprop.nn.Activation;
import org.sparkprop.nn.Dropout;
import org.sparkprop.nn.GaussianNoise;
import org.sparkprop.nn.Initializer;
import org.sparkprop.nn.LayerSpec;
import org.sparkprop.nn.LearningTask;
import org.sparkprop.nn.Loss;
import org.sparkprop.train.options.Setting.Group;

/** Every setting of a run but {@code --validation}, which names rows. */
public final class Settings {
  private static final int MAX = 1_000_000;
  private static final String AUTO = "auto";

  public static final Setting<List<LayerSpec>> LAYERS =
      Setting.named(
              "layers", Group.NETWORK, new Form<>("LIST", LayerSpec::parseList, LayerSpec::format))
          .meaning(
              "Hidden layers and the output layer, each a number of units and an activation: %s; linear where none is named, softmax only at the end."
                  .formatted(either(List.of(Activation.values()), Activation::word)))
          .example("128 relu, 10 softmax")
          .required();

  public static final Setting<LearningTask> TASK =
      Setting.named("task", Group.NETWORK, new Form<>("TASK", LearningTask::of, LearningTask::word))
          .meaning(either(List.of(LearningTask.values()), LearningTask::word) + ".")
          .example("multi-label")
          .orElse(
              "classification for softmax and sigmoid, regression for every other output layer",
              options -> LearningTask.defaultFor(options.lastActivation()));

  public static final Setting<Loss> LOSS =
      Setting.named("loss", Group.NETWORK, new Form<>("LOSS", Settings::loss, Loss::word))
          .meaning(either(Loss.ALL, Loss::word) + ".")
          .example("huber")
          .orElse(
              "the one of the output layer's probabilities or rates, else squared-error",
              options -> Loss.defaultFor(options.lastActivation()));

  public static final Setting<Double> HUBER_DELTA =
      Setting.named(
              "huber-delta",
              Group.NETWORK,
              new Form<>(
                  "NUMBER",
                  text -> Loss.HUBER.withDelta(Form.parseNumber("huber delta", text)).huberDelta(),
                  delta -> Double.toString(delta)))
          .meaning(
              "With --loss huber: the error from which the loss is linear, in the units in which targets are learnt.")
          .example("1.35")
          .orElse(1.0);

  public static final Setting<Double> INPUT_NOISE =
      Setting.named(
              "input-noise",
              Group.PERTURBATION,
              new Form<>(
                  "STDDEV",
                  text -> new GaussianNoise(Form.parseNumber("input noise", text)).deviation(),
                  deviation -> Double.toString(deviation)))
          .meaning(
              "Standard deviation of the Gaussian noise added to each feature in training, in the units that the network sees.")
          .example("0.3")
          .orElse(0.0);

  public static final Setting<Double> INPUT_DROPOUT =
      Setting.named(
              "input-dropout",
              Group.PERTURBATION,
              Form.number("RATE", "input dropout", rate -> rate >= 0 && rate < 1, ">= 0 and < 1"))
          .meaning("Fraction of the features to drop, of each row in training.")
          .example("0.2")
          .orElse(0.0);

  public static final Setting<List<Double>> DROPOUT =
      Setting.named(
              "dropout",
              Group.PERTURBATION,
              new Form<>(
                  "RATES", Dropout::parseRates, rates -> new Dropout(0, rates).hiddenWords()))
          .meaning(
              "Fraction of the hidden units to drop, of each row in training: 0.5, or one for each layer: \"0.2, 0.5\".")
          .example("0.2, 0.5")
          .orElse(List.of());

  public static final Setting<Double> LABEL_SMOOTHING =
      Setting.named(
              "label-smoothing",
              Group.PERTURBATION,
              Form.number(
                  "FRACTION", "label smoothing", share -> share >= 0 && share < 1, ">= 0 and < 1"))
          .meaning(
              "Fraction of each label that is spread over all classes, in training with a cross-entropy.")
          .example("0.1")
          .orElse(0.0);

  public static final Setting<ClassWeighting> CLASS_WEIGHTS =
      Setting.named(
              "class-weights",
              Group.NETWORK,
              new Form<>("WEIGHTS", ClassWeighting::parse, ClassWeighting::toString))
          .meaning(
              "Weight of the rows of each class: none, balanced (all classes the same in total), or a number for each class: \"1, 20\".")
          .example("balanced")
          .orElse(ClassWeighting.NONE);

  public static final Setting<FeatureUnits> FEATURE_UNITS =
      Setting.named(
              "feature-units",
              Group.NETWORK,
              new Form<>("UNITS", FeatureUnits::of, FeatureUnits::word))
          .meaning(
              "Units in which the network sees features: raw (bytes as 0 to 1), or standard: standard deviations from the mean of the training rows, of each feature; of all together where they are bytes, as in images.")
          .example("standard")
          .orElse(FeatureUnits.RAW);

  public static final Setting<TargetUnits> TARGET_UNITS =
      Setting.named(
              "target-units",
              Group.NETWORK,
              new Form<>("UNITS", TargetUnits::of, TargetUnits::word))
          .meaning(
              "Units in which a regression learns its targets: standard (standard deviations from the mean), raw, or auto: standard for a linear output layer. Predictions and metrics are in the units of the rows.")
          .example("raw")
          .orElse(TargetUnits.AUTO);

  public static final Setting<Initializer> INIT =
      Setting.named(
              "init", Group.NETWORK, new Form<>("KIND", Initializer::parse, Initializer::toString))
          .meaning("Initial weights: auto, glorot, he, lecun, uniform(0.5), normal(0.1).")
          .example("he")
          .orElse(
              "auto, which is he for layers that rectify, lecun for selu and glorot for the others",
              options -> Initializer.AUTO);

  public static final Setting<Integer> EPOCHS =
      Setting.named("epochs", Group.OPTIMIZER, Form.count("N", "epochs", MAX))
          .meaning("Number of passes over all training rows.")
          .example("30")
          .orElse(10);

  public static final Setting<Long> BATCH_SIZE =
      Setting.named(
              "batch-size", Group.OPTIMIZER, Form.longCount("ROWS", "batch size", Long.MAX_VALUE))
          .meaning("Number of rows per update; more than there are means all.")
          .example("1024")
          .onlyIf(options -> !options.isFullBatch())
          .orElse(
              TrainingOptions.BATCH_SIZE + ", and all rows with --optimizer lbfgs",
              options ->
                  options.isFullBatch() ? TrainingOptions.ALL_ROWS : TrainingOptions.BATCH_SIZE);

  public static final Setting<Integer> SLICE_SIZE =
      Setting.named("slice-size", Group.ROUNDS, Form.count("ROWS", "slice size", MAX))
          .meaning("Maximum number of rows per gradient computation. Affects the bits of a result.")
          .example("128")
          .orElse(
              "what suits the batch, at most " + TrainingOptions.MAX_DEFAULT_SLICE,
              options -> TrainingOptions.defaultSlice(options.batchSize()));

  public static final Setting<LocalSteps> LOCAL_STEPS =
      Setting.named(
              "local-steps", Group.ROUNDS, new Form<>("N", LocalSteps::parse, LocalSteps::toString))
          .meaning(
              "Number of steps that a worker takes between two rounds: a number, epoch, or auto to measure what pays. 1 is gradient averaging.")
          .example("8")
          .orElse(LocalSteps.ONE);

  public static final Setting<Integer> WORKERS =
      Setting.named("workers", Group.ROUNDS, Form.count("N", "number of workers", MAX))
          .meaning(
              "With local steps: number of groups of shards that train on their own between two rounds. Affects the bits of a result.")
          .example("4")
          .orElse(1);

  public static final Setting<ReductionPlace> REDUCTION =
      Setting.named(
              "reduction",
              Group.ROUNDS,
              new Form<>("PLACE", ReductionPlace::of, ReductionPlace::word))
          .meaning(
              "Where the sums of a round meet: driver, executors (one shuffle more; for large models on many executors), or auto. Does not affect results.")
          .example("executors")
          .orElse(ReductionPlace.AUTO);

  public static final Setting<Optional<Integer>> SHARDS =
      Setting.named("shards", Group.ROUNDS, orAuto("number of shards", 100 * MAX))
          .meaning("Number of groups that the rows are packed into. Affects the bits of a result.")
          .example("64")
          .orElse("about 1024 rows each", options -> Optional.empty());

  public static final Setting<Optional<Integer>> PARTITIONS =
      Setting.named("partitions", Group.ROUNDS, orAuto("number of partitions", MAX))
          .meaning("Number of Spark partitions that hold the shards. Does not affect results.")
          .example("8")
          .orElse("one per core", options -> Optional.empty());

  public static final Setting<Long> SEED =
      Setting.named(
              "seed",
              Group.NETWORK,
              new Form<>("N", text -> Form.parseWhole("seed", text), seed -> Long.toString(seed)))
          .meaning("Random seed for initial weights, the validation split and shuffling.")
          .example("2")
          .orElse(1L);

  private static final List<Setting<?>> OF_NETWORK =
      List.of(
          LAYERS,
          TASK,
          LOSS,
          HUBER_DELTA,
          FEATURE_UNITS,
          TARGET_UNITS,
          CLASS_WEIGHTS,
          INIT,
          SEED,
          EPOCHS,
          BATCH_SIZE,
          INPUT_NOISE,
          INPUT_DROPOUT,
          DROPOUT,
          LABEL_SMOOTHING,
          LOCAL_STEPS,
          WORKERS,
          SHARDS,
          SLICE_SIZE,
          PARTITIONS,
          REDUCTION);

  /** All settings, in the order of the help and of {@code model.json}. */
  public static final List<Setting<?>> ALL =
      Stream.of(OF_NETWORK, StepSettings.ALL, StoppingSettings.ALL).flatMap(List::stream).toList();

  /** What a round does: the settings that a benchmark has, too. */
  public static final List<Setting<?>> OF_ROUNDS =
      Stream.concat(
              Stream.of(BATCH_SIZE, LOCAL_STEPS, WORKERS, SLICE_SIZE, REDUCTION),
              StepSettings.ALL.stream())
          .toList();

  private Settings() {}

  /**
   * How the default of a setting is written, where it is the same for all runs; {@code none} of
   * every other option.
   */
  public static String defaultText(String name) {
    return ALL.stream()
        .filter(setting -> setting.name().equals(name) && setting.hasOneDefault())
        .map(Setting::defaultText)
        .findFirst()
        .orElse("none");
  }

  private static Form<Optional<Integer>> orAuto(String what, int most) {
    return Form.optional(Form.count("N", what, most), AUTO);
  }

  private static Loss loss(String word) {
    Loss loss = Loss.of(word);
    if (loss.huberDelta() != 1) {
      throw new IllegalArgumentException(
          "Invalid loss: %s (give huber, and --huber-delta %s)"
              .formatted(word.trim(), loss.huberDelta()));
    }
    return loss;
  }

  private static <E> String either(List<E> values, Function<E, String> word) {
    return Words.either(values.stream().map(word).toList());
  }
}
