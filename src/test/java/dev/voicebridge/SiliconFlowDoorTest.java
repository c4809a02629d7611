package dev.voicebridge;

import static dev.voicebridge.VendorGuests.VISITORS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.audio.AudioFormat;
import dev.voicebridge.audio.Decoded;
import dev.voicebridge.sample.TestSamples;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SiliconFlow's own calls for voices, as its clients make them, over the library. */
@Timeout(120)
final class SiliconFlowDoorTest {
  private static final String ANNA = "anna-key-of-some-length";
  private static final String BERT = "bert-key-of-some-length";
  private static final String PAGE = "https://amadeus.example";
  private static final String FLOW_MODEL = "FunAudioLLM/CosyVoice2-0.5B";
  private static final String UPLOAD = "/v1/uploads/audio/voice";
  private static final String LIST = "/v1/audio/voice/list";
  private static final String DELETIONS = "/v1/audio/voice/deletions";

  private static Vertx vertx;
  private static Map<String, String> settings;
  private static FreshServer server;
  private static VoicesDoor door;

  @BeforeAll
  static void start() throws Exception {
    vertx = Vertx.vertx();
    settings = new HashMap<>(VendorGuests.start(vertx));
    settings.put(
        "VOICEBRIDGE_API_KEYS",
        "anna=" + ANNA + ",bert=" + BERT + ",operator=operator-key-of-some-length");
    settings.put("VOICEBRIDGE_ALLOWED_ORIGINS", PAGE);
    server = FreshServer.with(settings).start();
    door = new VoicesDoor(server);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
    vertx.close().await(20, TimeUnit.SECONDS);
  }

  private static HttpResponse<byte[]> send(String key, HttpRequest.Builder request, String... more)
      throws Exception {
    request.header("authorization", "Bearer " + key);
    for (int i = 0; i < more.length; i += 2) {
      request.header(more[i], more[i + 1]);
    }
    return door.send(request);
  }

  private static HttpRequest.Builder json(String path, JsonObject body) {
    return door.to(path)
        .header("content-type", "application/json")
        .POST(BodyPublishers.ofString(body.encode()));
  }

  private static Map<String, String> fields(String model, String name) {
    return Map.of("model", model, "customName", name, "text", "夜里下了一场小雨。");
  }

  private static String dataUri(int number) throws Exception {
    return "data:audio/wav;base64,"
        + Base64.getEncoder().encodeToString(TestSamples.speech(number));
  }

  private static JsonObject ok(HttpResponse<byte[]> answer) {
    assertEquals(200, answer.statusCode(), () -> VoicesDoor.text(answer));
    return VoicesDoor.json(answer);
  }

  private static List<JsonObject> listed(String key, String... more) throws Exception {
    JsonObject list = ok(send(key, door.to(LIST), more));
    assertEquals(list.getJsonArray("result"), list.getJsonArray("results"));
    return list.getJsonArray("result").stream().map(JsonObject.class::cast).toList();
  }

  private static boolean has(List<JsonObject> list, String uri) {
    return list.stream().anyMatch(voice -> voice.getString("uri").equals(uri));
  }

  private static double spokenMs(String key, String model, String uri, String... more)
      throws Exception {
    JsonObject order =
        new JsonObject()
            .put("model", model)
            .put("voice", uri)
            .put("input", "夜里下了一场小雨，清晨的街道闻起来有青草的味道。")
            .put("response_format", "pcm")
            .put("stream", true)
            .put("gain", 0);
    HttpResponse<byte[]> answer = send(key, json("/v1/audio/speech", order), more);
    assertEquals(200, answer.statusCode(), () -> VoicesDoor.text(answer));
    return Decoded.of(AudioFormat.PCM, 24_000, answer.body()).ms();
  }

