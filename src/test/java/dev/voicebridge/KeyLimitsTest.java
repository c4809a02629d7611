package dev.voicebridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.sample.TestSamples;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code models} and {@code voices} of a key in the key file mean at the library's doors. */
@Timeout(120)
final class KeyLimitsTest {
  private static final String ANNA = "anna-key-of-some-length";
  private static final String BERT = "bert-key-of-some-length";
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir private static Path folder;

  private static Path keys;
  private static FreshServer server;

  @BeforeAll
  static void start() throws Exception {
    keys = folder.resolve("keys.json");
    limit("models", new JsonArray().add("qwen3-tts-vc-realtime-2026-01-15"));
    server = FreshServer.with("VOICEBRIDGE_API_KEYS", "@" + keys).start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** Writes the key file anew, with that limit for anna. */
  private static void limit(String what, JsonArray names) throws Exception {
    Path fresh = folder.resolve("keys.new");
    Files.writeString(
        fresh,
        new JsonArray()
            .add(new JsonObject().put("name", "anna").put("key", ANNA).put(what, names))
            .add(new JsonObject().put("name", "bert").put("key", BERT))
            .encode());
    Files.move(fresh, keys, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private record Answer(int status, String body) {
    JsonObject json() {
      return new JsonObject(body);
    }

    String code() {
      return json().getJsonObject("error").getString("code");
    }
  }

  private static Answer send(String key, String method, String path, @Nullable JsonObject body)
      throws Exception {
    HttpResponse<String> answer =
        HTTP.send(
            server
                .request(path)
                .header("authorization", "Bearer " + key)
                .header("content-type", "application/json")
                .method(
                    method,
                    body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.encode()))
                .build(),
            BodyHandlers.ofString());
    return new Answer(answer.statusCode(), answer.body());
  }

  private static JsonObject order(String provider, int sample) {
    return new JsonObject()
        .put("provider", provider)
        .put("name", "Limited")
        .put("consent", true)
        .put(
            "sample",
            new JsonObject()
                .put(
                    "data",
                    "data:audio/wav;base64,"
                        + Base64.getEncoder().encodeToString(TestSamples.speech(sample))));
  }

  private static String clone(String key, int sample) throws Exception {
    Answer made = send(key, "POST", "/v1/voices", order("qwen", sample));
    assertEquals(201, made.status(), made.body());
    return made.json().getJsonObject("voice").getString("id");
  }

  private static List<String> listed(String key, String query) throws Exception {
    return send(key, "GET", "/v1/voices" + query, null).json().getJsonArray("data").stream()
        .map(voice -> ((JsonObject) voice).getString("id"))
        .toList();
  }

  @Test
  void aKeyMakesVoicesForItsModelsAndUsesItsVoices() throws Exception {
    aModelThatTheKeyMayNotUseIsRefusedAlsoWhenItComesByDefault();

    final String first = clone(ANNA, 21);
    final String second = clone(ANNA, 22);
    assertEquals(List.of(second, first), listed(ANNA, ""));
    limit("voices", new JsonArray().add(first));
    holdsWithin10s(() -> listed(ANNA, "").equals(List.of(first)));

    onlyTheListedVoiceIsThere(first, second);
    aKeyThatIsLimitedToVoicesMakesNoneAndBringsNoKey();
    assertEquals(201, send(BERT, "POST", "/v1/voices", order("cosyvoice", 23)).status());
  }

  private static void aModelThatTheKeyMayNotUseIsRefusedAlsoWhenItComesByDefault()
      throws Exception {
    for (JsonObject order :
        List.of(
            order("cosyvoice", 20),
            order("cosyvoice", 20).put("dry_run", true),
            order("qwen", 20).put("target_model", "qwen3-tts-vc-realtime-2025-11-27"),
            new JsonObject()
                .put("provider", "qwen")
                .put("name", "Narrator")
                .put("description", "A calm, deep male narrator in his fifties, slow and warm")
                .put("preview_text", "Good evening, and welcome to the story of tonight."))) {
      Answer refused = send(ANNA, "POST", "/v1/voices", order);
      assertEquals(404, refused.status(), refused.body());
      assertEquals("model_not_found", refused.code());
      assertEquals("target_model", refused.json().getJsonObject("error").getString("param"));
    }
    assertEquals(List.of(), listed(ANNA, ""));
  }

  private static void onlyTheListedVoiceIsThere(String first, String second) throws Exception {
    assertEquals(List.of(first), listed(ANNA, "?limit=1"));
    assertEquals(List.of(), listed(ANNA, "?offset=1"));
    assertEquals(List.of(first), listed(ANNA, "?provider=qwen"));
    assertEquals(200, send(ANNA, "GET", "/v1/voices/" + first, null).status());
    JsonObject name = new JsonObject().put("name", "Mine");
    assertEquals(200, send(ANNA, "PATCH", "/v1/voices/" + first, name).status());
    for (String what : List.of("", "/evidence", "/diagnosis", "/events")) {
      assertEquals(404, send(ANNA, "GET", "/v1/voices/" + second + what, null).status(), what);
    }
    assertEquals(404, send(ANNA, "PATCH", "/v1/voices/" + second, name).status());
    assertEquals(404, send(ANNA, "DELETE", "/v1/voices/" + second, null).status());
    Answer vendors =
        send(
            ANNA,
            "POST",
            "/api/v1/services/audio/tts/customization",
            new JsonObject()
                .put("model", "qwen-voice-enrollment")
                .put("input", new JsonObject().put("action", "list")));
    assertEquals(
        1, vendors.json().getJsonObject("output").getInteger("total_count"), vendors.body());
  }

  private static void aKeyThatIsLimitedToVoicesMakesNoneAndBringsNoKey() throws Exception {
    Answer making = send(ANNA, "POST", "/v1/voices", order("qwen", 20));
    assertEquals(403, making.status(), making.body());
    assertEquals("not_allowed", making.code());

    HttpResponse<String> visiting =
        HTTP.send(
            server
                .request("/v1/voices")
                .header("authorization", "Bearer " + ANNA)
                .header("x-provider-key", "sk-visitor")
                .build(),
            BodyHandlers.ofString());
    assertEquals(403, visiting.statusCode(), visiting.body());
  }

  private interface Check {
    boolean holds() throws Exception;
  }

  private static void holdsWithin10s(Check check) throws Exception {
    long until = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    boolean holds = check.holds();
    while (!holds && System.nanoTime() < until) {
      java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
      holds = check.holds();
    }
    assertTrue(holds, "the key file was not read again");
  }
}
