package dev.voicebridge;

import static dev.voicebridge.VoicesDoor.json;
import static dev.voicebridge.VoicesDoor.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.sample.TestSamples;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Voices through {@code /v1/voices} of the server as it starts, made by the embedded vendor. */
final class VoicesDoorTest {
  @RegisterExtension static final FreshServer server = FreshServer.with();
  private static final VoicesDoor door = new VoicesDoor(server);

  private static String clone(String provider, String name, int sample) throws Exception {
    HttpResponse<byte[]> made =
        door.send(
            door.form(
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
        json(door.get("/v1/voices/targets")).getJsonArray("data").stream()
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
    JsonObject voice = json(door.get("/v1/voices/" + id + "?wait_seconds=30"));
    assertEquals("ok", voice.getString("status"), voice.encode());
    assertTrue(voice.getBoolean("usable"));

    String theirs =
        URLEncoder.encode(voice.getString("provider_voice_id"), StandardCharsets.UTF_8)
            .replace("+", "%20");
    assertEquals(id, json(door.get("/v1/voices/" + theirs)).getString("id"));
    assertTrue(
        json(door.get("/v1/voices?tag=warm&provider=" + provider)).getJsonArray("data").stream()
            .anyMatch(found -> id.equals(((JsonObject) found).getString("id"))));

    HttpResponse<byte[]> renamed =
        door.send("PATCH", "/v1/voices/" + id, new JsonObject().put("name", "Grandma"));
    assertEquals("Grandma", json(renamed).getString("name"), text(renamed));

    HttpResponse<byte[]> evidence = door.get("/v1/voices/" + id + "/evidence");
    assertTrue(
        evidence.headers().firstValue("content-disposition").orElse("").contains("attachment"));
    assertFalse(text(evidence).contains("sk-"), "a key in the evidence");

    HttpResponse<byte[]> deleted = door.send(door.to("/v1/voices/" + id).DELETE());
    assertEquals(204, deleted.statusCode(), text(deleted));
    assertEquals(404, door.get("/v1/voices/" + id).statusCode());
  }

  @Test
  void theEventsOfAVoiceEndWhenItIsReady() throws Exception {
    String id = clone("cosyvoice", "Anna", 20);

    HttpResponse<byte[]> events = door.get("/v1/voices/" + id + "/events");

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

    HttpResponse<byte[]> same = door.send("POST", "/v1/voices", order);
    HttpResponse<byte[]> other = door.send("POST", "/v1/voices", order.put("again", true));

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
        door.send(
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
        door.send(door.form("/v1/voices", Map.of("name", "Nobody asked"), TestSamples.speech(3)));

    assertEquals(400, refused.statusCode());
    assertEquals(
        "consent_required", json(refused).getJsonObject("error").getString("code"), text(refused));
  }

  @Test
  void aDryRunMakesNothing() throws Exception {
    HttpResponse<byte[]> told =
        door.send(
            door.form(
                "/v1/voices",
                Map.of("name", "Never", "consent", "true", "dry_run", "true"),
                TestSamples.speech(4)));

    assertEquals(200, told.statusCode(), text(told));
    assertFalse(text(told).contains("sk-"), "a key in a dry run");
    assertEquals(0, json(door.get("/v1/voices?query=Never")).getInteger("total"));
  }

  @Test
  void aSampleThatWillNotDoIsRefusedWithAReport() throws Exception {
    HttpResponse<byte[]> refused =
        door.send(
            door.form(
                "/v1/voices",
                Map.of("name", "Noise", "consent", "true"),
                "no audio".getBytes(StandardCharsets.UTF_8)));

    assertEquals(422, refused.statusCode(), text(refused));
    assertTrue(json(refused).getJsonObject("error").containsKey("report"), text(refused));
  }

  @Test
  void aSampleIsCheckedAndMended() throws Exception {
    byte[] sample = TestSamples.speech(5);

    HttpResponse<byte[]> report =
        door.send(door.form("/v1/voices/samples/check", Map.of(), sample));
    HttpResponse<byte[]> mended =
        door.send(door.form("/v1/voices/samples/check?mended=qwen", Map.of(), sample));

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
        door.send(
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
    HttpResponse<byte[]> answer = door.get("/v1/voices/no-such-voice" + what);

    assertEquals(404, answer.statusCode(), text(answer));
    assertEquals("voice_not_found", json(answer).getJsonObject("error").getString("code"));
  }
}
