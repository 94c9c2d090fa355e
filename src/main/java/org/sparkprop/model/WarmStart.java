package org.sparkprop.model;

import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.data.Preprocessing;
import org.sparkprop.model.tensor.Npz;
import org.sparkprop.model.tensor.SafeTensors;
import org.sparkprop.nn.DenseLayer;
import org.sparkprop.nn.LayerSpec;
import org.sparkprop.nn.Network;
import org.sparkprop.nn.Topology;
import org.sparkprop.spark.PlainFile;
import org.sparkprop.spark.Storage;

/**
 * Parameters that another run has left, as the start of this one: a model folder, or a file of
 * tensors.
 */
public final class WarmStart {
  /** What can be read, by its extension; a folder is a model. */
  private enum Kind {
    SAFETENSORS(".safetensors"),
    NPZ(".npz");

    private final String extension;

    Kind(String extension) {
      this.extension = extension;
    }
  }

  private final String path;
  private final @Nullable Model model;
  private final List<LayerTensors> layers;
  private final boolean isNpz;

  private WarmStart(String path, @Nullable Model model, List<LayerTensors> layers, boolean isNpz) {
    this.path = path;
    this.model = model;
    this.layers = layers;
    this.isNpz = isNpz;
  }

  /**
   * Reads all of it.
   *
   * @param path a model folder, a .safetensors file or an .npz file
   * @throws InvalidInputException if it is not there, of another kind, or not whole
   */
  public static WarmStart read(String path, Configuration hadoop) {
    try {
      return Storage.access(() -> read(Storage.path(path), path, hadoop));
    } catch (FileNotFoundException absent) {
      throw new InvalidInputException(
          "Cannot read %s: no such file or folder".formatted(path), absent);
    } catch (IOException unreadable) {
      throw Storage.cannotRead(path, unreadable);
    }
  }

  private static WarmStart read(Path from, String path, Configuration hadoop) throws IOException {
    FileSystem fs = Storage.of(from, hadoop);
    FileStatus status;
    try {
      status = fs.getFileStatus(from);
    } catch (FileNotFoundException absent) {
      if (new ModelFolder(path, hadoop).isReadable()) { // a kill has left that before it alone
        return new WarmStart(path, new ModelFolder(path, hadoop).read().model(), List.of(), false);
      }
      throw absent;
    }
    if (status.isDirectory()) {
      return new WarmStart(path, new ModelFolder(path, hadoop).read().model(), List.of(), false);
    }
    Kind kind = kindOf(from);
    try (FSDataInputStream in = PlainFile.open(fs, from)) {
      if (status.getLen() == 0) {
        throw new IOException("it is empty");
      }
      List<LayerTensors> layers =
          switch (kind) {
            case SAFETENSORS ->
                LayerNames.ofSafeTensors(
                    SafeTensors.read(new BufferedInputStream(in), status.getLen()));
            case NPZ -> LayerNames.ofNpz(Npz.read(in, status.getLen()));
          };
      return new WarmStart(path, null, layers, kind == Kind.NPZ);
    }
  }

  /** Goes on from a model in memory. */
  public static WarmStart of(Model model) {
    return new WarmStart("the model", model, List.of(), false);
  }

  /**
   * The first parameters of a network.
   *
   * @param preprocessing that of this run; a model must have been trained with the same
   * @param warnings told what the file leaves open, and how it was taken
   * @throws InvalidInputException if they are of another network, with both
   */
  public float[] parameters(
      Network network, Preprocessing preprocessing, Consumer<String> warnings) {
    return model == null
        ? ofTensors(network.topology(), warnings)
        : ofModel(model, network.topology(), preprocessing);
  }

  /** How a model's rows were prepared; null where there is no model. */
  public @Nullable Preprocessing preprocessing() {
    return model == null ? null : model.preprocessing();
  }

  private static Kind kindOf(Path path) {
    for (Kind kind : Kind.values()) {
      if (path.getName().toLowerCase(Locale.ROOT).endsWith(kind.extension)) {
        return kind;
      }
    }
    throw new InvalidInputException(
        "Cannot read %s: it is of a kind that we do not know (must be a model folder, .safetensors or .npz)"
            .formatted(path));
  }

