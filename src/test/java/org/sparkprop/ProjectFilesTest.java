package org.sparkprop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkprop.cli.CommandRun;

/** What a checkout must be, wherever it is made. */
class ProjectFilesTest {
  @TempDir Path scratch;

  /** {@code core.autocrlf}, which Git for Windows sets, would end bash's lines in CR LF. */
  @Test
  void aCheckoutHasTheLinesThatBashReads() throws IOException {
    assertTrue(
        Files.readAllLines(Path.of(".gitattributes")).contains("* text=auto eol=lf"),
        "it wins over the user's core.autocrlf");
    try (Stream<Path> files = Files.walk(Path.of("."), 2)) {
      List<Path> wrong =
          files
              .filter(
                  file -> file.toString().matches("\\./(submit\\.sh|pom\\.xml|conf/.*|\\.ci/.*)"))
              .filter(ProjectFilesTest::hasCarriageReturn)
              .toList();
      assertEquals(List.of(), wrong);
    }
  }

  private static boolean hasCarriageReturn(Path file) {
    try {
      return Files.isRegularFile(file)
          && Files.readString(file, StandardCharsets.ISO_8859_1).indexOf('\r') >= 0;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Test
  void optionsOfAFileWithLinesOfWindowsAreTheSame() throws IOException {
    Path file = scratch.resolve("windows.conf");
    Files.writeString(
        file,
        "# a comment\r\ndata = spiral\r\nlayers = 3 \\\r\n  softmax\r\nepochs = 1\r\ntest-part = none\r\n");

    CommandRun run =
        CommandRun.of(
            "train", "--config", file.toString(), "--model", scratch.resolve("m").toString());

    assertEquals("", run.err());
    assertEquals(0, run.status());
    assertTrue(run.out().contains("\nmodel: 2 → 3 softmax, "), run.out());
  }

  @Test
  void everyLinkOfTheReadmeAndTheGuideLeadsSomewhere() throws IOException {
    List<Path> pages = Guide.pages(Path.of("."));

    List<String> dead = new ArrayList<>();
    int links = 0;
    for (Path page : pages) {
      dead.addAll(Guide.deadLinks(page));
      links += Guide.links(page).size();
    }

    assertEquals(List.of(), dead);
    assertTrue(pages.size() > 5 && links > 50, pages + " have " + links + " links");
  }

  @Test
  void aDeadLinkIsFound() throws IOException {
    Path page = scratch.resolve("page.md");
    Files.writeString(scratch.resolve("other.md"), "# Other\n\n## Speed, and `more`\n");
    Files.writeString(
        page,
        """
        # A page

        [is](other.md), [is](other.md#speed-and-more), [is](#a-page), [is](https://example.org/x#y)
        [is not](gone.md), [is not](other.md#gone), [is not](#gone)

        ```
        # no heading
        ```

            [no link](code.md)

        [is not](#no-heading)
        """);

    assertEquals(
        List.of(
            page + ": gone.md", page + ": other.md#gone", page + ": #gone", page + ": #no-heading"),
        Guide.deadLinks(page));
  }

  @ParameterizedTest
  @ValueSource(strings = {"train", "evaluate", "bench"})
  void theGuideHasEveryOption(String command) throws IOException {
    StringBuilder guide = new StringBuilder();
    for (Path page : Guide.pages(Path.of("."))) {
      guide.append(Files.readString(page));
    }
    Set<String> options = new TreeSet<>();
    Matcher option =
        Pattern.compile("(?m)^ +(?:-\\w, )?(--[a-z0-9-]+)")
            .matcher(CommandRun.of(command, "--help").out());
    while (option.find()) {
      options.add(option.group(1));
    }

    assertTrue(options.contains("--" + (command.equals("bench") ? "layers" : "data")), command);
    options.removeIf(name -> guide.toString().matches("(?s).*" + name + "(?![a-z0-9-]).*"));
    assertEquals(Set.of(), options, "options that no page names");
  }

  @Test
  void theGuideHasEverySettingOfTheLibrary() throws IOException {
    String page = Files.readString(Path.of("src/site/markdown/library.md"));
    Set<String> settings = new TreeSet<>();
    Set<String> constants = new TreeSet<>();
    for (Method method : NeuralNetwork.class.getMethods()) {
      if (method.getReturnType() == NeuralNetwork.class) {
        settings.add(method.getName());
        for (Class<?> type : method.getParameterTypes()) {
          if (type.isEnum()) {
            constants.add(type.getSimpleName());
          }
        }
      }
    }

    assertTrue(settings.contains("learningRate") && constants.contains("LearningTask"));
    settings.removeIf(name -> page.matches("(?s).*\\b" + name + "\\b.*"));
    constants.removeIf(name -> page.matches("(?s).*\\b" + name + "\\b.*"));
    assertEquals(Set.of(), settings, "settings that the page does not name");
    assertEquals(Set.of(), constants, "enums that the page does not name");
  }

  @Test
  void proseAndTablesOfTheReadmeAndTheGuideFitTheScreen() throws IOException {
    List<String> wide = new ArrayList<>();
    for (Path page : Guide.pages(Path.of("."))) {
      for (String line : Guide.prose(page)) {
        if (line.length() > 140) {
          wide.add(page + ": " + line);
        }
      }
    }

    assertEquals(List.of(), wide, "lines of more than 140 columns that are no code");
  }
}
