package org.sparkprop.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sparkprop.Fuzz;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** A damaged file of options is wrong usage, in one line. */
@Tag("long")
@Tag("fuzz")
class DamagedConfigTest {
  private static final String[] LINES = {
    "epochs = " + "9".repeat(5_000),
    "x".repeat(50_000) + " = 1",
    "layers = " + "1,".repeat(5_000),
    "learning-rate = NaN",
    "seed = \\uZZZZ",
    "config = self",
    "= 1",
    "epochs",
    "model =",
    "epochs = 1\\\n2",
    "[section]",
    "\u0000\u0001"
  };

  @TempDir Path scratch;

  private Object expand(Path file) {
    CommandLine commands = new CommandLine(new HelpOnly());
    commands.addSubcommand("train", new TrainCommand());
    commands.setOverwrittenOptionsAllowed(true);
    try {
      List<String> options =
          ConfigFile.expand(commands, List.of("train", "--config", file.toString()));
      commands.parseArgs(options.toArray(String[]::new));
      return options;
    } catch (ParameterException refused) { // as the user sees it
      throw new ParameterException(commands, Failure.of(refused).line(), refused);
    }
  }

  /** Opening it would wait for somebody who writes; what a shell hands over is another thing. */
  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aNamedPipeIsRefused() throws Exception {
    Path pipe = scratch.resolve("job.conf");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());

    assertEquals(
        "Cannot read %s: it is a named pipe, a socket or a device (must be a file)".formatted(pipe),
        assertThrows(ParameterException.class, () -> expand(pipe)).getMessage());
  }

  @CommandLine.Command(name = "none")
  private static final class HelpOnly {}

  @Test
  void anyDamageOfAFileOfOptionsIsReadOrRefused() throws IOException {
    Path file = scratch.resolve("job.conf");
    Files.writeString(
        file,
        """
        # a job
        data = mnist
        layers = 128 relu, 10 softmax
        epochs = 10
        batch-size = 512
        learning-rate = 0.1
        model = models/mnist
        """);
    Fuzz.check(file, Fuzz::bytes, () -> expand(file), null, ParameterException.class, "");
    Fuzz.check(
        file,
        DamagedConfigTest::withAnotherLine,
        () -> expand(file),
        null,
        ParameterException.class,
        "");
  }

  private static byte[] withAnotherLine(byte[] whole, Random random) {
    String[] lines = new String(whole, StandardCharsets.UTF_8).split("\n");
    lines[random.nextInt(lines.length)] = LINES[random.nextInt(LINES.length)];
    return String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
  }
}