  @ParameterizedTest
  @CsvSource({
    FLOW_MODEL + ", speech:, siliconflow, 20",
    "cosyvoice-v3-flash, cosyvoice-v3-flash-, cosyvoice, 21",
    "qwen3-tts-vc-realtime-2026-01-15, qwen-tts-vc-, qwen, 22",
  })
  void aVoiceOfAnyProviderIsUploadedListedSpokenWithAndDeleted(
      String model, String beginning, String family, int number) throws Exception {
    String uri =
        ok(send(ANNA, door.form(UPLOAD, fields(model, "外婆"), TestSamples.speech(number))))
            .getString("uri");

    assertTrue(uri.startsWith(beginning), uri);
    JsonObject shown =
        listed(ANNA).stream()
            .filter(voice -> voice.getString("uri").equals(uri))
            .findFirst()
            .orElseThrow();
    assertEquals(model, shown.getString("model"));
    assertEquals("外婆", shown.getString("customName"));
    assertEquals("", shown.getString("text"));
    double ms = spokenMs(ANNA, model, uri);
    assertTrue(ms > 2_000 && ms < 12_000, ms + " ms: usable at once, as the vendor promises");

    JsonObject record =
        ok(send(ANNA, door.to("/v1/voices?limit=1000"))).getJsonArray("data").stream()
            .map(JsonObject.class::cast)
            .filter(voice -> uri.equals(voice.getString("provider_voice_id")))
            .findFirst()
            .orElseThrow();
    assertEquals(family, record.getString("family", record.getString("provider")));
    assertFalse(has(listed(BERT), uri), "somebody else's");
    HttpResponse<byte[]> foreign = send(BERT, json(DELETIONS, new JsonObject().put("uri", uri)));
    assertEquals(404, foreign.statusCode());

    JsonObject gone = ok(send(ANNA, json(DELETIONS, new JsonObject().put("uri", uri))));

    assertTrue(gone.getBoolean("deleted"));
    assertFalse(has(listed(ANNA), uri));
    assertEquals(404, send(ANNA, json(DELETIONS, new JsonObject().put("uri", uri))).statusCode());
  }

