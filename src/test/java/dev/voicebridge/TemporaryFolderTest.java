package dev.voicebridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A process of its own each time: native code is loaded once. A file in the folder's place fails
 * for every user, as a folder without write permission does not for root.
 */
@Timeout(120)
final class TemporaryFolderTest {
  @TempDir private Path folder;

  private List<String> start(String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    Path told = folder.resolve("told");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(told.toFile());
    builder.environment().keySet().removeIf(name -> name.endsWith("_API_KEY"));
    builder.environment().put("VOICEBRIDGE_PORT", "0");
    builder.environment().put("VOICEBRIDGE_DATA_DIR", folder.resolve("data").toString());
    Process process = builder.start();
    try {
      assertTrue(process.waitFor(100, TimeUnit.SECONDS), "it goes on in spite of its folder");
    } finally {
      process.destroyForcibly();
    }
    assertTrue(process.exitValue() != 0);
    // Whatever a library has to say of its own account isn't the answer to the operator.
    return Files.readAllLines(told, StandardCharsets.UTF_8).stream()
        .filter(line -> !line.matches("\\d{4}-\\d\\d-\\d\\dT.* (WARN|INFO) .*"))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"jna.tmpdir", "java.io.tmpdir"})
  void aFolderThatCannotBeUsedIsOneLineWithWhatToDo(String property) throws Exception {
    Path file = Files.createFile(folder.resolve("no-folder"));

    List<String> told = start("-D" + property + "=" + file);

    assertEquals(1, told.size(), told.toString());
    assertTrue(told.get(0).startsWith("cannot start: "), told.toString());
    assertTrue(told.get(0).contains("-D" + property + "=<folder>"), told.toString());
  }

  @Test
  void codeThatMayNotBeLoadedIsOneLineWithWhatToDo() throws Exception {
    // What noexec comes to: the library is there, and the system refuses to map it.
    List<String> told = start("-Djna.nounpack=true", "-Djna.nosys=true");

    assertEquals(1, told.size(), told.toString());
    assertTrue(told.get(0).contains("noexec"), told.toString());
    assertTrue(told.get(0).contains("-Djava.io.tmpdir=<folder>"), told.toString());
  }
}
