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
import org.sparkprop.data.RowFormat;
import org.sparkprop.data.source.TableRows;
import org.sparkprop.data.source.column.TableOptions;
import org.sparkprop.data.source.column.TableReading;
import org.sparkprop.model.BlasOfJvm;
import org.sparkprop.nn.blas.Blas;
import org.sparkprop.nn.blas.BlasChoice;
import org.sparkprop.spark.FolderLock;
import org.sparkprop.spark.KryoSetting;
import org.sparkprop.train.DivergedException;
import org.sparkprop.train.InitialParameters;
import org.sparkprop.train.Training;
import org.sparkprop.train.TrainingListener;
import org.sparkprop.train.TrainingListeners;
import org.sparkprop.train.checkpoint.Checkpointer;
import org.sparkprop.train.options.RunDescription;
import org.sparkprop.train.options.TrainingOptions;

/** One training run of a {@link NeuralNetwork}, in the session that its rows are of. */
record Fit(
    TrainingOptions options,
    TableOptions columns,
    ValidationChoice validation,
    StartChoice start,
    CheckpointChoice checkpoint,
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
    InitialParameters first = start.parameters(options, hadoop);
    TableReading reading = TableReading.toTrain(options.useOfTable(), first.offsets());
    TableRows training = table(rows, columns.withReading(reading), ROWS);
    checkValidationColumn(rows);
    Dataset<Row> given = validation.others();
    TableRows others =
        given == null ? null : table(given, columns.after(training.facts()), VALIDATION_ROWS);
    try (FolderLock claim = checkpoint.claim(hadoop)) {
      Checkpointer checkpoints = checkpoint.open(hadoop, words(options));
      Training run =
          new Training(
              spark,
              options,
              first,
              new TrainingListeners(listeners),
              checkpoints,
              training.facts());
      RowFormat format = run.formatOf(training.rows(), ROWS);
      Training.Result result;
      try {
        result =
            run.run(
                training.rows(),
                format,
                run.firstParameters(format),
                others == null ? null : others.rows());
      } catch (DivergedException diverged) {
        Training.Result lastGood = diverged.lastGood();
        checkpoints.diverged(
            lastGood != null,
            lastGood != null
                && checkpoint.keepDiverged(lastGood, words(lastGood.options()), hadoop, Fit::warn));
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
    return new RunDescription(columns.toWords(), validation.word(), start.word(), blas.word())
        .toWords(options);
  }
}
