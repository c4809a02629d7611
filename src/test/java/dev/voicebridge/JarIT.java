package dev.voicebridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged jar as an operator runs it. */
final class JarIT {
  private static final Pattern GREETING = Pattern.compile("Voicebridge .*(http://\\S+)( .*)?");

  private static ProcessBuilder java(List<String> arguments) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    ProcessBuilder builder = new ProcessBuilder(java);
    builder.command().addAll(arguments);
    // Whatever lies about in the environment of this build is not meant for this test.
    Map<String, String> environment = builder.environment();
    environment
        .keySet()
        .removeIf(name -> name.matches("(VOICEBRIDGE|DASHSCOPE|SILICONFLOW|LLM|REDIS)_.*"));
    return builder.redirectError(ProcessBuilder.Redirect.INHERIT);
  }

  private static String jar() {
    return Objects.requireNonNull(System.getProperty("voicebridge.jar"));
  }

  @Test
  void startsServesThePageAndEndsCleanlyOnASignal(@TempDir Path data) throws Exception {
    Process process =
        java(List.of("-DVOICEBRIDGE_PORT=0", "-DVOICEBRIDGE_DATA_DIR=" + data, "-jar", jar()))
            .start();
    try {
      String line = firstLine(process);
      Matcher greeting = GREETING.matcher(line);
      assertTrue(greeting.matches(), line);

      HttpClient client = HttpClient.newHttpClient();
      URI address = URI.create(greeting.group(1));
      assertEquals(200, status(client, address.resolve("/")));
      assertEquals(200, status(client, address.resolve("/js/main.js")));
      assertEquals(200, status(client, address.resolve("/health/ready")));
      assertEquals(200, status(client, address.resolve("/v1/audio/voices")));

      process.destroy();
      assertTrue(process.waitFor(20, TimeUnit.SECONDS), "it ends");
      assertEquals(0, process.exitValue());
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void theGuestStartsAlone() throws Exception {
    Process process =
        java(List.of(
                "-cp",
                jar(),
                "dev.voicebridge.emulator.EmulatorMain",
                "--port",
                "0",
                "--key",
                "sk-demo"))
            .start();
    try {
      String line = firstLine(process);
      assertTrue(line.contains("127.0.0.1:"), line);
    } finally {
      process.destroy();
      assertTrue(process.waitFor(20, TimeUnit.SECONDS), "it ends");
    }
  }

  private static String firstLine(Process process) throws Exception {
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    return CompletableFuture.supplyAsync(
            () -> {
              try {
                return String.valueOf(out.readLine());
              } catch (IOException broken) {
                return broken.toString();
              }
            })
        .get(30, TimeUnit.SECONDS);
  }

  private static int status(HttpClient client, URI address)
      throws IOException, InterruptedException {
    return client
        .send(
            HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(10)).build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }
}
