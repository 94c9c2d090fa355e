package org.sparkprop.model;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.List;
import java.util.Map;
import org.sparkprop.data.ClassWeights;
import org.sparkprop.data.Offsets;
import org.sparkprop.data.Preprocessing;
import org.sparkprop.data.Preprocessing.FeatureType;
import org.sparkprop.data.Scaling;
import org.sparkprop.data.Shards;
import org.sparkprop.data.source.column.TableFacts;
import org.sparkprop.nn.Activation;
import org.sparkprop.nn.LayerSpec;
import org.sparkprop.nn.LearningTask;
import org.sparkprop.nn.Loss;
import org.sparkprop.nn.Network;
import org.sparkprop.nn.Topology;

/**
 * The content of {@code model.json}: what the weights mean, and where they come from.
 *
 * @param format version of this file's form
 * @param inputs number of features
 * @param features columns of the table that they came from, in order; empty if there were none
 * @param featureWidths numbers that each of them has in a row
 * @param notes what was left out of the table, moved or doubtful, a sentence each
 * @param rows rows that the model was trained on
 * @param dataFingerprint tells those rows from others, whatever their order; empty where older
 *     versions have written it
 * @param epoch after which it had these weights
 * @param ending why the run ended, in words
 * @param options every option of the training run
 * @param versions of sparkprop, Spark and Java
 * @param blas what the rows were multiplied with; every name, if there were several
 * @param blasOf the same of each JVM that multiplied; empty where older versions have written it
 */
public record ModelDescription(
    int format,
    int inputs,
    List<LayerDescription> layers,
    String task,
    String loss,
    PreprocessingDescription preprocessing,
    List<String> features,
    @JsonSetter(nulls = Nulls.AS_EMPTY) List<Integer> featureWidths,
    @JsonSetter(nulls = Nulls.AS_EMPTY) List<String> notes,
    List<String> labels,
    long rows,
    @JsonSetter(nulls = Nulls.AS_EMPTY) String dataFingerprint,
    int epoch,
    String ending,
    long seed,
    Map<String, String> options,
    Map<String, String> versions,
    String blas,
    @JsonSetter(nulls = Nulls.AS_EMPTY) List<BlasOfJvm> blasOf) {
  static final int FORMAT = 3;
  private static final int MAX_LAYERS = 10_000;

  /** One layer of the list. */
  public record LayerDescription(int width, String activation) {}

  /**
   * {@link Preprocessing} in words; lists are empty where there is nothing to do. Bytes have one
   * mean and scale for all features. Offsets are taken from numbers before they become floats.
   */
  public record PreprocessingDescription(
      String features,
      float scale,
      List<Double> featureMean,
      List<Double> featureScale,
      List<Double> targetMean,
      List<Double> targetScale,
      List<Double> classWeights,
      @JsonSetter(nulls = Nulls.AS_EMPTY) List<Double> featureOffset,
      @JsonSetter(nulls = Nulls.AS_EMPTY) List<Double> targetOffset) {}

  /** Describes a model and the run that made it. */
  public static ModelDescription of(
      Model model,
      long rows,
      int epoch,
      String ending,
      long seed,
      Map<String, String> options,
      Map<String, String> versions,
      BlasOfRun blas) {
    Topology topology = model.network().topology();
    return new ModelDescription(
        FORMAT,
        topology.inputWidth(),
        topology.sizes().stream()
            .map(size -> new LayerDescription(size.width(), size.activation().word()))
            .toList(),
        model.network().task().word(),
        model.network().loss().word(),
        describe(model.preprocessing()),
        List.of(),
        List.of(),
        List.of(),
        model.labels(),
        rows,
        "",
        epoch,
        ending,
        seed,
        options,
        versions,
        blas.name(),
        blas.jvms());
  }

  /** The same for rows of a table. */
  public ModelDescription withTable(TableFacts table) {
    return new ModelDescription(
        format,
        inputs,
        layers,
        task,
        loss,
        preprocessing,
        table.features(),
        table.widths(),
        table.notes(),
        labels,
        rows,
        dataFingerprint,
        epoch,
        ending,
        seed,
        options,
        versions,
        blas,
        blasOf);
  }

  /**
   * The same for rows that this tells from others.
   *
   * @param fingerprint from {@link Shards#rowsFingerprint}
   */
  public ModelDescription withDataFingerprint(String fingerprint) {
    return new ModelDescription(
        format,
        inputs,
        layers,
        task,
        loss,
        preprocessing,
        features,
        featureWidths,
        notes,
        labels,
        rows,
        fingerprint,
        epoch,
        ending,
        seed,
        options,
        versions,
        blas,
        blasOf);
  }

  /** What is to be remembered of the table that the model was trained on. */
  public TableFacts table() {
    return new TableFacts(features, featureWidths, offsets(), notes);
  }

  private Offsets offsets() {
    return new Offsets(preprocessing.featureOffset(), preprocessing.targetOffset());
  }

  private static PreprocessingDescription describe(Preprocessing preprocessing) {
    return new PreprocessingDescription(
        preprocessing.features().word(),
        preprocessing.scale(),
        preprocessing.featureScaling().mean(),
        preprocessing.featureScaling().scale(),
        preprocessing.targetScaling().mean(),
        preprocessing.targetScaling().scale(),
        preprocessing.classWeights().toList(),
        preprocessing.offsets().features(),
        preprocessing.offsets().targets());
  }

  /**
   * The network that is described.
   *
   * @throws IllegalArgumentException if the description makes no sense
   */
  Network network() {
    if (layers.size() > MAX_LAYERS) {
      throw new IllegalArgumentException(
          "Invalid layers: %d (must be at most %d)".formatted(layers.size(), MAX_LAYERS));
    }
    if (rows < 0 || epoch < 0) {
      throw new IllegalArgumentException(
          "Invalid training: %d rows, epoch %d (must be >= 0)".formatted(rows, epoch));
    }
    List<LayerSpec> sizes =
        layers.stream()
            .map(layer -> new LayerSpec(layer.width(), Activation.of(layer.activation())))
            .toList();
    return new Network(Topology.of(inputs, sizes), Loss.of(loss), LearningTask.of(task));
  }

  Preprocessing toPreprocessing() {
    return new Preprocessing(
        FeatureType.of(preprocessing.features()),
        preprocessing.scale(),
        Scaling.of(preprocessing.featureMean(), preprocessing.featureScale()),
        Scaling.of(preprocessing.targetMean(), preprocessing.targetScale()),
        ClassWeights.of(preprocessing.classWeights()),
        offsets());
  }
}
