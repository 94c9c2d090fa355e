package org.sparkprop.cli;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.sparkprop.SparkpropPlugin;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.base.Words;
import org.sparkprop.cluster.GiveUpAfter;
import org.sparkprop.cluster.SparkStart;
import org.sparkprop.cluster.Watchdog;
import org.sparkprop.model.BlasOfJvm;
import org.sparkprop.nn.blas.Blas;
import org.sparkprop.nn.blas.BlasChoice;
import org.sparkprop.nn.blas.BlasException;
import org.sparkprop.spark.BuildVersions;
import org.sparkprop.spark.LoginUser;
import org.sparkprop.train.ExecutorBlas;

/**
 * Spark for the time of one command; says in one line what runs. A session that was there before,
 * as where an application calls the commands, is used as it is and stays.
 */
final class SparkRun implements AutoCloseable {
  private static final int OLDEST_SPARK = 4;
  private static final int MAX_LOOKS = 20;
  private static final int MILLIS_BETWEEN_LOOKS = 250;

  /** The second number is of attempts. */
  private static final String LOCAL = "local\\[\\s*(\\*|0*[1-9]\\d*)\\s*(,\\s*\\d+\\s*)?\\]";

  private final SparkSession spark;
  private final boolean isOurs;
  private final Watchdog watchdog;

  private SparkRun(SparkSession spark, boolean isOurs, Watchdog watchdog) {
    this.spark = spark;
    this.isOurs = isOurs;
    this.watchdog = watchdog;
  }

  /**
   * Starts Spark, with this BLAS on the driver and on every executor.
   *
   * @param giveUpAfter how long the run waits where no task can run
   * @throws BlasException if the driver cannot have it
   * @throws InvalidInputException if an executor cannot have it, or there is no Spark to be had
   */
  static SparkRun start(String command, BlasChoice blas, GiveUpAfter giveUpAfter) {
    Map<String, String> versions = BuildVersions.all();
    String version = String.valueOf(versions.get("spark"));
    if (Integer.parseInt(version.split("\\.", 2)[0]) < OLDEST_SPARK) {
      throw new InvalidInputException(
          "Spark %s is too old (must be %d.0 or newer; unset SPARK_HOME for Spark from Maven)"
              .formatted(version, OLDEST_SPARK));
    }
    Blas.use(blas); // before Spark, so that a refusal comes at once
    SparkConf given = new SparkConf();
    refuseConnect(given);
    String master = given.get("spark.master", "local[*]");
    refuseLocalOfNoCores(master);
    refuseTasksThatFitNowhere(given);
    String givenName = LoginUser.ensure();
    try {
      SparkSession others = sessionOfOthers();
      SparkSession spark =
          others != null
              ? others
              : SparkStart.watched(
                  master, giveUpAfter, Console::warn, () -> session(command, blas));
      Shutdown.ofJobs(spark.sparkContext());
      SparkRun run =
          new SparkRun(
              spark,
              others == null,
              Watchdog.start(spark.sparkContext(), giveUpAfter, Console::warn));
      try {
        if (others != null) {
          SparkpropPlugin.refuseUnlessOnExecutors(spark.sparkContext(), blas);
          warnOfSettings(spark.sparkContext());
        }
        int cores = cores(spark);
        refuseExecutorsWithoutBlas();
        System.out.printf(
            "sparkprop %s, Spark %s, %s, %s, BLAS: %s%n",
            versions.get("sparkprop"),
            version,
            spark.sparkContext().master(),
            Words.count(cores, "core"),
            Blas.name());
        if (givenName != null) {
          System.out.printf(
              "user: %s, as the system has no name for this one (HADOOP_USER_NAME gives another)%n",
              givenName);
        }
        if (spark.sparkContext().isLocal()) {
          warnOfSlowBlas();
        }
      } catch (Throwable failed) {
        run.close();
        throw failed;
      }
      ExecutorBlas.watch(SparkRun::print);
      return run;
    } catch (IllegalStateException stopped) {
      // Spark stops its context, from another thread, when it gives a master up.
      throw new InvalidInputException(
          "Cannot start Spark on %s: it does not answer as a master of Spark does, or has ended the application"
              .formatted(master),
          stopped);
    }
  }

  SparkSession session() {
    return spark;
  }

