package org.sparkprop.cli;

import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.cluster.GiveUpAfter;
import org.sparkprop.data.RowFormat;
import org.sparkprop.data.source.Part;
import org.sparkprop.data.source.RowSource;
import org.sparkprop.eval.EvaluationJob;
import org.sparkprop.eval.Report;
import org.sparkprop.eval.ReportText;
import org.sparkprop.model.Model;
import org.sparkprop.model.ModelFolder;
import org.sparkprop.nn.blas.BlasChoice;
import org.sparkprop.spark.Storage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code evaluate}: reports how good a model is on a part of a data set. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    versionProvider = Versions.class,
    synopsisHeading = "%nUsage: ",
    customSynopsis =
        "./submit.sh [spark-submit options] evaluate --model FOLDER --data DATA [options]",
    descriptionHeading = "%n",
    description =
        "Reports how good a model is on rows: of classes accuracy with its 95 %% interval, F1,"
            + " areas under curves and the confusion matrix; of labels and numbers theirs.",
    footer = {
      "",
      "Examples:",
      "  ./submit.sh evaluate --model models/mnist --data mnist --part test --report report",
      "  ./submit.sh evaluate --model models/mnist --data mnist --part \"train[50000:60000]\""
    })
final class EvaluateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "FOLDER",
      description = "The model folder that train wrote.")
  private String model;

  @Mixin private DataArgument data;

  @Option(
      names = "--part",
      paramLabel = "PART",
      description =
          "The part of the data, or a cut of it: test, train[50000:60000] (the end is not"
              + " included). Default: test; all of a table without parts.")
  private @Nullable String part;

  @Option(
      names = "--report",
      paramLabel = "FOLDER",
      description = "Where report.json is written, replacing one that is there. Default: nowhere.")
  private @Nullable String report;

  @Mixin private BlasArgument blas;

  @Mixin private GiveUpArgument giveUp;

  /** For picocli, which fills the fields. */
  @SuppressWarnings("NullAway.Init")
  EvaluateCommand() {}

  @Override
  public Integer call() {
    @Nullable Part named;
    BlasChoice choice;
    GiveUpAfter patience;
    try {
      data.source(null); // for its refusals, before Spark starts
      named = part == null ? null : Part.parse(part);
      choice = blas.choice();
      patience = giveUp.choice();
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(spec.commandLine(), wrong.getMessage(), wrong);
    }
    Paths.check(spec, "--model", model);
    if (report != null) {
      Paths.check(spec, "--report", report);
    }
    try (SparkRun run = SparkRun.start("evaluate", choice, patience)) {
      SparkSession spark = run.session();
      Configuration hadoop = spark.sparkContext().hadoopConfiguration();
      ModelFolder.Saved saved = new ModelFolder(model, hadoop).read();
      Model trained = saved.model();
      System.out.printf("model: %s, %s%n", model, trained.network().topology());
      if (report != null) {
        Storage.checkWritable(Storage.path(report), hadoop);
      }
      RowSource source = data.sourceFor(saved.description());
      source.prepare(spark, System.out::println);
      Part cut = named == null ? Part.parse(source.partToEvaluate(spark)) : named;
      Report found;
      String name = source + " " + cut;
      RowFormat format = trained.rowFormat(name);
      try (EvaluationJob job = EvaluationJob.open(spark, source.rows(spark, cut), format)) {
        found = job.run(trained, model);
      } catch (InvalidInputException refused) {
        throw source.locate(cut, refused);
      }
      System.out.printf("%n%s%n", ReportText.of(found));
      if (report != null) {
        found.write(report, hadoop);
        System.out.printf(
            "%nreport: %s%n", Storage.child(Storage.path(report), ModelFolder.REPORT));
      }
      return 0;
    }
  }
}
