package dev.voicebridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.config.Config;
import dev.voicebridge.sample.TestSamples;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Voices through {@code /v1/voices} of the server as it starts, made by the embedded vendor. */
final class VoicesDoorTest {
  private static final String JSON = "application/json";
  private static Voicebridge server;
  private static HttpClient client;

  @BeforeAll
  static void start(@TempDir Path data) {
    client = HttpClient.newHttpClient();
    server =
        Voicebridge.start(
            Config.load(
                Map.of("VOICEBRIDGE_PORT", "0", "VOICEBRIDGE_DATA_DIR", data.toString()),
                Map.of()));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
        .timeout(Duration.ofSeconds(60));
  }

  private static HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  private static HttpResponse<byte[]> send(String method, String path, JsonObject body)
      throws Exception {
    return send(
        to(path)
            .header("content-type", JSON)
            .method(method, BodyPublishers.ofString(body.encode())));
  }

  private static HttpResponse<byte[]> get(String path) throws Exception {
    return send(to(path));
  }

  private static JsonObject json(HttpResponse<byte[]> answer) {
    return new JsonObject(new String(answer.body(), StandardCharsets.UTF_8));
  }

  private static String text(HttpResponse<byte[]> answer) {
    return answer.statusCode() + " " + new String(answer.body(), StandardCharsets.UTF_8);
  }

  private static HttpRequest.Builder form(String path, Map<String, String> fields, byte[] file)
      throws Exception {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (Map.Entry<String, String> field : fields.entrySet()) {
      String part =
          "--XX\r\ncontent-disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
              .formatted(field.getKey(), field.getValue());
      body.write(part.getBytes(StandardCharsets.UTF_8));
    }
    body.write(
        "--XX\r\ncontent-disposition: form-data; name=\"file\"; filename=\"s.wav\"\r\n\r\n"
            .getBytes(StandardCharsets.UTF_8));
    body.write(file);
    body.write("\r\n--XX--\r\n".getBytes(StandardCharsets.UTF_8));
    return to(path)
        .header("content-type", "multipart/form-data; boundary=XX")
        .POST(BodyPublishers.ofByteArray(body.toByteArray()));
  }

  private static String clone(String provider, String name, int sample) throws Exception {
    HttpResponse<byte[]> made =
        send(
            form(
                "/v1/voices",
                Map.of("provider", provider, "name", name, "consent", "true", "tags", "warm"),
                TestSamples.speech(sample)));
    assertEquals(201, made.statusCode(), text(made));
    JsonObject voice = json(made).getJsonObject("voice");
    assertEquals(
        "/v1/voices/" + voice.getString("id"), made.headers().firstValue("location").orElse(""));
    assertEquals(provider, voice.getString("provider"));
    assertEquals(name, voice.getString("name"));
    assertEquals("stated", voice.getJsonObject("consent").getString("how"));
    return voice.getString("id");
  }

