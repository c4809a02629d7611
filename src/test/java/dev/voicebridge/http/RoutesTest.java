package dev.voicebridge.http;

import static dev.voicebridge.http.TestDoors.doors;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.catalogue.Catalogue;
import dev.voicebridge.http.TestDoors.Answer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RoutesTest {
  private final TestDoors doors = doors().with("SILICONFLOW_API_KEY", "sk-flow").open();

  @AfterAll
  void close() {
    doors.close();
  }

  // ---- failures

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/nothing",
        "/v1/nothing",
        "/v1/",
        "/v1/test",
        "/v1/readyz",
        "/health",
        "/health/x",
        "/js/",
        "/css/nothing.css",
        "/v1/models/"
      })
  void whatIsNotThereIs404InTheEnvelope(String path) {
    Answer answer = doors.get(path);

    assertEquals(path.equals("/v1/models/") ? 200 : 404, answer.status());
    if (answer.status() == 404) {
      assertEquals("not_found", answer.errorCode());
      assertTrue(answer.headers().contains("x-request-id"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET,  /api/v1/x,                                   404, NotFound",
    "GET,  /api/v1/services/audio/tts/customization,    405, MethodNotAllowed",
    "POST, /api/v1/uploads,                             405, MethodNotAllowed",
    "GET,  /api/v1/uploads?action=getPolicy,            400, InvalidParameter",
    "POST, /api/v1/services/audio/tts/customization,    400, InvalidParameter"
  })
  void whatFailsBehindTheVendorsAddressesHasTheVendorsShape(
      String method, String path, int status, String code) {
    Answer answer = doors.send(HttpMethod.valueOf(method), doors.port, path, null);

    assertEquals(status, answer.status());
    assertEquals(Set.of("code", "message", "request_id"), answer.json().fieldNames());
    assertEquals(code, answer.json().getString("code"));
    assertEquals(answer.headers().get("x-request-id"), answer.json().getString("request_id"));
    assertEquals("application/json; charset=utf-8", answer.headers().get("content-type"));
  }

  @Test
  void aVendorShapedBodyThatIsTooLargeIs413InTheVendorsShape() {
    Answer answer =
        doors.post(
            "/api/v1/services/audio/tts/customization",
            "x".repeat(16 << 20),
            "content-type",
            "application/json");

    assertEquals(413, answer.status());
    assertEquals("InvalidParameter", answer.json().getString("code"));
  }

  @Test
  void aVendorShapedCallNeedsAKeyAndIsToldSoInTheVendorsShape() {
    try (TestDoors guarded =
        doors().with("VOICEBRIDGE_API_KEYS", "anna=anna-key-of-some-length").open()) {
      for (Answer answer :
          List.of(
              guarded.post("/api/v1/services/audio/tts/customization", "{}"),
              guarded.get("/api/v1/uploads?action=getPolicy&model=voice-enrollment"),
              guarded.get("/api/v1/uploads", "authorization", "Bearer sk-wrong"))) {
        assertEquals(401, answer.status());
        assertEquals("InvalidApiKey", answer.json().getString("code"));
      }
    }
  }

  @Test
  void aForeignPageIsRefusedAtTheVendorsAddresses() {
    Answer answer =
        doors.post(
            "/api/v1/services/audio/tts/customization",
            "{}",
            "content-type",
            "application/json",
            "origin",
            "https://evil.example");

    assertEquals(403, answer.status());
    assertEquals("AccessDenied", answer.json().getString("code"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST|/v1/models|GET",
        "PUT|/v1/models/x|GET",
        "DELETE|/v1/audio/voices|GET",
        "GET|/v1/realtime/tickets|POST",
        "POST|/health/live|GET, HEAD",
        "PUT|/|GET, HEAD",
        "POST|/v1/realtime|GET",
        "TRACE|/v1/models/|GET"
      })
  void anotherMethodIs405InTheEnvelope(String method, String path, String allowed) {
    Answer answer = doors.send(HttpMethod.valueOf(method), doors.port, path, null);

    assertEquals(405, answer.status());
    assertEquals("method_not_allowed", answer.errorCode());
    assertEquals(allowed, answer.headers().get("allow"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET http://evil.example/v1/models HTTP/1.1\r\nHost: localhost\r\n",
        "GET /v1/models HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n",
        "GET /v1/models HTTP/1.1\r\n",
        "GET /v1/models HTTP/1.1\r\nHost: evil.example#localhost\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n",
        "POST /v1/models HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n",
        "NONSENSE\r\n"
      })
  void whatIsNotPlainHttpIs400(String head) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), doors.port)) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write((head + "\r\n").getBytes(StandardCharsets.US_ASCII));
      BufferedReader answer =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));

      assertEquals("400", String.valueOf(answer.readLine()).split(" ", 3)[1]);
    }
  }

  @Test
  void aBodyThatIsTooLargeIs413() {
    Answer answer =
        doors.post("/v1/realtime/tickets", "x".repeat(100_000), "content-type", "application/json");

    assertEquals(413, answer.status());
    assertEquals("body_too_large", answer.errorCode());
  }

  @Test
  void anAddressThatIsTooLongIs414() {
    Answer answer = doors.get("/v1/models?x=" + "y".repeat(9_000));

    assertEquals(414, answer.status());
    assertEquals("uri_too_long", answer.errorCode());
    assertTrue(answer.headers().contains("x-request-id"));
  }

  @Test
  void headersThatAreTooLargeAre431() {
    Answer answer = doors.get("/v1/models", "x-much", "y".repeat(20_000));

    assertEquals(431, answer.status());
    assertEquals("headers_too_large", answer.errorCode());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/models?x=%zz", "/v1/models/%zz", "/%zz", "/%ff%fe"})
  void anAddressThatCannotBeDecodedIsTheCallersMistake(String path) {
    int status = doors.get(path).status();

    assertTrue(status == 400 || status == 404, "was " + status);
  }

  // ---- request ids

  @Test
  void everyAnswerCarriesAnIdOfItsOwn() {
    String one = doors.get("/health/live").headers().get("x-request-id");
    String two = doors.get("/nothing").headers().get("x-request-id");

    assertFalse(one.isEmpty());
    assertNotEquals(one, two);
  }

  @Test
  void anIdThatIsShortAndVisibleIsKept() {
    assertEquals("my-id:1", id("my-id:1"));
    assertNotEquals("my id", id("my id"));
    assertNotEquals("é", id("é"));
    assertNotEquals("x".repeat(129), id("x".repeat(129)));
    assertEquals("x".repeat(128), id("x".repeat(128)));
  }

  private String id(String given) {
    return doors.get("/health/live", "x-request-id", given).headers().get("x-request-id");
  }

  @Test
  void theUpgradeCarriesAnIdToo() throws Exception {
    TestDoors.Heard heard = doors.connect("/v1/realtime?model=m", "x-request-id", "abc");

    assertEquals("abc", heard.socket.headers().get("x-request-id"));
    TestDoors.within(heard.socket.close());
    TestDoors.within(doors.freed());
    assertFalse(doors.metrics.scrape().contains("status=\"101\""), "a session is no slow request");
  }

  // ---- health

  @Test
  void liveAndReadyAnswerInJson() {
    assertEquals("live", doors.get("/health/live").json().getString("status"));
    assertEquals(200, doors.send(HttpMethod.HEAD, doors.port, "/health/live", null).status());
    Answer ready = doors.get("/health/ready");
    assertEquals(200, ready.status());
    assertEquals("ready", ready.json().getString("status"));
    assertEquals("dashscope", ready.json().getString("upstream"));
    assertEquals("ok", ready.json().getString("library"));
    assertFalse(ready.body().toString().contains("sk-"));
  }

  @Test
  void withoutAnUpstreamItIsNotReady() {
    try (TestDoors poor =
        doors().with("DASHSCOPE_API_KEY", "").with("SILICONFLOW_API_KEY", "sk-other").open()) {
      assertEquals(503, poor.get("/health/ready").status());
      assertEquals(200, poor.get("/health/live").status());
    }
  }

  @Test
  void requestsAreCountedByRouteAndNotByPath() {
    doors.get("/v1/models/secret-looking-path");

    String scrape = doors.get("/metrics").body().toString();

    assertTrue(scrape.contains("voicebridge_library_from_memory 0.0"), scrape);
    assertTrue(scrape.contains("voicebridge_http_requests_seconds_count{"), scrape);
    assertFalse(scrape.contains("secret-looking-path"));
    scrape
        .lines()
        .filter(line -> !line.startsWith("#") && !line.isBlank())
        .forEach(line -> assertTrue(line.startsWith("voicebridge_"), line));
  }

  // ---- lists

  @Test
  void modelsAreListedAsOpenAiDoesWithWhatTheyCanDo() {
    JsonObject list = doors.get("/v1/models").json();

    assertEquals("list", list.getString("object"));
    assertEquals(
        Catalogue.load().models().stream().map(model -> model.name()).toList(), ids(list, "data"));
    for (Object item : list.getJsonArray("data")) {
      JsonObject model = (JsonObject) item;
      assertEquals("model", model.getString("object"));
      assertTrue(model.getValue("created") instanceof Integer);
      assertEquals(
          model.getString("dialect").equals("openai") ? "siliconflow" : "dashscope",
          model.getString("owned_by"));
      assertTrue(
          Set.of("qwen_realtime", "cosyvoice", "sambert", "openai", "qwen_http")
              .contains(model.getString("dialect")));
      assertFalse(model.getJsonArray("formats").isEmpty());
      assertTrue(
          model.getJsonArray("sample_rates").contains(model.getInteger("default_sample_rate")));
      assertTrue(model.getValue("abilities") instanceof JsonArray);
      assertTrue(model.getValue("languages") instanceof JsonArray);
      assertTrue(model.getValue("spoken_dialects") instanceof JsonArray);
      assertTrue(model.containsKey("default_voice"));
    }
  }

  @Test
  void oneModelIsFoundByItsName() {
    JsonObject model = doors.get("/v1/models/qwen3-tts-flash-realtime").json();
    assertEquals("qwen3-tts-flash-realtime", model.getString("id"));

    Answer unknown = doors.get("/v1/models/qwen3-tts-flash-realtimee");
    assertEquals(404, unknown.status());
    assertEquals("model_not_found", unknown.errorCode());
    JsonObject error = unknown.json().getJsonObject("error");
    assertEquals("model", error.getString("param"));
    assertTrue(error.getString("message").contains("qwen3-tts-flash-realtime"));
  }

  @Test
  void audioListsHaveTheNamesThatClientsRead() {
    JsonObject models = doors.get("/v1/audio/models").json();
    assertEquals(ids(models, "data"), ids(models, "models"));
    assertFalse(ids(models, "models").isEmpty());

    JsonObject voices = doors.get("/v1/audio/voices").json();
    assertEquals(ids(voices, "data"), ids(voices, "voices"));
    JsonObject cherry =
        voices.getJsonArray("voices").stream()
            .map(JsonObject.class::cast)
            .filter(voice -> voice.getString("name").equals("Cherry"))
            .findFirst()
            .orElseThrow();
    assertEquals(
        Set.of(
            "id",
            "name",
            "alias",
            "custom",
            "name_zh",
            "provider",
            "speakable",
            "gender",
            "language",
            "models",
            "keywords_en",
            "keywords_zh"),
        cherry.fieldNames());
    assertTrue(cherry.getJsonArray("models").contains("qwen3-tts-flash-realtime"));
    for (Object each : voices.getJsonArray("voices")) {
      JsonObject voice = (JsonObject) each;
      assertTrue(voice.getBoolean("speakable"), voice.encode());
      assertTrue(voice.getString("id").matches("[A-Za-z0-9_.-]+"), voice.encode());
      assertTrue(voice.getString("alias").matches("[a-z0-9_-]+"), voice.encode());
      assertFalse(voice.getBoolean("custom"));
    }
  }

  @Test
  void everyListedVoiceSaysWhoseItIsAndSpeaks() {
    List<JsonObject> voices =
        doors.get("/v1/audio/voices").json().getJsonArray("voices").stream()
            .map(JsonObject.class::cast)
            .toList();
    Set<String> spoken = Set.copyOf(ids(doors.get("/v1/audio/models").json(), "models"));

    assertTrue(spoken.contains("FunAudioLLM/CosyVoice2-0.5B"), spoken.toString());
    for (JsonObject voice : voices) {
      // A picker that goes by the models that it was offered shows none that can't be heard.
      assertEquals(
          voice.getBoolean("speakable"),
          voice.getJsonArray("models").stream().anyMatch(spoken::contains),
          voice.encode());
      assertEquals(
          voice.getString("name").contains(":") ? "siliconflow" : "dashscope",
          voice.getString("provider"));
    }
    assertEquals(
        8, ids(doors.get("/v1/audio/voices?model=fnlp%2FMOSS-TTSD-v0.5").json(), "voices").size());
  }

  @ParameterizedTest
  @CsvSource({
    "DASHSCOPE_API_KEY,   dashscope,   siliconflow",
    "SILICONFLOW_API_KEY, siliconflow, dashscope"
  })
  void whatThereIsNoKeyForIsListedForVisitorsOnly(String key, String there, String not) {
    try (TestDoors one = doors().with("DASHSCOPE_API_KEY", "").with(key, "sk-vendor").open()) {
      assertEquals(Set.of(there), providers(one.get("/v1/models").json(), "owned_by"));
      assertEquals(Set.of(there), providers(one.get("/v1/audio/voices").json(), "provider"));
      assertEquals(
          Set.of(there, not),
          providers(one.get("/v1/models", "x-provider-key", "sk-own").json(), "owned_by"));
    }
  }

  private static Set<String> providers(JsonObject list, String field) {
    return list.getJsonArray("data").stream()
        .map(item -> ((JsonObject) item).getString(field))
        .collect(Collectors.toSet());
  }

  @ParameterizedTest
  @CsvSource({
    "tts-1, tts-1, voicebridge",
    "gpt-4o-mini-tts-2025-12-15, gpt-4o-mini-tts-2025-12-15, voicebridge",
    "FunAudioLLM/CosyVoice2-0.5B, FunAudioLLM/CosyVoice2-0.5B, siliconflow",
    "FunAudioLLM%2FCosyVoice2-0.5B, FunAudioLLM/CosyVoice2-0.5B, siliconflow",
    "fnlp%2fMOSS-TTSD-v0.5, fnlp/MOSS-TTSD-v0.5, siliconflow",
  })
  void aModelIsLookedUpByAnyNameThatMayBeUsed(String path, String id, String owner) {
    JsonObject model = doors.get("/v1/models/" + path).json();

    assertEquals(id, model.getString("id"), model.encode());
    assertEquals("model", model.getString("object"));
    assertEquals(0, model.getInteger("created"));
    assertEquals(owner, model.getString("owned_by"));
    assertEquals(404, doors.get("/v1/models/" + path + "x").status());
  }

  @Test
  void voicesAreListedByModel() {
    JsonObject all = doors.get("/v1/audio/voices").json();
    JsonObject some = doors.get("/v1/audio/voices?model=qwen3-tts-flash-realtime").json();

    Set<String> expected =
        Catalogue.load().voices().stream()
            .filter(voice -> voice.models().contains("qwen3-tts-flash-realtime"))
            .map(voice -> voice.alias())
            .collect(Collectors.toSet());
    assertEquals(
        expected,
        some.getJsonArray("voices").stream()
            .map(voice -> ((JsonObject) voice).getString("alias"))
            .collect(Collectors.toSet()));
    assertTrue(ids(all, "voices").size() > expected.size());
  }

  @Test
  void aKeySeesTheModelsItMayUse(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("keys.json");
    Files.writeString(
        file,
        """
        [{"name":"alice","key":"secret-of-alice-1","models":["qwen3-tts-flash-realtime"]}]
        """);
    try (TestDoors locked = doors().with("VOICEBRIDGE_API_KEYS", "@" + file).open()) {
      String[] header = {"authorization", "Bearer secret-of-alice-1"};

      assertEquals(
          List.of("qwen3-tts-flash-realtime"),
          ids(locked.get("/v1/models", header).json(), "data"));
      assertEquals(200, locked.get("/v1/models/qwen3-tts-flash-realtime", header).status());
      assertEquals(404, locked.get("/v1/models/cosyvoice-v2", header).status());
    }
  }

  private static List<String> ids(JsonObject list, String field) {
    return list.getJsonArray(field).stream()
        .map(item -> ((JsonObject) item).getString("id"))
        .toList();
  }

  // ---- the page

  @Test
  void theFilesOfThePageCarryTheirProtection() {
    try (TestDoors framed =
        doors().with("VOICEBRIDGE_ALLOWED_ORIGINS", "https://app.example").open()) {
      Answer answer = framed.get("/probe.html");

      assertEquals(200, answer.status());
      assertEquals("text/html; charset=utf-8", answer.headers().get("content-type"));
      assertEquals("no-cache", answer.headers().get("cache-control"));
      assertEquals("nosniff", answer.headers().get("x-content-type-options"));
      assertEquals("no-referrer", answer.headers().get("referrer-policy"));
      assertEquals("microphone=(self)", answer.headers().get("permissions-policy"));
      String policy = answer.headers().get("content-security-policy");
      assertTrue(policy.startsWith("default-src 'self'; connect-src 'self'; "), policy);
      assertTrue(policy.contains("; frame-ancestors 'self' https://app.example; "), policy);
      assertFalse(policy.contains("unsafe"));
    }
  }

  @Test
  void theClientModuleIsForAllowedPagesToo() {
    try (TestDoors framed =
        doors().with("VOICEBRIDGE_ALLOWED_ORIGINS", "https://app.example").open()) {
      for (String path : List.of("/client/voicebridge.js", "/client/player-worklet.js")) {
        Answer taken = framed.get(path, "origin", "https://app.example");
        assertEquals(200, taken.status());
        assertEquals("https://app.example", taken.headers().get("access-control-allow-origin"));
        assertEquals("Origin", taken.headers().get("vary"));
        assertEquals("cross-origin", taken.headers().get("cross-origin-resource-policy"));
        assertEquals("text/javascript; charset=utf-8", taken.headers().get("content-type"));

        Answer again =
            framed.get(
                path,
                "origin",
                "https://app.example",
                "if-none-match",
                taken.headers().get("etag"));
        assertEquals(304, again.status());
        assertEquals("https://app.example", again.headers().get("access-control-allow-origin"));
        assertEquals("Origin", again.headers().get("vary"));

        Answer own = framed.get(path);
        assertEquals("same-origin", own.headers().get("cross-origin-resource-policy"));
        assertEquals("Origin", own.headers().get("vary"));

        Answer foreign = framed.get(path, "origin", "https://evil.example");
        assertEquals("foreign_origin", foreign.errorCode());
        assertFalse(foreign.headers().contains("access-control-allow-origin"));
      }
      Answer page = framed.get("/probe.html", "origin", "https://app.example");
      assertEquals("same-origin", page.headers().get("cross-origin-resource-policy"));
    }
  }

  @Test
  void ticketsAndListsAnswerAllowedPages() {
    try (TestDoors framed =
        doors().with("VOICEBRIDGE_ALLOWED_ORIGINS", "https://app.example").open()) {
      for (Answer answer :
          List.of(
              framed.post("/v1/realtime/tickets", null, "origin", "https://app.example"),
              framed.get("/v1/audio/models", "origin", "https://app.example"),
              framed.get("/v1/audio/voices", "origin", "https://app.example"))) {
        assertEquals(200, answer.status());
        assertEquals("https://app.example", answer.headers().get("access-control-allow-origin"));
        assertEquals("Origin", answer.headers().get("vary"));
      }
    }
  }

  @Test
  void aFileThatDidNotChangeIsNotSentAgain() {
    Answer first = doors.get("/probe.html");
    String etag = first.headers().get("etag");

    Answer second = doors.get("/probe.html", "if-none-match", etag);
    assertEquals(304, second.status());
    assertEquals(0, second.body().length());
    assertEquals(etag, second.headers().get("etag"));
    assertEquals(200, doors.get("/probe.html", "if-none-match", "\"other\"").status());
  }

  @Test
  void aHeadHasNoBody() {
    Answer answer = doors.send(HttpMethod.HEAD, doors.port, "/probe.html", null);

    assertEquals(200, answer.status());
    assertEquals(0, answer.body().length());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../pom.xml",
        "/..%2fpom.xml",
        "/%2e%2e/pom.xml",
        "/js/../../pom.xml",
        "/.git/HEAD",
        "/..\\pom.xml",
        "/..%5cpom.xml",
        "/%2e%2e%2fpom.xml",
        "//etc/passwd",
        "/probe.html%00.js",
        "/logback.xml",
        "/../logback.xml"
      })
  void nothingOutsideOfThePageIsServed(String path) {
    int status = doors.get(path).status();

    assertTrue(status == 404 || status == 400, "was " + status);
  }
}