  @Test
  void aSampleMayBeADataUri() throws Exception {
    JsonObject order =
        new JsonObject()
            .put("model", FLOW_MODEL)
            .put("customName", "uncle-1")
            .put("text", "夜里下了一场小雨。")
            .put("audio", dataUri(23));

    String uri = ok(send(ANNA, json(UPLOAD, order))).getString("uri");
    // Every upload is a voice of its own, as it is at the vendor.
    String another = ok(send(ANNA, json(UPLOAD, order))).getString("uri");

    assertTrue(has(listed(ANNA), uri) && has(listed(ANNA), another) && !uri.equals(another));
    assertTrue(spokenMs(ANNA, "", uri) > 2_000, "an empty model is the voice's own");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'customName':'a','text':'x'}|400|file",
        "{'model':'FunAudioLLM/CosyVoice2-0.5B','text':'x','audio':'OK'}|400|customName",
        "{'customName':'a','audio':'nonsense'}|400|audio",
        "{'customName':'a','audio':'data:audio/wav;base64,AAAA'}|422|sample",
        "{'model':'gpt-5','customName':'a','audio':'OK'}|404|model",
        "{'model':'qwen3-tts-vd-realtime-2026-01-15','customName':'a','audio':'OK'}|400|",
        "nonsense|400|",
      })
  void whatIsWrongIsToldWhereItsClientsLook(String body, int status, String param)
      throws Exception {
    HttpResponse<byte[]> answer =
        send(
            ANNA,
            door.to(UPLOAD)
                .header("content-type", "application/json")
                .POST(
                    BodyPublishers.ofString(
                        body.replace('\'', '"').replace("\"OK\"", '"' + dataUri(24) + '"'))));

    assertEquals(status, answer.statusCode(), () -> VoicesDoor.text(answer));
    JsonObject told = VoicesDoor.json(answer);
    assertFalse(told.getString("message").isEmpty());
    assertEquals(told.getString("message"), told.getJsonObject("error").getString("message"));
    assertEquals(param, told.getJsonObject("error").getString("param"), told::encode);
  }

  @Test
  void withoutAKeyNothingIsAnswered() throws Exception {
    for (HttpRequest.Builder request :
        List.of(
            door.form(UPLOAD, fields(FLOW_MODEL, "x"), new byte[10]),
            door.to(LIST),
            json(DELETIONS, new JsonObject().put("uri", "speech:x:y:z")))) {
      HttpResponse<byte[]> answer = door.send(request);
      assertEquals(401, answer.statusCode());
      assertFalse(VoicesDoor.json(answer).getString("message").isEmpty());
    }
  }

  @Test
  void aVisitorsVoiceStaysTheVisitors() throws Exception {
    String[] visiting = {"X-Provider-Key", VISITORS};
    String uri =
        ok(send(
                ANNA,
                door.form(UPLOAD, fields(FLOW_MODEL, "guest"), TestSamples.speech(25)),
                visiting))
            .getString("uri");

    assertTrue(has(listed(ANNA, visiting), uri));
    assertFalse(has(listed(ANNA), uri), "nothing is kept here");
    assertTrue(spokenMs(ANNA, FLOW_MODEL, uri, visiting) > 2_000);
    HttpResponse<byte[]> wrong =
        send(ANNA, door.to(LIST), "X-Provider-Key", "sk-nobody-knows-this-key");
    assertTrue(wrong.statusCode() >= 400, VoicesDoor.text(wrong));
    assertFalse(VoicesDoor.text(wrong).contains("sk-nobody"), VoicesDoor.text(wrong));
    ok(send(ANNA, json(DELETIONS, new JsonObject().put("uri", uri)), visiting));
    assertFalse(has(listed(ANNA, visiting), uri));
  }

  @Test
  void theOperatorMayDemandTheHeaderThatSaysThatTheSpeakerAgreed() throws Exception {
    Map<String, String> strict = new HashMap<>(settings);
    strict.put("VOICEBRIDGE_CONSENT_HEADER", "true");
    try (FreshServer demanding = FreshServer.with(strict).start()) {
      VoicesDoor there = new VoicesDoor(demanding);
      byte[] sample = TestSamples.speech(26);

      HttpResponse<byte[]> refused =
          there.send(
              there
                  .form(UPLOAD, fields(FLOW_MODEL, "anna"), sample)
                  .header("authorization", "Bearer " + ANNA));
      HttpResponse<byte[]> agreed =
          there.send(
              there
                  .form(UPLOAD, fields(FLOW_MODEL, "anna"), sample)
                  .header("authorization", "Bearer " + ANNA)
                  .header("X-Voicebridge-Consent", "true"));

      assertEquals(400, refused.statusCode());
      JsonObject error = VoicesDoor.json(refused).getJsonObject("error");
      assertEquals("consent_required", error.getString("code"));
      assertTrue(error.getString("message").contains("X-Voicebridge-Consent: true"));
      assertTrue(ok(agreed).getString("uri").startsWith("speech:"));
    }
  }

  @ParameterizedTest
  @CsvSource({UPLOAD + ", POST", LIST + ", GET", DELETIONS + ", POST"})
  void anAllowedPageMayCallAndAnotherMayNot(String path, String method) throws Exception {
    String asked =
        """
        OPTIONS %s HTTP/1.1
        Host: 127.0.0.1
        Access-Control-Request-Method: %s
        Access-Control-Request-Headers: authorization,content-type
        Origin: %s

        """;
    String foreign = "https://elsewhere.example";

    try (RawExchange allowed =
            RawExchange.send(server.port(), asked.formatted(path, method, PAGE));
        RawExchange refused =
            RawExchange.send(server.port(), asked.formatted(path, method, foreign))) {
      assertEquals(204, allowed.status());
      assertEquals(PAGE, allowed.header("access-control-allow-origin"));
      assertEquals("authorization, content-type", allowed.header("access-control-allow-headers"));
      assertTrue(allowed.header("access-control-allow-methods").contains(method));
      assertEquals(403, refused.status());
      assertEquals("", refused.header("access-control-allow-origin"));
    }
  }
}
