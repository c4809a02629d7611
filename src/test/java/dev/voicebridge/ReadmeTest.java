package dev.voicebridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.voicebridge.bridge.CloseCode;
import dev.voicebridge.page.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What README shows is run as it stands, only on a free port. */
final class ReadmeTest {
  private static final Path README = Path.of("README.md");
  @RegisterExtension static final FreshServer server = FreshServer.with();

  private static List<String> blocks(String language) throws IOException {
    Matcher matcher =
        Pattern.compile("^```" + language + "\\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL)
            .matcher(Files.readString(README));
    List<String> blocks = new ArrayList<>();
    while (matcher.find()) {
      blocks.add(matcher.group(1).replace("127.0.0.1:8080", "127.0.0.1:" + server.port()));
    }
    return blocks;
  }

  private static String run(Path folder, List<String> command)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile(folder, "output", ".txt");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = process.waitFor(30, TimeUnit.SECONDS);
    process.destroyForcibly();
    String said = Files.readString(output);
    assertTrue(ended, said);
    assertEquals(0, process.exitValue(), said);
    return said;
  }

  @Test
  void theBrowserExampleSpeaks(@TempDir Path folder) throws Exception {
    assumeTrue(Node.executable().isPresent(), "node: neither Playwright's own nor one on the path");
    List<String> examples = blocks("js");

    assertEquals(1, examples.size());
    Path script = Files.writeString(folder.resolve("example.mjs"), examples.get(0));
    String said =
        run(folder, List.of(Node.executable().orElseThrow().toString(), script.toString()));
    Matcher line = Pattern.compile("completed (\\d+) \\d+").matcher(said);
    assertTrue(line.find(), said);
    assertTrue(Integer.parseInt(line.group(1)) > 24_000, "half a second of audio: " + said);
  }

  @Test
  void theCommandsOfTheOtherDoorsAnswer(@TempDir Path folder) throws Exception {
    assumeTrue(Node.onPath("curl").isPresent() && Node.onPath("sh").isPresent(), "curl: not there");
    List<String> commands =
        blocks("sh").stream().flatMap(String::lines).filter(l -> l.startsWith("curl ")).toList();

    assertFalse(commands.isEmpty());
    for (String command : commands) {
      String said = run(folder, List.of("sh", "-c", command));
      Matcher file = Pattern.compile(" -o (\\S+\\.mp3) ").matcher(command);
      if (file.find()) {
        byte[] speech = Files.readAllBytes(folder.resolve(file.group(1)));
        assertTrue(speech.length > 4_000 && speech[0] == (byte) 0xff, command);
        continue;
      }
      assertTrue(said.startsWith("{") && !said.contains("\"error\""), command + "\n" + said);
    }
  }

  @Test
  void theTableOfCloseCodesIsComplete() throws IOException {
    String readme = Files.readString(README);
    String table =
        readme.substring(readme.indexOf("### Close codes"), readme.indexOf("## Who may"));

    for (CloseCode code : CloseCode.values()) {
      assertTrue(table.contains(Short.toString(code.number())), code + " is not in README");
    }
  }
}
