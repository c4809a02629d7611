package dev.voicebridge.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Page;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the page offers for other places is run as it stands, where that is possible. */
@Timeout(180)
class SnippetsIT {
  private static final Vertx VERTX = Vertx.vertx();

  /** Somebody's own site, and the page on it. */
  private static HttpServer site;

  private static volatile String html = "";
  private static Studio studio;

  private Visitor visitor;
  private Page page;

  @BeforeAll
  static void start() throws Exception {
    site =
        VERTX
            .createHttpServer()
            .requestHandler(
                request ->
                    request
                        .response()
                        .putHeader("content-type", "text/html; charset=utf-8")
                        .end(html))
            .listen(0, "127.0.0.1")
            .await(10, SECONDS);
    String origin = "http://127.0.0.1:" + site.actualPort();
    studio = Studio.with("VOICEBRIDGE_ALLOWED_ORIGINS", origin).start();
  }

  @AfterAll
  static void stop() throws Exception {
    studio.close();
    VERTX.close().await(10, SECONDS);
  }

  @BeforeEach
  void open() {
    visitor = studio.visitor(new NewContextOptions().setLocale("en-US").setViewportSize(360, 800));
    page = visitor.go("use");
    assertThat(page.locator("#use-voice")).containsText("Cherry");
    // What is quoted in each language in its own way.
    page.fill("#use-text", "Say \"你好\", it's </script> \\ fine.");
  }

  @AfterEach
  void theConsoleIsClean() {
    visitor.close();
  }

  private String code(String id) {
    page.click("[data-snippet=" + id + "]");
    return page.locator(".code").textContent();
  }

  @Test
  void thePageForABrowserSpeaks() {
    html = code("browser");
    page.navigate("http://127.0.0.1:" + site.actualPort() + "/");

    page.click("button");

    page.waitForFunction("document.title === 'completed'");
    visitor.forgive("favicon");
  }

  @Test
  void theShellCommandWritesSpeech(@TempDir Path folder) throws Exception {
    assumeTrue(answers(folder, "curl", "--version"), "curl: apt-get install -y curl");
    Files.writeString(folder.resolve("speak.sh"), code("curl"));

    String told = run(folder, "sh", "speak.sh");

    // Its length is not known while it is written: only the samples can be counted.
    byte[] wav = Files.readAllBytes(folder.resolve("speech.wav"));
    assertEquals("RIFF", new String(wav, 0, 4, StandardCharsets.US_ASCII), told);
    assertSpeech(Arrays.copyOfRange(wav, 44, wav.length));
  }

  @Test
  void theJavaProgramWritesSpeech(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("Speak.java"), code("java"));

    String told =
        run(
            folder,
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "Speak.java");

    assertTrue(told.contains("s in speech.wav"), told);
    assertSpeech(folder.resolve("speech.wav"));
  }

  @Test
  void thePythonProgramWritesSpeech(@TempDir Path folder) throws Exception {
    assumeTrue(
        hasWebSockets(folder), "python3 with the package websockets: pip install websockets");
    Files.writeString(folder.resolve("speak.py"), code("python"));

    String told = run(folder, "python3", "speak.py");

    assertTrue(told.contains("s in speech.wav"), told);
    assertSpeech(folder.resolve("speech.wav"));
  }

  @Test
  void everySnippetNamesTheVoiceAndNothingIsCutOff() {
    for (String id :
        List.of("curl", "browser", "java", "python", "unity", "godot", "dify", "amadeus")) {
      String code = code(id);
      assertTrue(code.contains("Cherry"), code);
      assertTrue(code.contains("qwen3-tts-flash-realtime"), code);
      visitor.assertNothingIsCutOff();
    }
    visitor.assertAccessible();
    visitor.screenshot("use-360-en-US");
  }

  private static boolean hasWebSockets(Path folder) {
    return answers(folder, "python3", "-c", "import websockets.sync.client; print('there')");
  }

  /** Whether there is such a program, and it has no complaint. */
  private static boolean answers(Path folder, String... command) {
    try {
      return !run(folder, command).contains("Error");
    } catch (IOException noSuchProgram) {
      return false;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static String run(Path folder, String... command)
      throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = process.waitFor(100, SECONDS);
    process.destroyForcibly();
    String told = Files.readString(output);
    assertTrue(ended, () -> "no end after 100 s:\n" + told);
    return told;
  }

  private static void assertSpeech(Path wav) throws Exception {
    try (AudioInputStream audio = AudioSystem.getAudioInputStream(wav.toFile())) {
      assertEquals(24_000, audio.getFormat().getSampleRate());
      assertSpeech(audio.readAllBytes());
    }
  }

  private static void assertSpeech(byte[] samples) {
    assertTrue(samples.length > 24_000, "half a second at least");
    int sounding = 0;
    for (byte sample : samples) {
      if (sample != 0) {
        sounding++;
      }
    }
    assertTrue(sounding > samples.length / 4, "mostly silent");
  }
}
