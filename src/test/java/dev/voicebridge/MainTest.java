package dev.voicebridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.config.Config;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.shareddata.LocalMap;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
  @TempDir private static Path data;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private Main.Started start(String... settings) {
    Map<String, String> environment =
        new HashMap<>(
            Map.of(
                "DASHSCOPE_API_KEY", "sk-vendor-secret", "VOICEBRIDGE_DATA_DIR", data.toString()));
    for (int i = 0; i < settings.length; i += 2) {
      environment.put(settings[i], settings[i + 1]);
    }
    return Main.start(
        Map.of(),
        environment,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private List<String> lines(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private static int status(int port) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health/ready"))
            .timeout(Duration.ofSeconds(10))
            .build();
    return HttpClient.newHttpClient()
        .send(request, HttpResponse.BodyHandlers.ofString())
        .statusCode();
  }

  @Test
  void saysInOneLineWhereItIsAndWhoSpeaks() throws Exception {
    Main.Started started = start("VOICEBRIDGE_PORT", "0");

    assertNotNull(started.running());
    try (Voicebridge running = started.running()) {
      assertEquals(1, lines(out).size());
      String line = lines(out).get(0);
      assertTrue(
          line.matches(
              "Voicebridge \\d+\\.\\d+\\.\\d+ · http://127\\.0\\.0\\.1:"
                  + running.port()
                  + " · upstream: https://dashscope\\.aliyuncs\\.com"),
          line);
      assertFalse(line.contains("secret"));
      assertEquals(List.of(), lines(err));
      assertEquals(200, status(running.port()));
    }
  }

  @Test
  void isGoneWhenItIsClosed() {
    Main.Started started = start("VOICEBRIDGE_PORT", "0");
    Voicebridge running = started.running();
    assertNotNull(running);

    running.close();

    assertThrows(ConnectException.class, () -> status(running.port()));
  }

  @Test
  void tellsAllBadSettingsTogetherOneLineEach() {
    Main.Started started =
        start(
            "VOICEBRIDGE_PORT", "many",
            "VOICEBRIDGE_HOST", "0.0.0.0",
            "VOICEBRIDGE_TRUSTED_PROXIES", "10.0.0.0/99");

    assertNull(started.running());
    assertEquals(2, started.exitCode());
    assertEquals(List.of(), lines(out));
    assertEquals(3, lines(err).size(), lines(err).toString());
    for (String name :
        List.of("VOICEBRIDGE_PORT", "VOICEBRIDGE_HOST", "VOICEBRIDGE_TRUSTED_PROXIES")) {
      assertEquals(1, lines(err).stream().filter(line -> line.startsWith(name)).count(), name);
    }
  }

  @Test
  void saysInOneLineThatThePortIsTaken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Main.Started started = start("VOICEBRIDGE_PORT", Integer.toString(taken.getLocalPort()));

      assertNull(started.running());
      assertEquals(1, started.exitCode());
      assertEquals(List.of(), lines(out));
      assertEquals(1, lines(err).size(), lines(err).toString());
      assertTrue(
          lines(err).get(0).startsWith("cannot listen on 127.0.0.1:" + taken.getLocalPort()),
          lines(err).get(0));
    }
  }

  @Test
  void saysInOneLineThatTheAdminPortIsTaken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Main.Started started =
          start(
              "VOICEBRIDGE_PORT",
              "0",
              "VOICEBRIDGE_ADMIN_PORT",
              Integer.toString(taken.getLocalPort()));

      assertNull(started.running());
      assertEquals(1, lines(err).size(), lines(err).toString());
      assertTrue(lines(err).get(0).contains(":" + taken.getLocalPort()), lines(err).get(0));
    }
  }

  @Test
  void startsTheGuestWhenNoVendorKeyIsSet() throws Exception {
    try (Voicebridge running = Voicebridge.start(withGuest(PlayedGuest.class.getName()))) {
      assertTrue(
          running.greeting().endsWith(" · upstream: embedded DashScope (no key set)"),
          running.greeting());
      assertEquals(200, status(running.port()));
    }
  }

  @Test
  void saysInOneLineThatTheGuestIsMissing() {
    Voicebridge.StartException cannot =
        assertThrows(
            Voicebridge.StartException.class,
            () -> Voicebridge.start(withGuest("dev.voicebridge.NoSuchGuest")));

    String message = String.valueOf(cannot.getMessage());
    assertTrue(message.startsWith("cannot start: "), message);
    assertEquals(1, message.lines().count());
  }

  private static Config withGuest(String verticle) {
    Config config =
        Config.load(
            Map.of(),
            Map.of(
                "VOICEBRIDGE_PORT",
                "0",
                "VOICEBRIDGE_INSTANCES",
                "1",
                "VOICEBRIDGE_DATA_DIR",
                data.toString()));
    return new Config(
        config.host(),
        config.port(),
        config.adminPort(),
        config.apiKeys(),
        config.allowedOrigins(),
        config.trustedProxies(),
        config.publicUrl(),
        config.publicLists(),
        config.sampleHosts(),
        config.demandConsentHeader(),
        config.keepPreviews(),
        config.dataDir(),
        config.redisUrl(),
        config.dashScope(),
        new Config.Guest(verticle, verticle),
        config.siliconFlow(),
        config.upstreams(),
        config.languageModel(),
        config.instances(),
        config.sessions(),
        config.voiceAliases());
  }

  /** Says its ports as the guests do. */
  public static final class PlayedGuest extends VerticleBase {
    @Override
    public Future<?> start() {
      if (!config().getString("host").equals("127.0.0.1")
          || config().getInteger("port") != 0
          || config().getString("key").length() < 20
          || !config().getString("data").equals(data.resolve("guest").toString())) {
        return Future.failedFuture("not what the guest is to be told: " + config().fieldNames());
      }
      LocalMap<String, Integer> ports = vertx.sharedData().getLocalMap("voicebridge.guest");
      ports.put("port", 4_711);
      ports.put("siliconflow.port", 4_712);
      return Future.succeededFuture();
    }
  }
}
