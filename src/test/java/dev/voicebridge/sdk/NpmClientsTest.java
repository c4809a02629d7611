package dev.voicebridge.sdk;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.voicebridge.FreshServer;
import dev.voicebridge.page.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Clients from npm, unmodified, in Node.js: each file under {@code src/test/npm}. The packages are
 * fetched into {@code target}; where that can't be done the tests are skipped and say so.
 */
final class NpmClientsTest {
  private static final Path SCRIPTS = Path.of("src/test/npm");
  private static final Path FOLDER = Path.of("target/npm");
  private static final Pattern PASSED = Pattern.compile("^# pass (\\d+)$", Pattern.MULTILINE);
  private static final int FETCH_SECONDS = 120;
  private static final int RUN_SECONDS = 180;

  /** Empty: the packages are there. */
  private static String missing = "";

  @BeforeAll
  static void fetch() throws Exception {
    Optional<Path> npm = Node.onPath("npm", "npm.cmd");
    if (Node.executable().isEmpty() || npm.isEmpty()) {
      missing = "npm and node (apt-get install -y npm)";
      return;
    }
    Files.createDirectories(FOLDER);
    try (Stream<Path> files = Files.list(SCRIPTS)) {
      for (Path file : files.toList()) {
        Files.copy(file, FOLDER.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Ended install =
        run(
            FETCH_SECONDS,
            Map.of(),
            npm.orElseThrow().toString(),
            "install",
            "--no-audit",
            "--no-fund",
            "--no-package-lock",
            "--ignore-scripts",
            "--prefer-offline",
            "--loglevel=error");
    if (install.status() != 0) {
      missing = "the packages of src/test/npm/package.json, which npm could not fetch";
      System.out.println(install.told());
    }
  }

  /**
   * @param status -1: it was stopped
   */
  private record Ended(int status, String told) {}

  private static Ended run(int seconds, Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile(FOLDER, "output", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(FOLDER.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    boolean ended = process.waitFor(seconds, SECONDS);
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    String told = Files.readString(output);
    Files.delete(output);
    return new Ended(ended ? process.exitValue() : -1, told);
  }

  @ParameterizedTest
  @CsvSource({"openai.test.mjs, 6", "tts-client.test.mjs, 3"})
  void works(String script, int tests) throws Exception {
    assumeTrue(missing.isEmpty(), () -> script + " needs " + missing);
    try (FreshServer server = FreshServer.with().start()) {
      List<String> command =
          List.of(
              Node.executable().orElseThrow().toString(), "--test-reporter=tap", "--test", script);

      Ended run =
          run(
              RUN_SECONDS,
              Map.of("VOICEBRIDGE", server.uri("").toString()),
              command.toArray(String[]::new));

      assertEquals(0, run.status(), run.told());
      Matcher passed = PASSED.matcher(run.told());
      assertTrue(passed.find(), run.told());
      assertEquals(tests, Integer.parseInt(passed.group(1)), run.told());
    }
  }
}
