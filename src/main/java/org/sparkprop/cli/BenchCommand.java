package org.sparkprop.cli;

import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.bench.Benchmark;
import org.sparkprop.bench.BenchmarkResult;
import org.sparkprop.bench.BenchmarkText;
import org.sparkprop.cluster.GiveUpAfter;
import org.sparkprop.model.ModelFolder;
import org.sparkprop.nn.LayerSpec;
import org.sparkprop.nn.Topology;
import org.sparkprop.nn.blas.BlasChoice;
import org.sparkprop.spark.Storage;
import org.sparkprop.train.options.Form;
import org.sparkprop.train.options.Settings;
import org.sparkprop.train.options.TrainingOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench}: what this machine or cluster can do for a network. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    versionProvider = Versions.class,
    synopsisHeading = "%nUsage: ",
    customSynopsis = "./submit.sh [spark-submit options] bench [options]",
    descriptionHeading = "%n",
    description = "Measures what this machine or cluster can do for a network, on generated rows.",
    footer = {
      "",
      "Examples:",
      "  ./submit.sh bench",
      "  ./submit.sh --master spark://host:7077 bench --layers \"800 relu, 10 softmax\" --json"
          + " b.json"
    })
final class BenchCommand implements Callable<Integer> {
  private static final Form<Integer> FEATURES =
      Form.count("N", "number of features", Integer.MAX_VALUE);

  private static final Form<Double> SECONDS =
      Form.number("SECONDS", "seconds", seconds -> seconds > 0 && seconds <= 600, "> 0 and <= 600");

  @Spec private CommandSpec spec;

  @Option(
      names = "--layers",
      paramLabel = "LIST",
      defaultValue = "128 relu, 10 softmax",
      description = "Hidden layers and the output layer. Default: ${DEFAULT-VALUE}.")
  private String layers;

  @Option(
      names = "--features",
      paramLabel = "N",
      defaultValue = "784",
      description = "Number of features per row, one byte each. Default: ${DEFAULT-VALUE}.")
  private String features;

  @Mixin private final SettingArguments round = new SettingArguments(Settings.OF_ROUNDS);

  @Mixin private BlasArgument blas;

  @Mixin private GiveUpArgument giveUp;

  @Option(
      names = "--seconds",
      paramLabel = "SECONDS",
      defaultValue = "3",
      description = "Approximate seconds per measurement. Default: ${DEFAULT-VALUE}.")
  private String seconds;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description =
          "Where all figures are written too, replacing a file that is there. Default: nowhere.")
  private @Nullable String json;

  /** For picocli, which fills the fields. */
  @SuppressWarnings("NullAway.Init")
  BenchCommand() {}

  @Override
  public Integer call() {
    TrainingOptions options;
    int width;
    double each;
    BlasChoice blasChoice;
    GiveUpAfter patience;
    try {
      blasChoice = blas.choice();
      patience = giveUp.choice();
      options = round.addTo(TrainingOptions.of(LayerSpec.parseList(layers))).build();
      width = FEATURES.read(features);
      Topology.of(width, options.layers());
      if (options.optimizer().rule().isFullBatch()) {
        throw new IllegalArgumentException(
            "Invalid optimizer: %s (bench measures batches; give another)"
                .formatted(options.optimizer().rule().word()));
      }
      each = SECONDS.read(seconds);
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(spec.commandLine(), wrong.getMessage(), wrong);
    }
    if (json != null) {
      Paths.check(spec, "--json", json);
    }
    try (SparkRun run = SparkRun.start("bench", blasChoice, patience)) {
      Configuration hadoop = run.session().sparkContext().hadoopConfiguration();
      if (json != null) {
        Storage.checkWritable(folderOf(json), hadoop);
      }
      BenchmarkResult result =
          new Benchmark(
                  run.session(),
                  width,
                  options,
                  each,
                  next -> System.out.printf("measuring %s …%n", next))
              .run();
      System.out.printf("%n%s%n", BenchmarkText.of(result));
      if (json != null) {
        Storage.writeFile(
            Storage.path(json),
            hadoop,
            out -> ModelFolder.JSON.writeValue(out, result.toFigures()));
        System.out.printf("%nfigures: %s%n", json);
      }
      return 0;
    }
  }

  private static Path folderOf(String file) {
    Path folder = Storage.path(file).getParent();
    if (folder == null && file.equals("/")) {
      throw new InvalidInputException("Cannot write /: it is a folder (must be a file)");
    }
    return folder == null ? new Path(".") : folder;
  }
}
