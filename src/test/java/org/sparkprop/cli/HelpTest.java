package org.sparkprop.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** What {@code --help} shows: every option once, under a heading, with its default and a use. */
class HelpTest {
  private static final Pattern HEADING = Pattern.compile("\n\n([A-Z][a-zA-Z -]+):\n");

  /** From the line of one option to that of the next, or to the next heading. */
  private static final Pattern ENTRY =
      Pattern.compile(
          "\n(?:  -., | {6})(--[\\w-]+)(.*?)(?=\n(?:  -., | {6})--|\n\n)", Pattern.DOTALL);

  /** An example that says nothing. */
  private static final Pattern DEFAULT_AS_EXAMPLE =
      Pattern.compile("Default: (\\S+)\\. Example: \\S+ \"?\\1\"?\\s*$");

  static Stream<CommandLine> commands() {
    return Stream.of(new TrainCommand(), new EvaluateCommand(), new BenchCommand())
        .map(CommandLine::new);
  }

  private static String help(CommandLine command) {
    CommandRun run = CommandRun.of(command.getCommandName(), "--help");
    assertEquals("", run.err());
    assertEquals(0, run.status());
    return run.out();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyOptionStandsOnceWithItsDefaultAndAnExample(CommandLine command) {
    Matcher entries = ENTRY.matcher(help(command));
    List<String> found = new ArrayList<>();
    while (entries.find()) {
      String name = entries.group(1);
      found.add(name);
      if (List.of("--help", "--version", "--verbose").contains(name)) {
        continue;
      }
      String text = entries.group(2).replaceAll("\\s+", " ");
      OptionSpec option = command.getCommandSpec().findOption(name);
      assertTrue(text.contains(option.required() ? " Required." : " Default: "), name + text);
      assertEquals(option.arity().max() > 0, text.contains(" Example: " + name + " "), name + text);
      assertFalse(DEFAULT_AS_EXAMPLE.matcher(text).find(), name + text);
    }

    List<String> options = new ArrayList<>(List.of("--verbose"));
    command.getCommandSpec().options().forEach(option -> options.add(option.longestName()));
    assertEquals(options.stream().sorted().toList(), found.stream().sorted().toList());
  }

  /** So that nobody is shown what is then refused. */
  @ParameterizedTest
  @MethodSource("commands")
  void everyExampleCanBeGiven(CommandLine command) {
    Matcher examples =
        Pattern.compile(" Example: (--[\\w-]+) (\"[^\"]*\"|\\S+)")
            .matcher(help(command).replaceAll("\\s+", " "));
    while (examples.find()) {
      String value = examples.group(2).replace("\"", "");
      assertFalse(
          new CommandLine(command.getCommandSpec())
              .parseArgs(required(command, examples.group(1), value))
              .matchedOptions()
              .isEmpty());
    }
  }

  private static String[] required(CommandLine command, String name, String value) {
    Collection<String> args = new ArrayList<>(List.of(name, value));
    for (OptionSpec option : command.getCommandSpec().options()) {
      if (option.required() && !option.longestName().equals(name)) {
        args.addAll(List.of(option.longestName(), "a"));
      }
    }
    return args.toArray(String[]::new);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void noLineIsWiderThanATerminal(CommandLine command) {
    help(command).lines().forEach(line -> assertTrue(line.length() <= 100, line));
  }

  @Test
  void theHeadingsAreInTheOrderOfAReadersQuestions() {
    Matcher headings = HEADING.matcher(help(new CommandLine(new TrainCommand())));
    List<String> found = new ArrayList<>();
    while (headings.find()) {
      found.add(headings.group(1));
    }

    assertEquals(
        List.of(
            "Data",
            "Network",
            "Optimiser",
            "Learning-rate schedule",
            "Regularisation",
            "Validation and early stopping",
            "Rounds and speed",
            "Model and report",
            "General",
            "Examples"),
        found);
  }
}
