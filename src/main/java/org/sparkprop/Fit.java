package org.sparkprop;

import java.lang.System.Logger;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.Caller;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.cluster.GiveUpAfter;
import org.sparkprop.cluster.Watchdog;
import org.sparkprop.data.source.TableRows;
import org.sparkprop.data.source.column.TableOptions;
import org.sparkprop.data.source.column.TableReading;
import org.sparkprop.model.BlasOfJvm;
import org.sparkprop.nn.blas.Blas;
import org.sparkprop.nn.blas.BlasChoice;
import org.sparkprop.spark.FolderLock;
import org.sparkprop.spark.KryoSetting;
import org.sparkprop.train.DivergedException;
import org.sparkprop.train.DivergedModel;
import org.sparkprop.train.InitFrom;
import org.sparkprop.train.InitialParameters;
import org.sparkprop.train.Training;
import org.sparkprop.train.TrainingListener;
import org.sparkprop.train.TrainingListeners;
import org.sparkprop.train.checkpoint.CheckpointFolder;
import org.sparkprop.train.checkpoint.Checkpointer;
import org.sparkprop.train.options.RunDescription;
import org.sparkprop.train.options.TrainingOptions;

/**
 * One training run of a {@link NeuralNetwork}, in the session that its rows are of.
 *
 * @param checkpointFolder where the run is kept while it goes on; null for nowhere
 * @param checkpointSeconds least time between two checkpoints
 */
record Fit(
    TrainingOptions options,
    TableOptions columns,
    ValidationChoice validation,
    InitFrom initFrom,
    @Nullable String checkpointFolder,
    double checkpointSeconds,
    List<TrainingListener> listeners,
    BlasChoice blas,
    GiveUpAfter giveUpAfter) {
  /** What the rows are called in messages. */
  static final String ROWS = "the rows";

  private static final String VALIDATION_ROWS = "the validation rows";

  private static final Logger LOG = System.getLogger(NeuralNetwork.class.getName());

  NeuralNetworkModel run(Dataset<Row> rows) {
    SparkSession spark = rows.sparkSession();
    LibraryCall.refuseConnect(spark);
    KryoSetting.refuse(spark);
    return LibraryCall.withJobs(
        spark,
        "Training",
        () ->
            Watchdog.during(spark.sparkContext(), giveUpAfter, Fit::warn, () -> run(spark, rows)));
  }

  @SuppressWarnings("try") // the claim is held, and nothing else
  private NeuralNetworkModel run(SparkSession spark, Dataset<Row> rows) {
    useBlas(spark);
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    InitialParameters first = initFrom.read(options, hadoop, Fit::warn);
    TableReading reading = TableReading.toTrain(options.useOfTable(), first.offsets());
    TableRows training = table(rows, columns.withReading(reading), ROWS);
    checkValidationColumn(rows);
    Dataset<Row> given = validation.others();
    TableRows others =
        given == null ? null : table(given, columns.after(training.facts()), VALIDATION_ROWS);
    CheckpointFolder kept =
        checkpointFolder == null ? null : new CheckpointFolder(checkpointFolder, hadoop);
    try (FolderLock claim = kept == null ? null : kept.claim()) {
      Checkpointer checkpoints =
          kept == null
              ? Checkpointer.none()
              : Checkpointer.open(kept, checkpointSeconds, true, false, words(options));
      Training.Run run =
          new Training(
                  spark,
                  options,
                  first,
                  new TrainingListeners(listeners),
                  checkpoints,
                  training.facts())
              .on(training.rows(), ROWS);
      Training.Result result;
      try {
        result = run.fit(others == null ? null : others.rows());
      } catch (DivergedException diverged) {
        Training.Result lastGood = diverged.lastGood();
        checkpoints.diverged(lastGood != null, lastGood != null && keep(lastGood, hadoop));
        throw new DivergedFitException(
            LibraryWords.of(String.valueOf(diverged.getMessage())),
            diverged,
            lastGood == null ? null : model(spark, lastGood));
      }
      checkpoints.delete();
      return model(spark, result);
    } catch (InvalidInputException refused) {
      throw located(refused, training, others);
    }
  }

  /**
   * Keeps the model of a run that has diverged, whose checkpoints nobody is to go on from: the
   * application may end without it.
   *
   * @return whether it is written
   */
  private boolean keep(Training.Result lastGood, Configuration hadoop) {
    if (checkpointFolder == null) {
      return false;
    }
    try {
      DivergedModel beside = new DivergedModel(checkpointFolder, hadoop);
      beside.write(lastGood, words(lastGood.options()));
      warn(
          "the run has diverged; the model of its epoch %d is in %s"
              .formatted(lastGood.epoch(), beside));
      return true;
    } catch (InvalidInputException unwritten) {
      warn(
          "%s; the checkpoints of the run that has diverged stay in %s"
              .formatted(unwritten.getMessage(), checkpointFolder));
      return false;
    }
  }

  private NeuralNetworkModel model(SparkSession spark, Training.Result result) {
    return new NeuralNetworkModel(
        spark,
        result.model(),
        result.description(words(result.options())),
        result.history(),
        NeuralNetworkModel.NOT_SAVED,
        giveUpAfter);
  }

  /** A table of the application, whose own numbers depend on Spark unless it has a column row. */
  static TableRows table(Dataset<Row> rows, TableOptions columns, String name) {
    if (rows.isStreaming()) {
      throw new InvalidInputException("Cannot use %s: they are a stream".formatted(name));
    }
    return TableRows.of(rows, columns, name, Caller.LIBRARY, Fit::warn);
  }

  static void warn(String line) {
    LOG.log(Logger.Level.WARNING, LibraryWords.of(line));
  }

  private static InvalidInputException located(
      InvalidInputException refused, TableRows training, @Nullable TableRows others) {
    InvalidInputException located = training.locate(refused, ROWS);
    return others == null ? located : others.locate(located, VALIDATION_ROWS);
  }

  private void checkValidationColumn(Dataset<Row> rows) {
    String column = validation.column();
    if (column != null && !List.of(rows.schema().fieldNames()).contains(column)) {
      throw new InvalidInputException(
          "Cannot use %s: no column %s (it must tell the validation rows)".formatted(ROWS, column));
    }
  }

  /**
   * Chooses the BLAS of this JVM; that of executors is as {@link
   * SparkpropPlugin#refuseUnlessOnExecutors} says.
   */
  private void useBlas(SparkSession spark) {
    Blas.use(blas);
    boolean local = spark.sparkContext().isLocal();
    String problem = BlasOfJvm.here().problem();
    if (local && !problem.isEmpty()) { // executors say it themselves
      LOG.log(Logger.Level.WARNING, problem);
    }
    SparkpropPlugin.refuseUnlessOnExecutors(spark.sparkContext(), blas);
  }

  /** Every option with the value that it had in the end, as the commands would write them. */
  private Map<String, String> words(TrainingOptions options) {
    return new RunDescription(columns.toWords(), validation.word(), initFrom.word(), blas.word())
        .toWords(options);
  }
}
