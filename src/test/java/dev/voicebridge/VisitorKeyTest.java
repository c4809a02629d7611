package dev.voicebridge;

import static dev.voicebridge.VendorGuests.VISITORS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import dev.voicebridge.config.Config;
import dev.voicebridge.sample.TestSamples;
import dev.voicebridge.voice.RedisProcess;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/**
 * Somebody brings a vendor key of their own in {@code X-Provider-Key}: the vendor is asked with it,
 * and neither the key nor the voice stays here.
 */
@Timeout(120)
final class VisitorKeyTest {
  private static final String ANNA = "anna-key-of-some-length";
  private static final String OPERATOR = "operator-key-of-some-length";
  private static final String CUSTOMIZATION = "/api/v1/services/audio/tts/customization";
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir private static Path data;

  private static final List<String> leaks = new CopyOnWriteArrayList<>();
  private static final AppenderBase<ILoggingEvent> overheard =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          StringBuilder line = new StringBuilder(event.getFormattedMessage());
          line.append(event.getKeyValuePairs()).append(event.getMDCPropertyMap());
          for (IThrowableProxy e = event.getThrowableProxy(); e != null; e = e.getCause()) {
            line.append(e.getMessage());
          }
          if (line.indexOf(VISITORS) >= 0) {
            leaks.add(event.getLoggerName() + ": " + line);
          }
        }
      };

  private static Vertx vertx;
  private static WebSocketClient sockets;
  private static Map<String, String> vendors;
  private static Voicebridge server;

  @BeforeAll
  static void start() throws Exception {
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    overheard.start();
    root.addAppender(overheard);
    ((Logger) LoggerFactory.getLogger("dev.voicebridge")).setLevel(Level.TRACE);
    vertx = Vertx.vertx();
    sockets = vertx.createWebSocketClient();
    vendors = new HashMap<>(VendorGuests.start(vertx));
    vendors.put("VOICEBRIDGE_API_KEYS", "anna=" + ANNA + ",operator=" + OPERATOR);
    vendors.put("VOICEBRIDGE_PORT", "0");
    server = start(Map.of("VOICEBRIDGE_DATA_DIR", data.toString()));
  }

  private static Voicebridge start(Map<String, String> further) {
    Map<String, String> settings = new HashMap<>(vendors);
    settings.putAll(further);
    return Voicebridge.start(Config.load(Map.of(), settings));
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
    vertx.close().await(20, TimeUnit.SECONDS);
    ((Logger) LoggerFactory.getLogger("dev.voicebridge")).setLevel(null);
    ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).detachAppender(overheard);
    assertEquals(List.of(), leaks, "the key in the log");
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String content = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertFalse(content.contains(VISITORS), "the key in " + file);
      }
    }
  }

  @AfterEach
  void nothingWasLogged() {
    assertEquals(List.of(), leaks, "the key in the log");
  }

  // -- how it is asked ----------------------------------------------------------------------------

  private record Answer(int status, String body, HttpResponse<String> response) {
    JsonObject json() {
      return new JsonObject(body);
    }

    JsonObject error() {
      return json().getJsonObject("error");
    }
  }

  private static Answer send(
      Voicebridge to, String key, String provider, String method, String path, String body)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + to.port() + path))
            .timeout(Duration.ofSeconds(60))
            .header("authorization", "Bearer " + key)
            .header("content-type", "application/json")
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (!provider.isEmpty()) {
      request.header("X-Provider-Key", provider);
    }
    HttpResponse<String> answer = HTTP.send(request.build(), BodyHandlers.ofString());
    assertFalse(answer.body().contains(VISITORS), "the key in an answer");
    assertFalse(answer.headers().toString().contains(VISITORS), "the key in a header");
    return new Answer(answer.statusCode(), answer.body(), answer);
  }

  private static Answer visitor(String method, String path, @Nullable JsonObject body)
      throws Exception {
    return send(server, ANNA, VISITORS, method, path, body == null ? "" : body.encode());
  }

  private static Answer visitor(String path) throws Exception {
    return visitor("GET", path, null);
  }

  private static Answer ours(String key, String path) throws Exception {
    return send(server, key, "", "GET", path, "");
  }

  private static JsonObject sample(int number) {
    return new JsonObject()
        .put(
            "data",
            "data:audio/wav;base64,"
                + Base64.getEncoder().encodeToString(TestSamples.speech(number)));
  }

  private static JsonObject order(String provider, int number) {
    return new JsonObject()
        .put("provider", provider)
        .put("name", "Visitor")
        .put("tags", new JsonArray().add("mine"))
        .put("consent", true)
        .put("transcript", "Some words.")
        .put("sample", sample(number));
  }

  private static String encoded(String id) {
    return URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String at(String id, String provider) {
    return "/v1/voices/" + encoded(id) + "?provider=" + provider;
  }

  private static List<String> ids(Answer list) {
    return list.json().getJsonArray("data").stream()
        .map(voice -> ((JsonObject) voice).getString("provider_voice_id"))
        .toList();
  }

  // -- what comes of it ---------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource({"cosyvoice, 10", "qwen, 11", "siliconflow, 12"})
  void aVoiceLivesInTheVisitorsAccountAndNowhereHere(String provider, int number) throws Exception {
    Answer made = visitor("POST", "/v1/voices", order(provider, number));
    assertEquals(201, made.status(), made.body());
    JsonObject voice = made.json().getJsonObject("voice");
    String id = voice.getString("id");
    assertEquals(voice.getString("provider_voice_id"), id);
    assertFalse(voice.containsKey("owner"), voice.encode());
    assertFalse(voice.containsKey("account"), voice.encode());
    assertTrue(made.json().getJsonArray("left_out").contains("tags"), made.body());
    assertEquals(at(id, provider), made.response().headers().firstValue("location").orElse(""));

    Answer ready = visitor(at(id, provider) + "&wait_seconds=30");
    assertEquals("ok", ready.json().getString("status"), ready.body());
    assertEquals(id, ready.json().getString("id"));
    assertEquals(List.of(id), ids(visitor("/v1/voices?provider=" + provider)));

    for (String somebody : List.of(ANNA, OPERATOR)) {
      assertEquals(404, ours(somebody, "/v1/voices/" + encoded(id)).status());
      assertFalse(ids(ours(somebody, "/v1/voices?limit=1000")).contains(id));
    }

    assertEquals(204, visitor("DELETE", at(id, provider), null).status());
    assertEquals(404, visitor(at(id, provider)).status());
    assertEquals(List.of(), ids(visitor("/v1/voices?provider=" + provider)));
  }

  @Test
  void aDesignIsHeardAndWhatCannotBeKeptIsSaid() throws Exception {
    JsonObject order =
        new JsonObject()
            .put("provider", "qwen")
            .put("name", "Narrator")
            .put("take", true)
            .put("description", "A calm, deep male narrator in his fifties, slow and warm")
            .put("preview_text", "Good evening, and welcome to the story of tonight.")
            .put("language", "en");

    Answer made = visitor("POST", "/v1/voices", order);

    assertEquals(201, made.status(), made.body());
    assertTrue(made.json().getJsonObject("preview").getString("data").length() > 24_000);
    assertTrue(made.json().getJsonArray("left_out").contains("take"), made.body());
    String id = made.json().getJsonObject("voice").getString("id");
    assertTrue(ids(visitor("/v1/voices")).contains(id), "the lists of both interfaces");
    // Its id tells which of the vendor's interfaces it is of.
    assertEquals(204, visitor("DELETE", "/v1/voices/" + encoded(id), null).status());
  }

  @Test
  void aDryRunShowsNoKeyAndMakesNothing() throws Exception {
    Answer told = visitor("POST", "/v1/voices", order("cosyvoice", 13).put("dry_run", true));

    assertEquals(200, told.status(), told.body());
    assertEquals("POST", told.json().getString("method"));
    assertEquals(List.of(), ids(visitor("/v1/voices?provider=cosyvoice&query=visitor")));
  }

  @Test
  void anotherSampleIsGivenWhereTheVendorCan() throws Exception {
    String id =
        visitor("POST", "/v1/voices", order("cosyvoice", 14))
            .json()
            .getJsonObject("voice")
            .getString("id");
    visitor(at(id, "cosyvoice") + "&wait_seconds=30");
    JsonObject other = new JsonObject().put("consent", true).put("sample", sample(15));

    Answer changed =
        visitor("PUT", "/v1/voices/" + encoded(id) + "/sample?provider=cosyvoice", other);
    Answer cannot =
        visitor("PUT", "/v1/voices/qwen-tts-vc-any-voice-1/sample?provider=qwen", other);

    assertEquals(200, changed.status(), changed.body());
    assertEquals(id, changed.json().getJsonObject("voice").getString("id"));
    assertEquals(400, cannot.status(), cannot.body());
    assertEquals("unsupported", cannot.error().getString("code"));
    assertEquals(204, visitor("DELETE", at(id, "cosyvoice"), null).status());
  }

  @Test
  void theVendorsOwnDoorTakesTheKeyToo() throws Exception {
    JsonObject design =
        new JsonObject()
            .put("model", "voice-enrollment")
            .put(
                "input",
                new JsonObject()
                    .put("action", "create_voice")
                    .put("target_model", "cosyvoice-v3.5-plus")
                    .put("prefix", "Visitor01")
                    .put("voice_prompt", "A calm, deep male narrator in his fifties, slow and warm")
                    .put("preview_text", "Good evening, and welcome to the story of tonight."));
    Answer made = visitor("POST", CUSTOMIZATION, design);
    assertEquals(200, made.status(), made.body());
    String id = made.json().getJsonObject("output").getString("voice_id");

    assertTrue(vendors(VISITORS, "list_voice", null).body().contains(id));
    assertFalse(vendors("", "list_voice", null).body().contains(id));
    assertEquals(200, vendors(VISITORS, "query_voice", id).status());
    assertEquals(400, vendors("", "query_voice", id).status());
    Answer policy =
        send(
            server,
            ANNA,
            VISITORS,
            "GET",
            "/api/v1/uploads?action=getPolicy&model=voice-enrollment",
            "");
    assertTrue(policy.json().getJsonObject("data").containsKey("upload_host"), policy.body());

    Answer wrong = vendors("sk-nobodys-key", "list_voice", null);
    assertEquals(401, wrong.status(), wrong.body());
    assertEquals("InvalidApiKey", wrong.json().getString("code"));
    assertEquals(200, vendors(VISITORS, "delete_voice", id).status());
    assertEquals(400, vendors(VISITORS, "query_voice", id).status());
  }

  private static Answer vendors(String provider, String action, @Nullable String id)
      throws Exception {
    JsonObject input = new JsonObject().put("action", action);
    if (id != null) {
      input.put("voice_id", id);
    }
    JsonObject call = new JsonObject().put("model", "voice-enrollment").put("input", input);
    return send(server, ANNA, provider, "POST", CUSTOMIZATION, call.encode());
  }

  @Test
  void aKeyThatTheVendorDoesNotKnowIsTheVisitorsTrouble() throws Exception {
    Answer refused = send(server, ANNA, "sk-nobodys-key", "GET", "/v1/voices", "");

    assertEquals(422, refused.status(), refused.body());
    assertEquals("api_key_invalid", refused.error().getString("code"));
    assertFalse(refused.body().contains("sk-nobodys-key"));
  }

  @Test
  void noGuessSendsAKeyToAnotherVendor() throws Exception {
    Answer asked = visitor("/v1/voices/" + encoded("speech:mum:abc:def"));

    assertEquals(400, asked.status(), asked.body());
    assertEquals("provider", asked.error().getString("param"));
  }

  @Test
  void aKeyIsOneWordAndNotRepeated() throws Exception {
    for (String bad : List.of("sk one two", "x".repeat(513))) {
      Answer refused = send(server, ANNA, bad, "GET", "/v1/voices", "");
      assertEquals(400, refused.status(), refused.body());
      assertEquals("x-provider-key", refused.error().getString("param"));
      assertFalse(refused.body().contains(bad));
    }
  }

  @Test
  void theServersOwnKeysAreAskedForFirst() throws Exception {
    assertEquals(401, send(server, "no-key", VISITORS, "GET", "/v1/voices", "").status());
  }

  // -- speaking -----------------------------------------------------------------------------------

  /** What a session says of one response: its status, and the codes of the warnings before. */
  private record Heard(String status, int audioMs, List<String> warnings) {}

  private static Heard speak(String model, String voice, String providerKey) throws Exception {
    CompletableFuture<Heard> heard = new CompletableFuture<>();
    List<String> warnings = new CopyOnWriteArrayList<>();
    List<String> said = new CopyOnWriteArrayList<>();
    ClientWebSocket socket = sockets.webSocket();
    socket.textMessageHandler(
        text -> {
          said.add(text);
          JsonObject event = new JsonObject(text);
          switch (event.getString("type")) {
            case "session.updated" ->
                event
                    .getJsonObject("session")
                    .getJsonArray("warnings", new JsonArray())
                    .forEach(each -> warnings.add(((JsonObject) each).getString("code")));
            case "response.done" -> {
              JsonObject response = event.getJsonObject("response");
              JsonObject usage = response.getJsonObject("usage", new JsonObject());
              heard.complete(
                  new Heard(
                      response.getString("status"), usage.getInteger("audio_ms", 0), warnings));
            }
            case "error" -> {
              if (event.getJsonObject("error").getString("code").startsWith("voice_")) {
                heard.complete(new Heard(text, 0, warnings));
              }
            }
            default -> {}
          }
        });
    socket
        .connect(
            new WebSocketConnectOptions()
                .setHost("127.0.0.1")
                .setPort(server.port())
                .setMethod(HttpMethod.GET)
                .setURI("/v1/realtime?model=" + model)
                .addHeader("authorization", "Bearer " + ANNA))
        .await(10, TimeUnit.SECONDS);
    if (!providerKey.isEmpty()) {
      write(
          socket,
          new JsonObject().put("type", "session.authenticate"),
          "provider_key",
          providerKey);
    }
    write(
        socket,
        new JsonObject().put("type", "session.update"),
        "session",
        new JsonObject().put("voice", voice).put("mode", "commit"));
    write(
        socket, new JsonObject().put("type", "input_text_buffer.append"), "text", "从前有一座山，山里有一座庙。");
    write(socket, new JsonObject(), "type", "input_text_buffer.commit");
    try {
      return heard.get(20, TimeUnit.SECONDS);
    } finally {
      socket.close();
      assertFalse(said.toString().contains(VISITORS), "the key in a session");
    }
  }

  private static void write(ClientWebSocket socket, JsonObject event, String field, Object value) {
    socket.writeTextMessage(event.put(field, value).encode());
  }

  @ParameterizedTest
  @CsvSource({"cosyvoice, 16", "qwen, 17"})
  void aSessionWithTheKeySpeaksTheVisitorsVoice(String provider, int number) throws Exception {
    JsonObject voice =
        visitor("POST", "/v1/voices", order(provider, number)).json().getJsonObject("voice");
    String id = voice.getString("id");
    String model = voice.getString("target_model");
    visitor(at(id, provider) + "&wait_seconds=30");

    Heard own = speak(model, id, VISITORS);
    assertEquals("completed", own.status());
    assertTrue(own.audioMs() > 1_000, own.toString());
    // A CosyVoice id begins with its model, so that it is known to fit.
    assertEquals(provider.equals("qwen"), own.warnings().contains("unknown_voice"), own.toString());
    assertEquals("failed", speak(model, id, "").status(), "the server's account has no such voice");
    assertEquals(204, visitor("DELETE", at(id, provider), null).status());
  }

  @Test
  void aVoiceOfTheLibraryDoesNotSpeakWithAnotherAccount() throws Exception {
    Answer made = send(server, ANNA, "", "POST", "/v1/voices", order("qwen", 18).encode());
    JsonObject voice = made.json().getJsonObject("voice");
    String model = voice.getString("target_model");

    assertEquals("completed", speak(model, voice.getString("id"), "").status());
    assertEquals("failed", speak(model, voice.getString("id"), VISITORS).status());
    assertEquals("failed", speak(model, voice.getString("provider_voice_id"), VISITORS).status());
  }

  // -- what stays ---------------------------------------------------------------------------------

  @Test
  void redisIsToldNeitherTheKeyNorTheVoice() throws Exception {
    try (RedisProcess redis = RedisProcess.start("--save", "");
        Socket monitor = new Socket(InetAddress.getLoopbackAddress(), redis.port())) {
      monitor.getOutputStream().write("MONITOR\r\n".getBytes(StandardCharsets.US_ASCII));
      try (Voicebridge shared = start(Map.of("REDIS_URL", redis.url()))) {
        JsonObject order = order("qwen", 19);
        Answer made = send(shared, ANNA, VISITORS, "POST", "/v1/voices", order.encode());
        assertEquals(201, made.status(), made.body());
        String id = made.json().getJsonObject("voice").getString("id");
        final Answer library = send(shared, ANNA, "", "POST", "/v1/voices", order.encode());
        String told = library.json().getJsonObject("voice").getString("provider_voice_id");
        send(shared, ANNA, VISITORS, "DELETE", at(id, "qwen"), "");

        String written = until(monitor, told);

        assertFalse(written.contains(VISITORS), "the key in Redis");
        assertFalse(written.contains(id), "the voice in Redis");
      }
    }
  }

  /** All that Redis was told until that was among it. */
  private static String until(Socket monitor, String last) throws Exception {
    monitor.setSoTimeout(10_000);
    ByteArrayOutputStream told = new ByteArrayOutputStream();
    byte[] some = new byte[64 * 1024];
    while (!told.toString(StandardCharsets.UTF_8).contains(last)) {
      try {
        int length = monitor.getInputStream().read(some);
        assertTrue(length > 0, "Redis went away");
        told.write(some, 0, length);
      } catch (SocketTimeoutException e) {
        throw new AssertionError("Redis was never told of " + last, e);
      }
    }
    return told.toString(StandardCharsets.UTF_8);
  }
}
