package org.sparkprop.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkprop.data.source.idx.IdxFiles;

/** The commands from rows to report, in this JVM; the script around them has a test of its own. */
class CommandsTest {
  @TempDir static Path shared;

  private static @Nullable CommandRun trained;

  @TempDir Path scratch;

  private JsonNode json(String file) throws IOException {
    return json(scratch, file);
  }

  private static JsonNode json(Path folder, String file) throws IOException {
    return new ObjectMapper().readTree(folder.resolve(file).toFile());
  }

  /** A model that was trained once, for all that read it. */
  private static CommandRun trained() throws IOException {
    CommandRun run = trained;
    if (run == null) {
      run = train("model");
      trained = run;
    }
    return run;
  }

  private static CommandRun train(String model) throws IOException {
    Path data = shared.resolve("idx");
    if (!Files.exists(data)) {
      IdxFiles.folder(data, 300, 100, 5);
    }
    Path config =
        Files.writeString(
            shared.resolve("job.conf"),
            "# a job\nlayers = 16 relu, 5 softmax\nepochs = 30\nbatch-size = 32\nlearning-rate = 0.01\nvalidation = 0.1\n");
    return CommandRun.of(
        "train",
        "--config=" + config,
        "--data",
        data.toString(),
        "--epochs",
        "20",
        "--model",
        shared.resolve(model).toString());
  }

  @Test
  void trainingPrintsItsLinesAndWritesTheModelWithItsReport() throws IOException {
    CommandRun run = trained();

    assertEquals("", run.err());
    assertEquals(0, run.status());
    String[] lines = run.out().split("\n", -1);
    assertTrue(
        lines[0].matches("sparkprop .*, Spark 4\\.\\S+, local\\[2\\], 2 cores, BLAS: \\S+.*"),
        lines[0]);
    assertTrue(
        lines[1].matches(
            "data: .*idx train, 2\\d\\d rows of 4 features and \\d+ for validation, 1 shard, 8 bytes per row, 0.0 MB"),
        lines[1]);
    assertEquals( // 16 rows of 4 + 1 + 2 · (16 + 5) numbers, and two gradients: 4,328 bytes
        "model: 4 → 16 relu → 5 softmax, 165 parameters, softmax-cross-entropy, adam 0.01, batches of 32 rows, 0.0 MB of buffers per core",
        lines[2]);
    assertEquals(
        "history: %s.history.jsonl (moved into the model when it is written)"
            .formatted(shared.resolve("model")),
        lines[3]);
    assertFalse(Files.exists(shared.resolve("model.history.jsonl")));
    assertTrue(
        lines[4].matches(
            "epoch  1/20  loss +\\S+  validation loss +\\S+  accuracy +\\S+ %  rate  0.01000 +\\S+ s +\\S+ rows/s"),
        lines[4]);
    assertTrue(lines[23].startsWith("epoch 20/20  "), lines[23]);
    assertEquals("model: " + shared.resolve("model"), lines[24], "before it is evaluated");
    assertTrue(
        lines[26].matches("100 rows of .*idx test: accuracy \\S+ % \\(95 % interval .*"),
        lines[26]);
    JsonNode report = json(shared, "model/report.json");
    assertEquals(100, report.get("rows").asInt());
    assertTrue(report.get("accuracy").asDouble() > 0.9, report.toString());
    JsonNode description = json(shared, "model/model.json");
    assertEquals("20", description.get("options").get("epochs").asText(), "the command line wins");
    assertEquals("32", description.get("options").get("batch-size").asText());
    assertEquals("auto", description.get("options").get("blas").asText());
    assertEquals(20, Files.readAllLines(shared.resolve("model/history.jsonl")).size());
  }

