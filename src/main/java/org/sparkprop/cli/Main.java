package org.sparkprop.cli;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code ./submit.sh [spark-submit options] [command] [options]}. */
@Command(
    name = "submit.sh",
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    header = "Trains fully connected neural networks on Apache Spark.",
    synopsisHeading = "%nUsage: ",
    customSynopsis = "./submit.sh [spark-submit options] [command] [options]",
    description = {
      "",
      "Without a command: train, with conf/mnist.conf.",
      "Options before the command, such as --master or --driver-memory, go to spark-submit.",
      ""
    },
    commandListHeading = "Commands:%n",
    footer = {
      "",
      "  ./submit.sh",
      "  ./submit.sh train --data mnist --layers \"128 relu, 10 softmax\" --model models/mnist",
      "  ./submit.sh --master spark://host:7077 evaluate --model models/mnist --data mnist",
      "",
      "Exit status: 0 done, 1 failed, 2 wrong usage, 130 interrupted, 143 terminated."
    },
    subcommands = {
      TrainCommand.class,
      EvaluateCommand.class,
      BenchCommand.class,
      HelpCommand.class
    })
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Print the stack trace of an error.")
  private boolean verbose;

  /** For picocli, which fills the fields. */
  @SuppressWarnings("NullAway.Init")
  private Main() {}

  public static void main(String[] args) {
    Shutdown.install();
    int status;
    try {
      status = run(args);
    } finally {
      Shutdown.commandEnded();
    }
    Shutdown.sayNoMore(); // threads of Spark may still end
    if (status != 0) {
      // Returning would be status 0. A successful run returns, so that a cluster sees it as such.
      System.exit(status);
    }
  }

  /** Without a command, which {@code submit.sh} never is. */
  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "Missing command: train, evaluate or bench (submit.sh --help tells more)");
  }

  /** Runs a command, and gives the exit status. */
  static int run(String... args) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    System.setOut(new MaskedOutput(out));
    System.setErr(new MaskedOutput(err));
    try {
      return runCommand(args);
    } finally {
      System.out.flush();
      System.setOut(out);
      if (!Shutdown.hasBegun()) {
        System.setErr(err);
      }
    }
  }

  private static int runCommand(String... args) {
    Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT); // the same report in every country
    Main main = new Main();
    CommandLine commands = new CommandLine(main);
    commands.setOverwrittenOptionsAllowed(true); // the command line wins over --config
    commands.setUsageHelpWidth(100);
    HelpText.arrange(commands);
    commands.setParameterExceptionHandler((refused, given) -> Failure.of(refused).print());
    commands.setExecutionExceptionHandler(
        (failed, command, given) -> Failure.of(failed).print(main.verbose));
    try {
      List<String> expanded = ConfigFile.expand(commands, List.of(args));
      return commands.execute(expanded.toArray(String[]::new));
    } catch (ParameterException refused) {
      return Failure.of(refused).print();
    } catch (Error failed) { // picocli takes exceptions only
      return Failure.of(failed).print(main.verbose);
    }
  }
}