  private float[] ofModel(Model model, Topology topology, Preprocessing preprocessing) {
    Topology trained = model.network().topology();
    if (trained.inputWidth() != topology.inputWidth()) {
      throw refused(
          "it is %s, this run is %s (the rows must have %d features)"
              .formatted(trained, topology, trained.inputWidth()));
    }
    if (!trained.sizes().equals(topology.sizes())) {
      throw refused(
          "it is %s, this run is %s (must be the same; give --layers \"%s\")"
              .formatted(trained, topology, LayerSpec.format(trained.sizes())));
    }
    Preprocessing own = model.preprocessing();
    if (own.features() != preprocessing.features() || own.scale() != preprocessing.scale()) {
      throw refused(
          "it was trained on %s, this run has %s (must be the same)"
              .formatted(words(own), words(preprocessing)));
    }
    for (float parameter : model.parameters()) {
      if (!Float.isFinite(parameter)) {
        throw refused("one of its parameters is %s (must be finite)".formatted(parameter));
      }
    }
    return model.parameters().clone();
  }

  private static String words(Preprocessing preprocessing) {
    return "%s features times %s".formatted(preprocessing.features().word(), preprocessing.scale());
  }

  private float[] ofTensors(Topology topology, Consumer<String> warnings) {
    List<LayerTensors> ordered = ordered(topology, warnings);
    boolean squaresOutIn = squaresOutIn(ordered, topology, warnings);
    float[] parameters = new float[topology.parameterCount()];
    for (int i = 0; i < ordered.size(); i++) {
      DenseLayer layer = topology.layers().get(i);
      boolean outIn = layer.in() == layer.out() ? squaresOutIn : ordered.get(i).fitsOutIn(layer);
      ordered.get(i).copyInto(parameters, layer, outIn);
    }
    return parameters;
  }

  /** In the order of the names as people count or, where the names are words, of the file. */
  private List<LayerTensors> ordered(Topology topology, Consumer<String> warnings) {
    List<LayerTensors> counted = isNpz ? layers : LayerNames.counted(layers);
    String problem = problem(counted, topology);
    boolean areNumbered = isNpz || LayerNames.areNumbered(layers);
    if (problem != null && (areNumbered || problem(layers, topology) != null)) {
      throw refused(problem);
    }
    List<LayerTensors> ordered = problem == null ? counted : layers;
    if (!areNumbered) {
      warnings.accept(
          "%s: its layers are taken in the order of %s: %s"
              .formatted(
                  path,
                  problem == null ? "their names" : "the file",
                  ordered.stream().map(LayerTensors::name).collect(Collectors.joining(", "))));
    }
    return ordered;
  }

  private static @Nullable String problem(List<LayerTensors> layers, Topology topology) {
    if (layers.size() != topology.layers().size()) {
      return "it has %d layers, this run %d: %s"
          .formatted(layers.size(), topology.layers().size(), topology);
    }
    for (int i = 0; i < layers.size(); i++) {
      String problem = layers.get(i).problem(topology.layers().get(i));
      if (problem != null) {
        return "%s for layer %d of %s".formatted(problem, i, topology);
      }
    }
    return null;
  }

  /** A square matrix fits both ways: it lies as the others do, or as its kind of file has it. */
  private boolean squaresOutIn(
      List<LayerTensors> layers, Topology topology, Consumer<String> warnings) {
    List<String> squares = new ArrayList<>();
    boolean someOutIn = false;
    boolean someInOut = false;
    for (int i = 0; i < layers.size(); i++) {
      DenseLayer layer = topology.layers().get(i);
      if (layer.in() != layer.out()) {
        someOutIn |= layers.get(i).fitsOutIn(layer);
        someInOut |= layers.get(i).fitsInOut(layer);
      } else if (layer.in() > 1) {
        squares.add(layers.get(i).weight().name());
      }
    }
    if (someOutIn != someInOut) {
      return someOutIn;
    }
    if (!squares.isEmpty()) {
      warnings.accept(
          "%s: %s could be (in, out) or (out, in); read as %s"
              .formatted(
                  path,
                  String.join(", ", squares),
                  isNpz ? "(in, out), for x @ W + b" : "(out, in), as PyTorch has it"));
    }
    return !isNpz;
  }

  private InvalidInputException refused(String why) {
    return new InvalidInputException("Cannot start from %s: %s".formatted(path, why));
  }
}