  @Test
  void anEvaluationGivesTheAccuracyThatTrainingReported() throws IOException {
    trained();

    CommandRun run =
        CommandRun.of(
            "evaluate",
            "--model",
            shared.resolve("model").toString(),
            "--data",
            shared.resolve("idx").toString(),
            "--report",
            scratch.resolve("reports/today").toString());

    assertEquals("", run.err());
    assertEquals(0, run.status());
    JsonNode trained = json(shared, "model/report.json");
    JsonNode evaluated = json(scratch, "reports/today/report.json");
    assertEquals(trained.get("accuracy"), evaluated.get("accuracy"));
    assertEquals(trained.get("loss"), evaluated.get("loss"));
    assertEquals(trained.get("confusion"), evaluated.get("confusion"));
  }

  @Test
  void theCommandLineWinsOverTheFile() throws IOException {
    Path config =
        Files.writeString(
            scratch.resolve("job.conf"),
            "data = spiral(5)\nlayers = 3 softmax\nepochs = 1\noptimizer = sgd\nlearning-rate = 0.3\nmomentum = 0.5\nnesterov = true\noverwrite = true\n");
    String model = scratch.resolve("model").toString();

    CommandRun.of("train", "--config", config.toString(), "--model", model);
    JsonNode fromFile = json("model/model.json").get("options");
    assertEquals("1.0", fromFile.get("nesterov").asText());
    assertEquals("0.5", fromFile.get("momentum").asText());

    CommandRun.of("train", "--config", config.toString(), "--model", model, "--nesterov=false");
    assertEquals("0.0", json("model/model.json").get("options").get("nesterov").asText());

    CommandRun other =
        CommandRun.of("train", "--config", config.toString(), "--model", model, "--optimizer=adam");
    assertEquals("", other.err());
    assertEquals("0.001", json("model/model.json").get("options").get("learning-rate").asText());
  }

  @Test
  void aSecondRunGivesTheSameBytes() throws IOException {
    trained();
    train("second");

    assertArrayEquals(
        Files.readAllBytes(shared.resolve("model/weights.safetensors")),
        Files.readAllBytes(shared.resolve("second/weights.safetensors")));
  }

  @Test
  void aPartCanBeCut() throws IOException {
    trained();

    CommandRun run =
        CommandRun.of(
            "evaluate",
            "--model",
            shared.resolve("model").toString(),
            "--data",
            shared.resolve("idx").toString(),
            "--part",
            "train[250:299]");

    assertTrue(
        run.out().contains("49 rows of " + shared.resolve("idx") + " train[250:299]: "), run.out());
  }

  @Test
  void localStepsThatWereMeasuredArePrintedAndRecorded() throws IOException {
    CommandRun run =
        CommandRun.of(
            "train",
            "--data",
            "spiral",
            "--layers",
            "8 relu, 3 softmax",
            "--epochs",
            "2",
            "--batch-size",
            "2",
            "--workers",
            "2",
            "--local-steps",
            "auto",
            "--model",
            scratch.resolve("model").toString());

    assertEquals("", run.err());
    assertEquals(0, run.status());
    Matcher chosen = Pattern.compile("\nlocal steps: (\\d+)\\D").matcher(run.out());
    assertTrue(chosen.find(), run.out());
    int steps = Integer.parseInt(chosen.group(1));
    // A worker has about 75 steps an epoch, and fewer than two are not local steps.
    assertTrue(steps >= 2 && steps <= 100, run.out());
    JsonNode options = json("model/model.json").get("options");
    assertEquals(chosen.group(1), options.get("local-steps").asText());
    assertEquals("2", options.get("workers").asText());
    assertEquals(2, Files.readAllLines(scratch.resolve("model/history.jsonl")).size());
  }

  @Test
  void aRunWithoutAnEpochLeavesNothing() throws IOException {
    CommandRun run =
        CommandRun.of(
            "train",
            "--data",
            "spiral(5)",
            "--layers",
            "9 relu, 3",
            "--task",
            "classification",
            "--optimizer",
            "sgd",
            "--learning-rate",
            "1e38",
            "--batch-size",
            "1",
            "--model",
            scratch.resolve("model").toString());

    assertEquals(1, run.status());
    assertTrue(run.err().contains("Training diverged"), run.err());
    assertFalse(run.out().contains("epoch "), run.out());
    assertEquals(0, scratch.toFile().list().length);
  }