  @Override
  public void close() {
    ExecutorBlas.unwatch();
    watchdog.close(); // first: what ends now has to end
    if (Shutdown.hasBegun()) {
      return; // Spark stops itself, and the process need not wait for it twice
    }
    if (isOurs) {
      Shutdown.quietly(spark::stop);
    }
  }

  /** A session somewhere else has no RDD. */
  private static void refuseConnect(SparkConf given) {
    String remote = given.get("spark.remote", "");
    if (!remote.isEmpty()) {
      throw new InvalidInputException(
          "Cannot use --remote %s: a Spark Connect session has no partitions to train on; use --master"
              .formatted(remote));
    }
  }

  private static SparkSession session(String command, BlasChoice blas) {
    SparkSession.Builder builder = SparkSession.builder().appName("sparkprop " + command);
    SessionSettings.of(new SparkConf(), blas).forEach(builder::config);
    return builder.getOrCreate();
  }

  /** Who has started it stops it. */
  private static @Nullable SparkSession sessionOfOthers() {
    // Where there is an environment there is a context, and a session is made of it.
    return SparkEnv.get() == null ? null : SparkSession.builder().getOrCreate();
  }

  /** What a command would have set cannot be set any more. */
  private static void warnOfSettings(SparkContext others) {
    List<String> missing = SessionSettings.missingIn(others.getConf());
    if (!missing.isEmpty()) {
      Console.warn(
          "this command uses the Spark session that is there, which is without %s (give the session these settings, or run the command where there is none)"
              .formatted(String.join(", ", missing)));
    }
  }

  private static void refuseLocalOfNoCores(String master) {
    if (master.startsWith("local[") && !master.matches(LOCAL)) {
      throw new InvalidInputException(
          "Invalid --master: %s (must be local[N], of N cores > 0, or local[*] for all)"
              .formatted(master));
    }
  }

  /** Where it is certain before Spark starts; else the watchdog finds it. */
  private static void refuseTasksThatFitNowhere(SparkConf given) {
    int ofTask = given.getInt("spark.task.cpus", 1);
    String ofExecutor = given.get("spark.executor.cores", "");
    String master = given.get("spark.master", "");
    Matcher local = Pattern.compile("local(?:\\[(\\d+)(?:,\\s*\\d+)?\\])?").matcher(master);
    if (local.matches()) {
      ofExecutor = local.group(1) == null ? "1" : local.group(1);
    }
    if (!ofExecutor.isBlank() && Integer.parseInt(ofExecutor.trim()) < ofTask) {
      throw new InvalidInputException(
          "Invalid spark.task.cpus: %d (must be <= %s, the cores of an executor: give --executor-cores, or less of it)"
              .formatted(ofTask, ofExecutor.trim()));
    }
  }

  private static void refuseExecutorsWithoutBlas() {
    for (ExecutorBlas executor : ExecutorBlas.all()) {
      if (executor.isRefused()) {
        throw new InvalidInputException("%s: %s".formatted(executor, executor.problem()));
      }
    }
  }

  /** Executors say it themselves. */
  private static void warnOfSlowBlas() {
    String problem = BlasOfJvm.here().problem();
    if (!problem.isEmpty()) {
      Console.warn(problem);
    }
  }

  /** An executor that is there, or that came later. */
  private static void print(ExecutorBlas executor) {
    if (!executor.isRefused()) {
      System.out.printf(
          "%s, %s, BLAS: %s%n", executor, Words.count(executor.cores(), "core"), executor.blas());
    }
    if (!executor.problem().isEmpty()) {
      Console.warn("%s: %s".formatted(executor, executor.problem()));
    }
  }

  /** Cores of all executors; on a cluster, once no further executor registers. */
  private static int cores(SparkSession spark) {
    int cores = spark.sparkContext().defaultParallelism();
    if (spark.sparkContext().isLocal()) {
      return cores;
    }
    // The first job waits for the first executor; the watchdog says so if there is none.
    JavaSparkContext.fromSparkContext(spark.sparkContext()).parallelize(List.of(1), 1).collect();
    int stable = 0;
    for (int look = 0; look < MAX_LOOKS && stable < MAX_LOOKS / 4; look++) {
      sleep();
      int now = spark.sparkContext().defaultParallelism();
      stable = now == cores ? stable + 1 : 0;
      cores = now;
    }
    return cores;
  }

  private static void sleep() {
    try {
      Thread.sleep(MILLIS_BETWEEN_LOOKS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
