package dev.voicebridge.http;

import static dev.voicebridge.http.TestDoors.doors;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.http.TestDoors.Answer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code /v1/voices} answers by itself, over a library that is empty. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class VoiceRoutesTest {
  private static final String JSON = "application/json";
  private final TestDoors doors = doors().open();

  @AfterAll
  void close() {
    doors.close();
  }

  private static JsonObject error(Answer answer) {
    return answer.json().getJsonObject("error");
  }

  @Test
  void anEmptyLibraryIsAnEmptyList() {
    Answer answer = doors.get("/v1/voices");

    assertEquals(200, answer.status());
    assertEquals("no-store", answer.headers().get("cache-control"));
    assertEquals(0, answer.json().getInteger("total"));
    assertEquals(Set.of("object", "data", "total", "quota", "library"), answer.json().fieldNames());
  }

  @ParameterizedTest
  @CsvSource({
    "limit=0,        limit",
    "limit=1001,     limit",
    "limit=x,        limit",
    "limit=1&limit=2,limit",
    "offset=-1,      offset",
    "offset=99999999999, offset",
    "provider=acme,  provider",
    "provider=QWEN,  provider",
    "origin=stolen,  origin",
    "state=dead,     state",
  })
  void aQueryThatCannotBeMeantIsNamed(String query, String param) {
    Answer answer = doors.get("/v1/voices?" + query);

    assertEquals(400, answer.status());
    assertEquals(param, error(answer).getString("param"));
    assertEquals("invalid_value", error(answer).getString("code"));
    assertFalse(error(answer).getString("message_zh").isEmpty());
  }

  @ParameterizedTest
  @CsvSource({
    "provider=qwen&state=deploying&origin=cloned&limit=1000&offset=5",
    "query=%E5%A4%96%E5%A9%86&tag=warm&model=cosyvoice-v3.5-plus"
  })
  void aQueryThatCanBeMeantIsAnswered(String query) {
    assertEquals(200, doors.get("/v1/voices?" + query).status());
  }

  @ParameterizedTest
  @CsvSource({
    "GET,    /v1/voices",
    "POST,   /v1/voices",
    "GET,    /v1/voices/x",
    "PATCH,  /v1/voices/x",
    "DELETE, /v1/voices/x",
    "PUT,    /v1/voices/x/sample",
    "GET,    /v1/voices/x/events",
    "GET,    /v1/voices/x/evidence",
    "GET,    /v1/voices/x/diagnosis",
    "GET,    /v1/voices/x/preview",
    "POST,   /v1/voices/samples/check",
    "GET,    /v1/voices/descriptions/check",
  })
  void everyRouteAsksForAKey(String method, String path) {
    HttpMethod verb = HttpMethod.valueOf(method);
    try (TestDoors locked =
        doors().with("VOICEBRIDGE_API_KEYS", "anna=a-key-of-enough-letters").open()) {
      Answer stranger = locked.send(verb, locked.port, path, null);
      assertEquals(401, stranger.status());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "PATCH,  /v1/voices/x",
    "GET,    /v1/voices/x/events",
    "GET,    /v1/voices/x/evidence",
    "GET,    /v1/voices/x/diagnosis",
    "GET,    /v1/voices/x/preview",
  })
  void aVisitorHasNoRecords(String method, String path) {
    HttpMethod verb = HttpMethod.valueOf(method);

    Answer own = doors.send(verb, doors.port, path, null, "x-provider-key", "sk-mine");

    assertEquals(400, own.status());
    assertEquals("provider_key_unsupported", error(own).getString("code"));
    assertFalse(own.body().toString().contains("sk-mine"));
  }

  @ParameterizedTest
  @CsvSource({
    "PUT,  /v1/voices,           'GET, POST'",
    "POST, /v1/voices/x,         'DELETE, GET, PATCH'",
    "POST, /v1/voices/x/sample,  'PUT'",
    "GET,  /v1/voices/samples/check, 'POST'",
  })
  void anotherMethodIs405(String method, String path, String allowed) {
    Answer answer = doors.send(HttpMethod.valueOf(method), doors.port, path, null);

    assertEquals(405, answer.status());
    assertEquals(allowed, answer.headers().get("allow"));
  }

  @Test
  void anOrderThatIsWrongNamesItsField() {
    Answer answer = doors.post("/v1/voices", "{\"name\": \"x\"}", "content-type", JSON);

    assertEquals(400, answer.status());
    assertEquals("sample", error(answer).getString("param"));
    assertEquals("invalid_value", error(answer).getString("code"));
  }

  @Test
  void anEditThatIsWrongNamesItsField() {
    Answer answer =
        doors.send(
            HttpMethod.PATCH,
            doors.port,
            "/v1/voices/x",
            "{\"owner\": \"me\"}",
            "content-type",
            JSON);

    assertEquals(400, answer.status());
    assertEquals("owner", error(answer).getString("param"));
  }

  @Test
  void anEditThatIsLargeIs413() {
    Answer answer =
        doors.send(
            HttpMethod.PATCH,
            doors.port,
            "/v1/voices/x",
            "{\"name\": \"" + "x".repeat(70_000) + "\"}",
            "content-type",
            JSON);

    assertEquals(413, answer.status());
  }

  @Test
  void bodiesAreJsonOrForms() {
    assertEquals(415, doors.post("/v1/voices", "name=x", "content-type", "text/plain").status());
  }

  @Test
  void anIdThatIsNoneIs404() {
    assertEquals(404, doors.get("/v1/voices/" + "x".repeat(300)).status());
    assertEquals(404, doors.get("/v1/voices/%20").status());
    assertEquals("voice_not_found", error(doors.get("/v1/voices/%20")).getString("code"));
  }

  @Test
  void whyIsSilentOrUnstable() {
    Answer answer = doors.get("/v1/voices/x/diagnosis?why=ugly");

    assertEquals(400, answer.status());
    assertEquals("why", error(answer).getString("param"));
  }

  @Test
  void aDescriptionIsJudgedWithoutAVendor() {
    Answer good =
        doors.get(
            "/v1/voices/descriptions/check?description=A%20calm%20deep%20male%20narrator"
                + "&preview_text=Good%20evening%20and%20welcome%20to%20all&language=en");
    Answer bad =
        doors.post(
            "/v1/voices/descriptions/check",
            "{\"provider\": \"qwen\", \"description\": \"nice\", \"preview_text\": \"\"}",
            "content-type",
            JSON);
    Answer nothing = doors.get("/v1/voices/descriptions/check");

    assertEquals(200, good.status());
    assertTrue(good.json().getJsonArray("data").isEmpty(), good.body().toString());
    assertEquals(
        Set.of("description_only_judgement", "preview_text_length"),
        Set.copyOf(
            bad.json().getJsonArray("data").stream()
                .map(found -> ((JsonObject) found).getString("code"))
                .toList()));
    assertEquals(
        "description_empty",
        nothing.json().getJsonArray("data").getJsonObject(0).getString("code"));
  }

  @Test
  void aSampleIsMendedForProvidersThatThereAre() {
    Answer answer = doors.post("/v1/voices/samples/check?mended=acme", "{}", "content-type", JSON);

    assertEquals(400, answer.status());
    assertEquals("mended", error(answer).getString("param"));
  }
}