  /** With a file made for another optimiser, whose batches L-BFGS does not take. */
  @Test
  void lbfgsEndsWhenItHasConvergedAndSaysSo() throws IOException {
    Path config =
        Files.writeString(
            scratch.resolve("job.conf"),
            "data = spiral(20)\nlayers = 3 softmax\nepochs = 1000\noptimizer = sgd\nmomentum = 0.5\nbatch-size = 5\n");
    CommandRun run =
        CommandRun.of(
            "train",
            "--config=" + config,
            "--optimizer=lbfgs",
            "--history=5",
            "--tolerance=1e-5",
            "--model",
            scratch.resolve("model").toString());

    assertEquals("", run.err());
    assertEquals(0, run.status());
    assertTrue(run.out().contains(", lbfgs 1.0, batches of 60 rows, "), run.out());
    Matcher end = Pattern.compile("\nended in epoch (\\d+): (\\D+)\n").matcher(run.out());
    assertTrue(end.find(), run.out());
    List<String> history = Files.readAllLines(scratch.resolve("model/history.jsonl"));
    assertEquals(Integer.parseInt(end.group(1)), history.size());
    assertTrue(history.size() < 100, run.out());
    JsonNode last = new ObjectMapper().readTree(history.get(history.size() - 1));
    assertTrue(last.get("rounds").asInt() > history.size(), "the start is a round, too");
    JsonNode options = json("model/model.json").get("options");
    assertEquals("lbfgs", options.get("optimizer").asText());
    assertEquals("5", options.get("history").asText());
    assertEquals("1.0E-5", options.get("tolerance").asText());
  }

  @Test
  void everyOptionIsInTheHelp() {
    CommandRun run = CommandRun.of("train", "--help");

    assertEquals(0, run.status());
    for (String option :
        new String[] {
          "--data",
          "--layers",
          "--momentum",
          "--nesterov",
          "--beta2",
          "--history",
          "--tolerance",
          "--blas",
          "--config"
        }) {
      assertTrue(run.out().contains(option), option);
    }
    assertTrue(CommandRun.of("--help").out().contains("Exit status"));
    assertTrue(CommandRun.of("--version").out().startsWith("sparkprop "));
  }

  /** Real measurements, short ones: what they are is not known, but that each is there. */
  @Test
  @Tag("long")
  void benchMeasuresEveryPartAndWritesItsFigures() throws IOException {
    String file = scratch.resolve("figures/bench.json").toString();
    CommandRun run =
        CommandRun.of(
            "bench",
            "--layers",
            "6 relu, 3 softmax",
            "--features",
            "5",
            "--batch-size",
            "64",
            "--local-steps",
            "3",
            "--workers",
            "2",
            "--seconds",
            "0.1",
            "--json",
            file);

    assertEquals("", run.err());
    assertEquals(0, run.status());
    assertTrue(run.out().contains("executor driver on "), run.out());
    assertTrue(run.out().contains("with --local-steps 3 --workers 2"), run.out());
    JsonNode figures = json("figures/bench.json");
    assertEquals(57, figures.get("parameters").asInt());
    assertEquals(9, figures.get("bytes_per_row").asInt());
    assertEquals(2, figures.get("cores").asInt());
    for (String figure :
        List.of(
            "/executors/0/sgemm_gflops",
            "/kernel_rows_per_second",
            "/kernel_share_of_peak",
            "/empty_job_ms",
            "/gradient_averaging/rows_per_second",
            "/gradient_averaging/round_ms/compute",
            "/gradient_averaging/round_ms/collect",
            "/local_steps/round_ms/update")) {
      assertTrue(figures.at(figure).asDouble() > 0, figure + " of " + figures);
    }
  }
}
