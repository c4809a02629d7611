package dev.voicebridge.emulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.emulator.wire.Fault;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The embedded multimodal-generation by hand. */
@Timeout(60)
class GenerationWireTest {
  private static final String TEXT = "今天天气很好。我们一起去公园散步吧。";

  private static GuestHouse house;
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @BeforeAll
  static void open() throws Exception {
    house = new GuestHouse();
  }

  @AfterAll
  static void close() {
    house.close();
  }

  private static HttpResponse<byte[]> ask(String key, String model, JsonObject input, boolean sse)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create(house.httpUrl() + "/services/aigc/multimodal-generation/generation"))
            .timeout(Duration.ofSeconds(20))
            .header("authorization", "Bearer " + key)
            .header("content-type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    new JsonObject().put("model", model).put("input", input).encode()));
    if (sse) {
      request.header("X-DashScope-SSE", "enable");
    }
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private static JsonObject input(String text, String voice) {
    return new JsonObject().put("text", text).put("voice", voice);
  }

  private static List<JsonObject> events(HttpResponse<byte[]> answer) {
    assertEquals(200, answer.statusCode(), () -> new String(answer.body(), UTF_8));
    assertEquals(
        "text/event-stream;charset=UTF-8",
        answer.headers().firstValue("content-type").orElseThrow());
    List<JsonObject> events = new ArrayList<>();
    String[] blocks = new String(answer.body(), UTF_8).split("\n\n", -1);
    for (int i = 0; i < blocks.length - 1; i++) {
      String[] lines = blocks[i].split("\n", -1);
      assertEquals("id:" + (i + 1), lines[0]);
      assertTrue(lines[1].startsWith("event:"), lines[1]);
      assertTrue(lines[2].startsWith(":HTTP_STATUS/"), lines[2]);
      events.add(new JsonObject(lines[3].substring("data:".length())));
    }
    return events;
  }

  private static JsonObject audio(JsonObject event) {
    return event.getJsonObject("output").getJsonObject("audio");
  }

  private static byte[] fetch(String url) throws Exception {
    HttpResponse<byte[]> file =
        HTTP.send(
            HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(20)).build(),
            HttpResponse.BodyHandlers.ofByteArray());
    assertEquals(200, file.statusCode());
    return file.body();
  }

  @Test
  void theStreamIsTheFileInSlices() throws Exception {
    List<JsonObject> events =
        events(ask(GuestHouse.KEY, "qwen3-tts-flash", input(TEXT, "Cherry"), true));

    Buffer sound = Buffer.buffer();
    for (JsonObject event : events.subList(0, events.size() - 1)) {
      assertEquals("null", event.getJsonObject("output").getString("finish_reason"));
      assertEquals("", audio(event).getString("url"));
      sound.appendBytes(Base64.getDecoder().decode(audio(event).getString("data")));
    }
    JsonObject last = events.get(events.size() - 1);
    assertEquals("stop", last.getJsonObject("output").getString("finish_reason"));
    assertEquals("", audio(last).getString("data"));
    assertTrue(events.size() > 5, events.size() + " events");
    assertEquals(2 * 16 + 2, last.getJsonObject("usage").getInteger("characters"));
    byte[] file = fetch(audio(last).getString("url"));
    assertEquals("RIFF", new String(file, 0, 4, UTF_8));
    assertArrayEquals(sound.getBytes(), Arrays.copyOfRange(file, 44, file.length));
    assertTrue(
        audio(last).getLong("expires_at") > System.currentTimeMillis() / 1000 + 86_000,
        "a day long");
  }

  @Test
  void withoutAStreamThereIsALink() throws Exception {
    HttpResponse<byte[]> answer = ask(GuestHouse.KEY, "qwen-tts", input(TEXT, "Serena"), false);

    assertEquals(200, answer.statusCode());
    JsonObject said = new JsonObject(Buffer.buffer(answer.body()));
    assertEquals("", audio(said).getString("data"));
    assertTrue(fetch(audio(said).getString("url")).length > 24_000);
    JsonObject usage = said.getJsonObject("usage");
    assertEquals(
        usage.getInteger("input_tokens") + usage.getInteger("output_tokens"),
        usage.getInteger("total_tokens"));
  }

  @ParameterizedTest
  @CsvSource({
    "cosyvoice-v3-flash, 好, longanyang, 400, InvalidParameter, url error",
    "qwen3-tts-flash-realtime, 好, Cherry, 400, InvalidParameter, url error",
    "no-such-model, 好, Cherry, 404, ModelNotFound, Model not exist.",
    "qwen3-tts-flash, 好, Nobody, 400, InvalidParameter, Nobody",
    "qwen3-tts-flash, '', Cherry, 400, InvalidParameter, text",
    "qwen3-tts-flash, 好, '', 400, InvalidParameter, voice",
    "qwen-tts, 好, Dylan, 400, InvalidParameter, Dylan",
    "qwen3-tts-vc-2026-01-22, 好, Cherry, 400, InvalidParameter, Cherry",
  })
  void aMistakeIsToldAsTheVendorDoes(
      String model, String text, String voice, int status, String code, String words)
      throws Exception {
    for (boolean sse : new boolean[] {true, false}) {
      HttpResponse<byte[]> answer = ask(GuestHouse.KEY, model, input(text, voice), sse);

      assertEquals(status, answer.statusCode());
      assertEquals("application/json", answer.headers().firstValue("content-type").orElseThrow());
      JsonObject said = new JsonObject(Buffer.buffer(answer.body()));
      assertEquals(code, said.getString("code"));
      assertTrue(said.getString("message").contains(words), said.encode());
      assertTrue(said.containsKey("request_id"), said.encode());
    }
  }

  @Test
  void aTextOfMoreThan600CharactersAndAStrangerAreRefused() throws Exception {
    assertEquals(
        400,
        ask(GuestHouse.KEY, "qwen3-tts-flash", input("好".repeat(601), "Cherry"), true)
            .statusCode());
    assertEquals(401, ask("sk-nobody", "qwen3-tts-flash", input("好", "Cherry"), true).statusCode());
  }

  @Test
  void aFailureInTheMiddleIsAnEvent() throws Exception {
    house.faults().add(new Fault.FailAfter(20_000, "InternalError", "told to"));
    List<JsonObject> events =
        events(ask(GuestHouse.KEY, "qwen3-tts-flash", input(TEXT, "Cherry"), true));

    assertEquals("InternalError", events.get(events.size() - 1).getString("code"));
    assertTrue(events.size() > 1);
  }
}
