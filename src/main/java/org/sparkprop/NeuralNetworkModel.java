package org.sparkprop;

import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.cluster.GiveUpAfter;
import org.sparkprop.cluster.Watchdog;
import org.sparkprop.data.source.TableRows;
import org.sparkprop.data.source.column.TableOptions;
import org.sparkprop.eval.EvaluationJob;
import org.sparkprop.eval.Report;
import org.sparkprop.model.EpochRecord;
import org.sparkprop.model.Model;
import org.sparkprop.model.ModelDescription;
import org.sparkprop.model.ModelFolder;
import org.sparkprop.model.Predictions;
import org.sparkprop.spark.KryoSetting;

/** A trained network: it predicts, is evaluated, and lies in a folder like one of the commands. */
public final class NeuralNetworkModel {
  static final String NOT_SAVED = "a model in memory";

  private final SparkSession spark;
  private final Model model;
  private final ModelDescription description;
  private final List<EpochRecord> history;
  private final String place;
  private final GiveUpAfter giveUpAfter;

  /**
   * @param place where it lies, for reports
   * @param giveUpAfter how long its jobs wait where no task can run
   */
  NeuralNetworkModel(
      SparkSession spark,
      Model model,
      ModelDescription description,
      List<EpochRecord> history,
      String place,
      GiveUpAfter giveUpAfter) {
    this.spark = spark;
    this.model = model;
    this.description = description;
    this.history = List.copyOf(history);
    this.place = place;
    this.giveUpAfter = giveUpAfter;
  }

  /**
   * Reads a model that {@link #save} or the command {@code train} has written.
   *
   * @param path a folder on any Hadoop path
   * @throws InvalidInputException if the folder is not there or not whole, naming the file
   */
  public static NeuralNetworkModel load(SparkSession spark, String path) {
    LibraryCall.refuseConnect(spark);
    return LibraryCall.of(
        "Reading %s".formatted(path),
        () -> {
          ModelFolder folder = new ModelFolder(path, spark.sparkContext().hadoopConfiguration());
          ModelFolder.Saved saved = folder.read();
          return new NeuralNetworkModel(
              spark,
              saved.model(),
              saved.description(),
              folder.readHistory(),
              path,
              NeuralNetwork.giveUp(GiveUpAfter.SECONDS));
        });
  }

  /**
   * The same model, whose {@link #evaluate} ends when its tasks have been pending for so long while
   * none ran anywhere; without this what held in the fit, or {@value GiveUpAfter#SECONDS} seconds
   * after {@link #load}. Warnings come before.
   *
   * @param seconds 0 for never
   */
  public NeuralNetworkModel giveUpAfter(double seconds) {
    return new NeuralNetworkModel(
        spark, model, description, history, place, NeuralNetwork.giveUp(seconds));
  }

  /**
   * Writes the model into a folder that is not there yet.
   *
   * @throws InvalidInputException if that fails
   */
  public void save(String path) {
    save(path, false);
  }

  /**
   * Writes the model, whole or not at all.
   *
   * @param overwrite whether a model that is there may be replaced
   * @throws InvalidInputException if that fails; what was there is still there
   */
  public void save(String path, boolean overwrite) {
    LibraryCall.of(
        "Writing %s".formatted(path),
        () -> {
          new ModelFolder(path, spark.sparkContext().hadoopConfiguration())
              .write(model, description, history, overwrite);
          return path;
        });
  }

  /**
   * Adds predictions to rows, which keep their order and all their columns; they need neither label
   * nor number.
   *
   * <p>{@code prediction} (double) is the class, from 0, or the number in the unit of the targets.
   * With several targets it is an array of doubles, as it is with several labels: 1 for each that
   * the row has, else 0. {@code probability} (array of float), one for each class or label, is
   * there where the last layer is softmax or sigmoid and gives no targets.
   *
   * <p>Nothing runs until the Dataset is used. A row whose features are null, not finite or too few
   * ends the job then, with a line that shows the row. That job is the application's own: how long
   * it waits for executors is Spark's affair, not that of {@link #giveUpAfter}.
   *
   * @param rows with the columns that the features came from in training
   * @throws InvalidInputException if a column is missing, of another type, or in the way
   */
  public Dataset<Row> transform(Dataset<Row> rows) {
    LibraryCall.refuseConnect(rows.sparkSession());
    KryoSetting.refuse(rows.sparkSession());
    return LibraryCall.of(
        "Predicting", () -> Predictions.of(model, description.table(), rows, Fit.ROWS));
  }

  /**
   * Predicts all rows and compares with their labels.
   *
   * @param rows with the columns of the training; a column of weights, too, if there was one
   * @return a {@code ClassificationReport}, {@code MultiLabelReport} or {@code RegressionReport}
   * @throws InvalidInputException if the rows cannot be used, naming the first such row
   * @throws org.sparkprop.base.GaveUpException if no task could run for as long as {@link
   *     #giveUpAfter} says
   * @throws java.util.concurrent.CancellationException if the thread is interrupted; its flag is
   *     set
   * @throws IllegalStateException if Spark gives the jobs up, with what it threw as the cause
   */
  public Report evaluate(Dataset<Row> rows) {
    SparkSession session = rows.sparkSession();
    LibraryCall.refuseConnect(session);
    KryoSetting.refuse(session);
    return LibraryCall.withJobs(
        session,
        "The evaluation",
        () ->
            Watchdog.during(
                session.sparkContext(), giveUpAfter, Fit::warn, () -> evaluateHere(rows)));
  }

  private Report evaluateHere(Dataset<Row> rows) {
    TableOptions columns = TableOptions.ofWords(description.options()).after(description.table());
    TableRows table = Fit.table(rows, columns, Fit.ROWS);
    try (EvaluationJob job =
        EvaluationJob.open(rows.sparkSession(), table.rows(), model.rowFormat(Fit.ROWS))) {
      return job.run(model, place);
    } catch (InvalidInputException refused) {
      throw table.locate(refused, Fit.ROWS);
    }
  }

  /** What was measured in each epoch. */
  public List<EpochRecord> history() {
    return history;
  }

  /** Why the run ended, in words. */
  public String ending() {
    return description.ending();
  }

  /** The epoch, from 1, after which the network had these parameters. */
  public int epoch() {
    return description.epoch();
  }

  /** The name of each class, or of each output where there are no classes. */
  public List<String> labels() {
    return model.labels();
  }

  /** The columns that the features came from, in order. */
  public List<String> columns() {
    return description.features();
  }

  /** What was left out of the table, moved or doubtful, a sentence each. */
  public List<String> notes() {
    return description.notes();
  }

  /** Every option of the run, by its name on the command line. */
  public Map<String, String> options() {
    return description.options();
  }

  /** A copy of all weights and biases, in the order of {@code weights.safetensors}. */
  public float[] parameters() {
    return model.parameters().clone();
  }

  Model model() {
    return model;
  }
}
