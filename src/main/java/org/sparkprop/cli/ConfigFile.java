package org.sparkprop.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.sparkprop.optim.UpdateRule;
import org.sparkprop.spark.PlainFile;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * Options from a file: {@code --config FILE} stands for a line {@code name = value} for each
 * option, before the options of the command line, which win. The form is that of Java's properties;
 * {@code conf/…} that is not on this host, as on a driver in a cluster, is read from the
 * application's jar.
 */
final class ConfigFile {
  private static final String OPTION = "--config";

  private ConfigFile() {}

  /**
   * The arguments with the options of the file put in after the command.
   *
   * @throws ParameterException if there is no such file, or it names an option that there is not
   */
  static List<String> expand(CommandLine commands, List<String> args) {
    CommandLine command = args.isEmpty() ? null : commands.getSubcommands().get(args.get(0));
    String file = valueOf(args, OPTION);
    if (command == null || file == null) {
      return args;
    }
    List<String> expanded = new ArrayList<>();
    expanded.add(args.get(0));
    Properties properties = read(command, file);
    String optimizer = valueOf(args, "--optimizer");
    if (optimizer != null && !optimizer.equals(properties.getProperty("optimizer"))) {
      // The numbers of the file are those of its own optimiser.
      UpdateRule.ALL.forEach(
          rule -> rule.hyperparameters().forEach(number -> properties.remove(number.word())));
      properties.remove("learning-rate");
      UpdateRule.ALL.stream()
          .filter(rule -> rule.isFullBatch() && rule.word().equalsIgnoreCase(optimizer.trim()))
          .forEach(rule -> properties.remove("batch-size"));
      properties.remove("weight-decay");
    }
    if (valueOf(args, "--init-from") != null) {
      properties.remove("init");
    } else if (valueOf(args, "--init") != null) {
      properties.remove("init-from");
    }
    for (String name : properties.stringPropertyNames()) {
      if (command.getCommandSpec().findOption("--" + name) == null || name.equals("config")) {
        throw new ParameterException(
            command,
            "Unknown option in %s: %s%s"
                .formatted(file, name, Suggestion.forName(name, command.getCommandSpec())));
      }
      expanded.add("--%s=%s".formatted(name, properties.getProperty(name).trim()));
    }
    expanded.addAll(args.subList(1, args.size()));
    return expanded;
  }

  /** The last value of an option among arguments, null if it is not given. */
  private static @Nullable String valueOf(List<String> args, String option) {
    String value = null;
    for (int i = 0; i < args.size(); i++) {
      if (args.get(i).startsWith(option + "=")) {
        value = args.get(i).substring(option.length() + 1);
      } else if (args.get(i).equals(option) && i + 1 < args.size()) {
        value = args.get(i + 1);
      }
    }
    return value;
  }

  private static Properties read(CommandLine command, String file) {
    Properties properties = new Properties();
    try (InputStream in = open(file)) {
      if (in == null) {
        throw new ParameterException(
            command, "Cannot read %s: no such file (must be a file of options)".formatted(file));
      }
      Reader text = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      text.mark(1);
      if (text.read() != '\ufeff') { // the byte-order mark of editors on Windows
        text.reset();
      }
      properties.load(text);
      return properties;
    } catch (IOException | IllegalArgumentException unreadable) {
      throw new ParameterException(
          command, "Cannot read %s: %s".formatted(file, unreadable.getMessage()));
    }
  }

  private static @Nullable InputStream open(String file) throws IOException {
    Path path = Path.of(file);
    if (Files.exists(path)) {
      if (!path.startsWith("/dev")
          && !path.startsWith("/proc")) { // where a shell has what it writes
        PlainFile.refuseSpecial(path);
      }
      return Files.newInputStream(path);
    }
    Path parent = path.getParent();
    boolean isOurs = parent != null && parent.endsWith("conf");
    return isOurs ? ConfigFile.class.getResourceAsStream("/conf/" + path.getFileName()) : null;
  }
}
