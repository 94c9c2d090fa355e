package org.sparkprop.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.cluster.GiveUpAfter;
import org.sparkprop.data.source.Part;
import org.sparkprop.data.source.RowSource;
import org.sparkprop.data.source.column.TableReading;
import org.sparkprop.model.ModelFolder;
import org.sparkprop.nn.blas.BlasChoice;
import org.sparkprop.spark.FolderLock;
import org.sparkprop.train.DivergedException;
import org.sparkprop.train.InitialParameters;
import org.sparkprop.train.Training;
import org.sparkprop.train.TrainingListeners;
import org.sparkprop.train.checkpoint.CheckpointFolder;
import org.sparkprop.train.options.RunDescription;
import org.sparkprop.train.options.TrainingOptions;
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
    synopsisHeading = "%nUsage: ",
    customSynopsis =
        "./submit.sh [spark-submit options] train --data DATA --layers LIST --model FOLDER"
            + " [options]",
    descriptionHeading = "%n",
    description = {
      "Trains a network and, where the data has a part test, evaluates it there.",
      "Options before the command, such as --master, go to spark-submit."
    },
    footer = {
      "",
      "Examples:",
      "  ./submit.sh train --config conf/mnist.conf --epochs 3 --model models/short",
      "  ./submit.sh train --data houses.csv --label price --layers \"64 relu, 1\" --model"
          + " models/houses",
      "  ./submit.sh train --data spiral --layers \"64 relu, 3 softmax\" --model models/spiral"
    })
final class TrainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "Options from a file, a line \"name = value\" each; the command line wins. Default:"
              + " none.")
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

  @Mixin private TestArguments test;

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

  @Mixin private CheckpointArguments checkpoints;

  @Mixin private BlasArgument blas;

  @Mixin private GiveUpArgument giveUp;

  /** For picocli, which fills the fields. */
  @SuppressWarnings("NullAway.Init")
  TrainCommand() {}

  @Override
  public Integer call() {
    RowSource source;
    Part trainOn;
    TrainingOptions options;
    BlasChoice choice;
    GiveUpAfter patience;
    try {
      source = data.source(validation.name());
      test.check();
      trainOn = Part.parse(part);
      options = training.options(validation.holdOut());
      choice = blas.choice();
      patience = giveUp.choice();
      checkpoints.seconds();
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(spec.commandLine(), wrong.getMessage(), wrong);
    }
    Paths.check(spec, "--model", model);
    String initFrom = training.initFrom().word();
    if (initFrom != null) {
      Paths.check(spec, "--init-from", initFrom);
    }
    try (SparkRun run = SparkRun.start("train", choice, patience)) {
      SparkSession spark = run.session();
      Configuration hadoop = spark.sparkContext().hadoopConfiguration();
      CheckpointFolder kept = CheckpointFolder.beside(model, hadoop);
      CompleteRun complete =
          checkpoints.complete(folder(spark), model, kept, words(options), overwrite);
      if (complete != null) {
        complete.finish(spark, data, test, kept);
        return 0;
      }
      try (FolderLock claim = folder(spark).claim(overwrite, Console::say)) {
        ModelFolder folder = folder(spark).heldBy(claim);
        InitialParameters first = training.initFrom().read(options, hadoop, Console::warn);
        if (initFrom != null) {
          System.out.printf("start: %s%n", initFrom);
        }
        source.prepare(spark, Console::say);
        source.readAs(TableReading.toTrain(options.useOfTable(), first.offsets()));
        try (RunFiles files =
                new RunFiles(model, hadoop, checkpoints.open(kept, overwrite, words(options)));
            ConsoleListener console = new ConsoleListener(source + " " + trainOn)) {
          ValidationArgument.Chosen chosen =
              validation.choose(spark, source, source.rows(spark, trainOn), trainOn);
          Training.Run onRows =
              new Training(
                      spark,
                      options.withValidation(chosen.holdOut()),
                      first,
                      TrainingListeners.of(console, files.history()),
                      files.checkpoints(),
                      source.facts())
                  .on(chosen.rows(), source + " " + trainOn);
          try (LastEvaluation last = test.open(spark, data.word(), source, onRows.format())) {
            Function<Training.Result, TrainedModel> trained =
                result -> new TrainedModel(result, words(result.options()), folder, overwrite);
            try {
              TrainedModel done = trained.apply(onRows.fit(chosen.others()));
              done.sayEnding();
              done.save(model, last, files);
            } catch (DivergedException diverged) {
              Training.Result lastGood = diverged.lastGood();
              String saved =
                  lastGood == null
                      ? null
                      : trained.apply(lastGood).saveDiverged(model, files, hadoop);
              files.diverged(lastGood != null, saved);
              throw diverged;
            }
          } catch (InvalidInputException refused) {
            throw source.locate(trainOn, refused);
          }
        }
      }
      return 0;
    }
  }

  private ModelFolder folder(SparkSession spark) {
    return new ModelFolder(model, spark.sparkContext().hadoopConfiguration());
  }

  /** Every option with the value that it had in the end, but for secrets. */
  private Map<String, String> words(TrainingOptions options) {
    Map<String, String> ofRows = new LinkedHashMap<>();
    ofRows.put("data", data.word());
    ofRows.putAll(data.words());
    ofRows.put("part", part);
    ofRows.putAll(test.words());
    return new RunDescription(
            ofRows, validation.word(), training.initFrom().word(), blas.choice().word())
        .toWords(options);
  }
}
