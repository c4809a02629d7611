package dev.voicebridge.page;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs the tests of the page's pure modules, each file under {@code src/test/js}, in Node.js. */
class JavaScriptTest {
  private static final Path TESTS = Path.of("src/test/js");
  private static final Pattern PASSED = Pattern.compile("^# pass (\\d+)$", Pattern.MULTILINE);

  static List<Path> files() throws IOException {
    try (Stream<Path> found = Files.list(TESTS)) {
      return found.filter(file -> file.toString().endsWith(".test.mjs")).sorted().toList();
    }
  }

  @Test
  void thereAreFilesToRun() throws IOException {
    assertTrue(files().size() >= 5, () -> "too few in " + TESTS.toAbsolutePath());
  }

  @ParameterizedTest
  @MethodSource("files")
  void passes(Path file, @TempDir Path folder) throws IOException, InterruptedException {
    Optional<Path> node = Node.executable();
    assumeTrue(node.isPresent(), "node: neither Playwright's own nor one on the path");
    Path output = folder.resolve("output");

    Process process =
        new ProcessBuilder(
                node.orElseThrow().toString(), "--test-reporter=tap", "--test", file.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = process.waitFor(60, SECONDS);
    process.destroyForcibly();

    String told = Files.readString(output);
    assertTrue(ended, () -> "no end after 60 s:\n" + told);
    assertEquals(0, process.exitValue(), told);
    Matcher passed = PASSED.matcher(told);
    assertTrue(passed.find() && Integer.parseInt(passed.group(1)) > 0, told);
  }
}
