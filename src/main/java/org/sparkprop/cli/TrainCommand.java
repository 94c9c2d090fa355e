package org.sparkprop.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.sparkprop.data.InvalidInputException;
import org.sparkprop.data.Part;
import org.sparkprop.data.RowFormat;
import org.sparkprop.data.RowSource;
import org.sparkprop.eval.EvaluationJob;
import org.sparkprop.eval.Report;
import org.sparkprop.eval.ReportText;
import org.sparkprop.model.ModelDescription;
import org.sparkprop.model.ModelFolder;
import org.sparkprop.model.WarmStart;
import org.sparkprop.nn.Blas;
import org.sparkprop.nn.BlasChoice;
import org.sparkprop.train.FirstParameters;
import org.sparkprop.train.Training;
import org.sparkprop.train.TrainingListener;
import org.sparkprop.train.TrainingListeners;
import org.sparkprop.train.TrainingOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code train}: trains a network, writes its folder, and evaluates it on the part kept aside. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    versionProvider = Versions.class,
    description = "Trains a network and, where the data has a part test, evaluates it there.",
    footer = {
      "",
      "  ./submit.sh train --config conf/mnist.conf --epochs 3 --model models/short",
      "  ./submit.sh train --data spiral --layers \"64 relu, 3 softmax\" --model models/spiral"
    })
final class TrainCommand implements Callable<Integer> {
  private static final String NO_TEST = "none";

  @Spec private CommandSpec spec;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Options from a file, a line \"name = value\" each; the command line wins.")
  @SuppressWarnings("UnusedVariable") // ConfigFile reads it, before picocli does
  private @Nullable String config;

  @Mixin private DataArgument data;

  @Option(
      names = "--part",
      paramLabel = "PART",
      defaultValue = RowSource.TRAIN,
      description =
          "The part to train on, or a cut of it: train, train[0:10000]. Default: ${DEFAULT-VALUE}.")
  private String part;

  @Option(
      names = "--test-part",
      paramLabel = "PART",
      defaultValue = RowSource.TEST,
      description =
          "The part to evaluate on at the end, if there is one; none for no evaluation. Default: ${DEFAULT-VALUE}.")
  private String testPart;

  @Mixin private TrainingArguments training;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "FOLDER",
      description = "Where the model is written, on any Hadoop path.")
  private String model;

  @Option(names = "--overwrite", description = "Replace a model that is there.")
  private boolean overwrite;

  @Mixin private BlasArgument blas;

  /** For picocli, which fills the fields. */
  @SuppressWarnings("NullAway.Init")
  TrainCommand() {}

  @Override
  public Integer call() {
    RowSource source;
    Part trainOn;
    Part testOn;
    TrainingOptions options;
    BlasChoice choice;
    try {
      source = data.source();
      trainOn = Part.parse(part);
      testOn = Part.parse(testPart);
      options = training.options();
      choice = blas.choice();
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(spec.commandLine(), wrong.getMessage(), wrong);
    }
    Paths.check(spec, "--model", model);
    if (training.initFrom() != null) {
      Paths.check(spec, "--init-from", training.initFrom());
    }
    try (SparkRun run = SparkRun.start("train", choice)) {
      SparkSession spark = run.session();
      Configuration hadoop = spark.sparkContext().hadoopConfiguration();
      ModelFolder folder = new ModelFolder(model, hadoop);
      folder.checkWritable(overwrite);
      WarmStart start = warmStart(hadoop);
      source.prepare(spark, System.out::println);
      try (HistoryListener history = new HistoryListener(model, hadoop);
          ConsoleListener console = new ConsoleListener(source + " " + trainOn)) {
        TrainingListener listener = TrainingListeners.of(console, history);
        Training training =
            start == null
                ? new Training(spark, options, listener)
                : new Training(spark, options, from(start), listener);
        Dataset<Row> rows = source.rows(spark, trainOn);
        RowFormat format = training.formatOf(rows, source + " " + trainOn);
        float[] parameters = training.firstParameters(format);
        try (EvaluationJob test = openTest(spark, source, testOn, format)) {
          Training.Result trained = training.run(rows, format, parameters);
          save(folder, trained, words(trained.options()), options.seed(), test, history);
        }
      }
      System.out.printf("model: %s%n", model);
      return 0;
    }
  }

  /** Reads what {@code --init-from} names, and says so; null without it. */
  private @Nullable WarmStart warmStart(Configuration hadoop) {
    String path = training.initFrom();
    if (path == null) {
      return null;
    }
    WarmStart start = WarmStart.read(path, hadoop);
    System.out.printf("start: %s%n", path);
    return start;
  }

  private static FirstParameters from(WarmStart start) {
    return (network, preprocessing) ->
        start.parameters(
            network, preprocessing, warning -> System.err.printf("warning: %s%n", warning));
  }

  /** Checks and packs the test rows, before the work; null if there are none to evaluate on. */
  private static @Nullable EvaluationJob openTest(
      SparkSession spark, RowSource source, Part part, RowFormat format) {
    if (part.name().equals(NO_TEST) || !hasTestPart(source, part, spark)) {
      return null;
    }
    return EvaluationJob.open(spark, source.rows(spark, part), format.named(source + " " + part));
  }

  /**
   * Writes the model with its report; without one if the evaluation fails, which then ends here.
   */
  private void save(
      ModelFolder folder,
      Training.Result trained,
      Map<String, String> words,
      long seed,
      @Nullable EvaluationJob test,
      HistoryListener history) {
    ModelDescription description =
        ModelDescription.of(
            trained.model(), trained.rows(), seed, words, Versions.all(), Blas.name());
    Report report;
    try {
      report = test == null ? null : test.run(trained.model(), model);
    } catch (RuntimeException failed) {
      folder.write(trained.model(), description, trained.history(), null, overwrite);
      history.modelWritten();
      System.out.printf("model: %s, without a report%n", model);
      throw failed;
    }
    folder.write(
        trained.model(),
        description,
        trained.history(),
        report == null ? null : report::writeTo,
        overwrite);
    history.modelWritten();
    if (report != null) {
      System.out.printf(
          "%n%s%n%nreport: %s%n", ReportText.of(report), new Path(model, ModelFolder.REPORT));
    }
  }

  /** Data without a test part need not have one, but a part that was asked for must be there. */
  private static boolean hasTestPart(RowSource source, Part part, SparkSession spark) {
    if (source.hasPart(spark, part.name())) {
      return true;
    }
    if (part.equals(Part.parse(RowSource.TEST))) {
      return false;
    }
    throw new InvalidInputException(
        "Cannot find part %s of %s (must be a part that --data has, or none)"
            .formatted(part.name(), source));
  }

  /** Every option with the value that it had in the end. */
  private Map<String, String> words(TrainingOptions options) {
    Map<String, String> words = new LinkedHashMap<>();
    words.put("data", data.word());
    words.put("part", part);
    words.put("test-part", testPart);
    words.putAll(options.toWords());
    if (training.initFrom() != null) {
      words.remove("init"); // nothing was drawn
      words.put("init-from", training.initFrom());
    }
    words.put("blas", blas.choice().word());
    return words;
  }
}
