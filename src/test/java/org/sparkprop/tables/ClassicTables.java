package org.sparkprop.tables;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.sparkprop.cli.CommandRun;

/**
 * What {@code train} makes of the five classic tables, beside scikit-learn, for the page of tables
 * in the guide. Not a test: it takes minutes.
 *
 * <p>Arguments: the folder that {@code sklearn_tables.py} has written, then {@code name=value} of
 * {@code tables}, {@code splits}, {@code seeds} (such as {@code splits=0-9}), and one or more
 * configurations: the options of {@code train} beside data, label, layers and seed, such as {@code
 * "--batch-size 32"}, or an empty word for none.
 */
public final class ClassicTables {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final JsonNode theirs;
  private final Map<String, String> chosen = new TreeMap<>();
  private final List<String> configurations = new ArrayList<>();
  private final Path models = Files.createTempDirectory("tables");

  private ClassicTables(Path folder, List<String> arguments) throws IOException {
    this.folder = folder;
    this.theirs = JSON.readTree(folder.resolve("sklearn.json").toFile()).get("tables");
    for (String argument : arguments) {
      if (argument.matches("(tables|splits|seeds)=.*")) {
        int equals = argument.indexOf('=');
        chosen.put(argument.substring(0, equals), argument.substring(equals + 1));
      } else {
        configurations.add(argument);
      }
    }
  }

  public static void main(String[] arguments) throws IOException {
    Locale.setDefault(Locale.US);
    List<String> words = Arrays.asList(arguments);
    new ClassicTables(Path.of(words.get(0)), words.subList(1, words.size())).run();
    System.exit(0); // Spark's session has no other end
  }

  /** A figure of each run: {@code of[split][seed]}. */
  private static final class Scores {
    private final double[][] of;

    Scores(double[][] of) {
      this.of = of;
    }

    /** The means of the seeds; those of different splits know nothing of each other. */
    private double[] bySplit() {
      return Arrays.stream(of)
          .mapToDouble(seeds -> Arrays.stream(seeds).average().orElseThrow())
          .toArray();
    }

    double mean() {
      return Arrays.stream(bySplit()).average().orElseThrow();
    }

    double standardError() {
      double[] values = bySplit();
      double mean = mean();
      double squares = Arrays.stream(values).map(value -> (value - mean) * (value - mean)).sum();
      return Math.sqrt(squares / (values.length - 1) / values.length);
    }

    Scores minus(Scores other) {
      double[][] differences = new double[of.length][];
      for (int split = 0; split < of.length; split++) {
        double[] mine = of[split];
        double[] others = other.of[split];
        differences[split] =
            IntStream.range(0, mine.length).mapToDouble(i -> mine[i] - others[i]).toArray();
      }
      return new Scores(differences);
    }

    @Override
    public String toString() {
      return "%.4f ± %.4f".formatted(mean(), standardError());
    }
  }

  private void run() throws IOException {
    System.out.printf(
        "splits %s, seeds %s; ± is one standard error over splits%n",
        numbers("splits", "0-9"), numbers("seeds", "1-3"));
    System.out.println(
        "| table | options | scikit-learn | sparkprop | difference | updates | CPU |");
    System.out.println("|---|---|---|---|---|---|---|");
    List<String> tables = new ArrayList<>();
    if (chosen.containsKey("tables")) {
      tables.addAll(List.of(chosen.get("tables").split(",", -1)));
    } else {
      theirs.fieldNames().forEachRemaining(tables::add);
    }
    for (String table : tables) {
      for (String configuration : configurations) {
        compare(table, configuration);
      }
    }
  }

  private void compare(String table, String configuration) throws IOException {
    List<Integer> splits = numbers("splits", "0-9");
    List<Integer> seeds = numbers("seeds", "1-3");
    double[][] ours = new double[splits.size()][seeds.size()];
    double[][] others = new double[splits.size()][seeds.size()];
    double[][] updates = new double[splits.size()][seeds.size()];
    long before = cpuTime();
    for (int i = 0; i < splits.size(); i++) {
      for (int j = 0; j < seeds.size(); j++) {
        String split = splits.get(i).toString();
        String seed = seeds.get(j).toString();
        Fitted fitted = fit(table, split, seed, configuration);
        ours[i][j] = fitted.score;
        updates[i][j] = fitted.updates;
        others[i][j] =
            theirs.get(table).at("/splits/%s/%s/score".formatted(split, seed)).asDouble();
      }
    }
    double seconds = (cpuTime() - before) / 1e9 / (splits.size() * seeds.size());
    Scores mine = new Scores(ours);
    Scores their = new Scores(others);
    System.out.printf(
        "| %s | `%s` | %s | %s | %s | %.0f | %.1f s |%n",
        table, configuration, their, mine, mine.minus(their), new Scores(updates).mean(), seconds);
  }

  /** What came out of a run. */
  private record Fitted(double score, long updates) {}

  private Fitted fit(String table, String split, String seed, String configuration)
      throws IOException {
    Path model = models.resolve("model");
    JsonNode facts = theirs.get(table);
    List<String> words = new ArrayList<>();
    words.addAll(
        List.of("train", "--data", folder.resolve(table.replace(' ', '-')).resolve(split) + ""));
    words.addAll(List.of("--label", "label", "--layers", facts.get("layers").asText()));
    words.addAll(List.of("--model", model.toString(), "--overwrite", "--seed", seed));
    Stream.of(configuration.split(" +", -1)).filter(word -> !word.isEmpty()).forEach(words::add);
    CommandRun run = CommandRun.of(words.toArray(String[]::new));
    if (run.status() != 0) {
      throw new IllegalStateException(String.join(" ", words) + "\n" + run.out() + run.err());
    }
    JsonNode report = JSON.readTree(model.resolve("report.json").toFile());
    return new Fitted(report.get(facts.get("metric").asText()).asDouble(), updates(model));
  }

  /** With local steps, a round has many. */
  private static long updates(Path model) throws IOException {
    JsonNode options = JSON.readTree(model.resolve("model.json").toFile()).get("options");
    long batch = options.get("batch-size").asLong();
    long updates = 0;
    for (String epoch : Files.readAllLines(model.resolve("history.jsonl"))) {
      updates += (JSON.readTree(epoch).get("rows").asLong() + batch - 1) / batch;
    }
    return updates;
  }

  private static long cpuTime() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  /** The numbers of a range such as 0-9. */
  private List<Integer> numbers(String name, String unlessChosen) {
    int[] ends =
        Stream.of(chosen.getOrDefault(name, unlessChosen).split("-", -1))
            .mapToInt(Integer::parseInt)
            .toArray();
    return IntStream.rangeClosed(ends[0], ends[ends.length - 1]).boxed().toList();
  }
}
