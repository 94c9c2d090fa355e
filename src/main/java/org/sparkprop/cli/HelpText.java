package org.sparkprop.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Layout;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The options of a command's help, under headings, each with its default and an example. */
final class HelpText {
  private HelpText() {}

  /** Lets these commands show their options so. */
  static void arrange(CommandLine commands) {
    commands
        .getSubcommands()
        .values()
        .forEach(
            command ->
                command
                    .getHelpSectionMap()
                    .put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, HelpText::options));
  }

  private static String options(Help help) {
    CommandSpec command = help.commandSpec();
    StringBuilder text = new StringBuilder();
    for (HelpSection section : HelpSection.of(command.name())) {
      List<OptionSpec> options = new ArrayList<>();
      for (Map.Entry<String, String> example : section.examples().entrySet()) {
        OptionSpec option = command.findOption(example.getKey());
        if (option != null) {
          options.add(complete(option, example.getKey(), example.getValue()));
        }
      }
      if (!options.isEmpty()) {
        Layout layout = help.createDefaultLayout();
        layout.addOptions(options, help.createDefaultParamLabelRenderer());
        text.append("%n%s:%n%s".formatted(section.heading(), layout));
      }
    }
    return text.toString();
  }

  /** The option with what its description need not say itself. */
  private static OptionSpec complete(OptionSpec option, String name, String example) {
    if (option.usageHelp() || option.versionHelp()) {
      return option;
    }
    List<String> description = new ArrayList<>(Arrays.asList(option.description()));
    int last = description.size() - 1;
    String need = option.required() ? " Required." : "";
    String off = example.isEmpty() ? " Default: off." : "";
    String given = example.isEmpty() ? "" : " Example: %s %s".formatted(name, quoted(example));
    description.set(last, description.get(last) + need + off + given);
    return OptionSpec.builder(option).description(description.toArray(String[]::new)).build();
  }

  /** As a shell needs it. */
  private static String quoted(String value) {
    return value.matches("[\\w.,/=-]+") ? value : '"' + value + '"';
  }
}
