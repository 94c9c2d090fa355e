package org.sparkprop.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
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
import org.sparkprop.nn.Blas;
import org.sparkprop.nn.BlasChoice;
import org.sparkprop.train.Training;
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
      "  ./submit.sh train --data houses.csv --label price --layers \"64 relu, 1\" --model models/houses",
      "  ./submit.sh train --data spiral --layers \"64 relu, 3 softmax\" --model models/spiral"
    })
final class TrainCommand implements Callable<Integer> {
  private static final String NO_TEST = "none";

  /** What the user need not name, and which need not be there. */
  private static final Part ANY_TEST = Part.parse(RowSource.TEST);

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

  @Option(
      names = "--test-data",
      paramLabel = "DATA",
      description =
          "Other data to evaluate on at the end, a table with the same columns. Default: --data.")
  private @Nullable String testData;

  @Mixin private ValidationArgument validation;

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
      source = data.source(validation.name());
      if (testData != null) {
        RowSource.of(testData); // for its refusals, before Spark starts
      }
      trainOn = Part.parse(part);
      testOn = Part.parse(testPart);
      options = training.options(validation.holdOut());
      choice = blas.choice();
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(spec.commandLine(), wrong.getMessage(), wrong);
    }
    Paths.check(spec, "--model", model);
    try (SparkRun run = SparkRun.start("train", choice)) {
      SparkSession spark = run.session();
      ModelFolder folder = new ModelFolder(model, spark.sparkContext().hadoopConfiguration());
      folder.checkWritable(overwrite);
      source.prepare(spark, System.out::println);
      try (ConsoleListener console = new ConsoleListener(source + " " + trainOn)) {
        ValidationArgument.Chosen chosen =
            validation.choose(spark, source, source.rows(spark, trainOn));
        Training training = new Training(spark, options.withValidation(chosen.holdOut()), console);
        RowFormat format = training.formatOf(chosen.rows(), source + " " + trainOn);
        try (EvaluationJob test = openTest(spark, source, testOn, format)) {
          Training.Result trained = train(training, source, trainOn, chosen, format);
          save(folder, trained, source, options.seed(), test);
        }
      }
      System.out.printf("model: %s%n", model);
      return 0;
    }
  }

  private static Training.Result train(
      Training training,
      RowSource source,
      Part part,
      ValidationArgument.Chosen chosen,
      RowFormat format) {
    try {
      return training.run(chosen.rows(), format, chosen.others());
    } catch (InvalidInputException refused) {
      throw source.locate(part, refused);
    }
  }

  /** Checks and packs the test rows, before the work; null if there are none to evaluate on. */
  private @Nullable EvaluationJob openTest(
      SparkSession spark, RowSource trainedOn, Part named, RowFormat format) {
    if (named.name().equals(NO_TEST)) {
      return null;
    }
    RowSource source = trainedOn;
    Part part = named;
    if (testData != null) {
      source = trainedOn.at(testData);
      source.prepare(spark, System.out::println);
      part = named.equals(ANY_TEST) ? Part.parse(source.partToEvaluate(spark)) : named;
    } else if (!hasTestPart(source, part, spark)) {
      return null;
    }
    try {
      Dataset<Row> rows = source.rows(spark, part);
      return EvaluationJob.open(spark, rows, format.named(source + " " + part));
    } catch (InvalidInputException refused) {
      throw source.locate(part, refused);
    }
  }

  /**
   * Writes the model with its report; without one if the evaluation fails, which then ends here.
   */
  private void save(
      ModelFolder folder,
      Training.Result trained,
      RowSource source,
      long seed,
      @Nullable EvaluationJob test) {
    ModelDescription description =
        ModelDescription.of(
                trained.model(),
                trained.rows(),
                seed,
                words(trained.options()),
                Versions.all(),
                Blas.name())
            .withFeatures(source.features());
    Report report;
    try {
      report = test == null ? null : test.run(trained.model(), model);
    } catch (RuntimeException failed) {
      folder.write(trained.model(), description, trained.history(), null, overwrite);
      System.out.printf("model: %s, without a report%n", model);
      throw failed;
    }
    folder.write(
        trained.model(),
        description,
        trained.history(),
        report == null ? null : report::writeTo,
        overwrite);
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
    if (part.equals(ANY_TEST)) {
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
    words.putAll(data.words());
    words.put("part", part);
    words.put("test-part", testPart);
    if (testData != null) {
      words.put("test-data", testData);
    }
    words.put("validation", validation.word());
    words.putAll(options.toWords());
    words.put("blas", blas.choice().word());
    return words;
  }
}