  @Test
  void whatVoicesCanBeMadeForIsListedWithOneDefaultForEachWay() throws Exception {
    List<JsonObject> targets =
        json(get("/v1/voices/targets")).getJsonArray("data").stream()
            .map(JsonObject.class::cast)
            .toList();
    for (String provider : List.of("cosyvoice", "qwen")) {
      for (String way : List.of("clone", "design")) {
        List<JsonObject> defaults =
            targets.stream()
                .filter(target -> provider.equals(target.getString("provider")))
                .filter(target -> target.getJsonArray("default_for").contains(way))
                .toList();
        assertEquals(1, defaults.size(), provider + " " + way + ": " + defaults);
        assertTrue(defaults.get(0).getJsonArray("can").contains(way), provider + " " + way);
      }
    }
    assertTrue(
        targets.stream()
            .filter(target -> "siliconflow".equals(target.getString("provider")))
            .allMatch(target -> "required".equals(target.getString("transcript"))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"cosyvoice", "qwen"})
  void aSampleBecomesAVoiceThatCanBeFoundRenamedAndDeleted(String provider) throws Exception {
    String id = clone(provider, "外婆的声音", provider.length());
    JsonObject voice = json(get("/v1/voices/" + id + "?wait_seconds=30"));
    assertEquals("ok", voice.getString("status"), voice.encode());
    assertTrue(voice.getBoolean("usable"));

    String theirs =
        URLEncoder.encode(voice.getString("provider_voice_id"), StandardCharsets.UTF_8)
            .replace("+", "%20");
    assertEquals(id, json(get("/v1/voices/" + theirs)).getString("id"));
    assertTrue(
        json(get("/v1/voices?tag=warm&provider=" + provider)).getJsonArray("data").stream()
            .anyMatch(found -> id.equals(((JsonObject) found).getString("id"))));

    HttpResponse<byte[]> renamed =
        send("PATCH", "/v1/voices/" + id, new JsonObject().put("name", "Grandma"));
    assertEquals("Grandma", json(renamed).getString("name"), text(renamed));

    HttpResponse<byte[]> evidence = get("/v1/voices/" + id + "/evidence");
    assertTrue(
        evidence.headers().firstValue("content-disposition").orElse("").contains("attachment"));
    assertFalse(text(evidence).contains("sk-"), "a key in the evidence");

    HttpResponse<byte[]> deleted = send(to("/v1/voices/" + id).DELETE());
    assertEquals(204, deleted.statusCode(), text(deleted));
    assertEquals(404, get("/v1/voices/" + id).statusCode());
  }

  @Test
  void theEventsOfAVoiceEndWhenItIsReady() throws Exception {
    String id = clone("cosyvoice", "Anna", 20);

    HttpResponse<byte[]> events = get("/v1/voices/" + id + "/events");

    assertEquals(
        "text/event-stream; charset=utf-8", events.headers().firstValue("content-type").orElse(""));
    String said = text(events);
    assertTrue(said.contains("event: voice\ndata: {"), said);
    assertTrue(said.stripTrailing().endsWith("}"), said);
    String last = said.substring(said.lastIndexOf("data: ") + 6);
    assertEquals("ok", new JsonObject(last).getString("status"), said);
  }

  @Test
  void theSameSampleIsTheSameVoiceUnlessAskedForAgain() throws Exception {
    final String id = clone("qwen", "Twice", 30);
    JsonObject order =
        new JsonObject()
            .put("provider", "qwen")
            .put("name", "Twice")
            .put("consent", true)
            .put(
                "sample",
                new JsonObject()
                    .put(
                        "data",
                        "data:audio/wav;base64,"
                            + Base64.getEncoder().encodeToString(TestSamples.speech(30))));

    HttpResponse<byte[]> same = send("POST", "/v1/voices", order);
    HttpResponse<byte[]> other = send("POST", "/v1/voices", order.put("again", true));

    assertEquals(200, same.statusCode(), text(same));
    assertEquals(true, json(same).getBoolean("existing"));
    assertEquals(id, json(same).getJsonObject("voice").getString("id"));
    assertEquals(201, other.statusCode(), text(other));
    assertNotEquals(id, json(other).getJsonObject("voice").getString("id"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"cosyvoice", "qwen"})
  void aDescriptionBecomesAVoiceThatIsHeardAtOnce(String provider) throws Exception {
    HttpResponse<byte[]> made =
        send(
            "POST",
            "/v1/voices",
            new JsonObject()
                .put("provider", provider)
                .put("name", "Narrator")
                .put("description", "A calm, deep male narrator in his fifties, slow and warm")
                .put("preview_text", "Good evening, and welcome to the story of tonight.")
                .put("language", "en"));

    assertEquals(201, made.statusCode(), text(made));
    JsonObject preview = json(made).getJsonObject("preview");
    byte[] heard = Base64.getDecoder().decode(preview.getString("data"));
    assertEquals("wav", preview.getString("format"));
    assertTrue(heard.length > 24_000, heard.length + " bytes of preview");
    assertEquals("designed", json(made).getJsonObject("voice").getString("origin"));
  }

  @Test
  void aCloneNeedsConsent() throws Exception {
    HttpResponse<byte[]> refused =
        send(form("/v1/voices", Map.of("name", "Nobody asked"), TestSamples.speech(3)));

    assertEquals(400, refused.statusCode());
    assertEquals(
        "consent_required", json(refused).getJsonObject("error").getString("code"), text(refused));
  }

  @Test
  void aDryRunMakesNothing() throws Exception {
    HttpResponse<byte[]> told =
        send(
            form(
                "/v1/voices",
                Map.of("name", "Never", "consent", "true", "dry_run", "true"),
                TestSamples.speech(4)));

    assertEquals(200, told.statusCode(), text(told));
    assertFalse(text(told).contains("sk-"), "a key in a dry run");
    assertEquals(0, json(get("/v1/voices?query=Never")).getInteger("total"));
  }

  @Test
  void aSampleThatWillNotDoIsRefusedWithAReport() throws Exception {
    HttpResponse<byte[]> refused =
        send(
            form(
                "/v1/voices",
                Map.of("name", "Noise", "consent", "true"),
                "no audio".getBytes(StandardCharsets.UTF_8)));

    assertEquals(422, refused.statusCode(), text(refused));
    assertTrue(json(refused).getJsonObject("error").containsKey("report"), text(refused));
  }

  @Test
  void aSampleIsCheckedAndMended() throws Exception {
    byte[] sample = TestSamples.speech(5);

    HttpResponse<byte[]> report = send(form("/v1/voices/samples/check", Map.of(), sample));
    HttpResponse<byte[]> mended =
        send(form("/v1/voices/samples/check?mended=qwen", Map.of(), sample));

    assertEquals(200, report.statusCode(), text(report));
    assertTrue(json(report).getJsonObject("mended").getBoolean("qwen"), text(report));
    assertEquals(200, mended.statusCode());
    assertEquals("audio/wav", mended.headers().firstValue("content-type").orElse(""));
    assertTrue(mended.headers().firstValue("x-voicebridge-mending").isPresent());
    assertEquals("RIFF", new String(mended.body(), 0, 4, StandardCharsets.US_ASCII));
  }

  @Test
  void aSampleUrlCannotReachInside() throws Exception {
    HttpResponse<byte[]> refused =
        send(
            "POST",
            "/v1/voices/samples/check",
            new JsonObject().put("url", "http://169.254.169.254/latest/meta-data"));

    assertEquals(400, refused.statusCode(), text(refused));
    assertEquals(
        "url_forbidden_address",
        json(refused).getJsonObject("error").getString("code"),
        text(refused));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/events", "/evidence", "/diagnosis"})
  void aVoiceThatIsNotThereIs404(String what) throws Exception {
    HttpResponse<byte[]> answer = get("/v1/voices/no-such-voice" + what);

    assertEquals(404, answer.statusCode(), text(answer));
    assertEquals("voice_not_found", json(answer).getJsonObject("error").getString("code"));
  }
}
