package dev.voicebridge.emulator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.emulator.wire.Fault;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The realtime wire, frame by frame. */
@Timeout(30)
class RealtimeWireTest {
  private static final String MODEL = "qwen3-tts-flash-realtime";
  private static final int BYTES_PER_CHAR = ToneEngine.MS_PER_CHAR * 2 * 24;
  private static final List<String> OPENING =
      List.of("response.created", "response.output_item.added", "response.content_part.added");
  private static final List<String> ENDING =
      List.of(
          "response.audio.done",
          "response.content_part.done",
          "response.output_item.done",
          "response.done");

  private static GuestHouse house;

  @BeforeAll
  static void open() throws Exception {
    house = new GuestHouse();
  }

  @AfterAll
  static void close() {
    house.close();
  }

  @AfterEach
  void everyFaultWasSpent() {
    boolean spent = house.faults().isEmpty();
    house.faults().clear();
    assertTrue(spent);
  }

  private static JsonObject commitMode() {
    return new JsonObject().put("voice", "Ethan").put("mode", "commit");
  }

  private static String code(JsonObject error) {
    return error.getJsonObject("error").getString("code");
  }

  private static String message(JsonObject error) {
    return error.getJsonObject("error").getString("message");
  }

  /** Reads one response to its end and returns its audio. */
  private static byte[] response(RawClient client) throws Exception {
    Buffer audio = Buffer.buffer();
    while (true) {
      JsonObject event = new JsonObject((String) client.next());
      switch (event.getString("type")) {
        case "response.audio.delta" ->
            audio.appendBytes(Base64.getDecoder().decode(event.getString("delta")));
        case "response.done" -> {
          return audio.getBytes();
        }
        default -> {}
      }
    }
  }

  @Test
  void eventsComeInTheMeasuredOrderWithEveryField() throws Exception {
    try (RawClient client = RawClient.realtime(house, MODEL)) {
      JsonObject created = client.await("session.created");
      client.update(commitMode().put("language_type", "English").put("x_unknown", 1));
      JsonObject updated = client.await("session.updated").getJsonObject("session");
      client.append("Good evening.").event("input_text_buffer.commit");
      JsonObject committed = client.await("input_text_buffer.committed");
      JsonObject begun = client.await("response.created").getJsonObject("response");
      JsonObject delta = client.await("response.audio.delta");
      JsonObject done = client.await("response.done").getJsonObject("response");

      JsonObject session = created.getJsonObject("session");
      assertTrue(created.getString("event_id").startsWith("event_"));
      assertEquals("realtime.session", session.getString("object"));
      assertEquals("server_commit", session.getString("mode"));
      assertEquals(MODEL, session.getString("model"));
      assertEquals("Cherry", session.getString("voice"));
      assertEquals("pcm", session.getString("response_format"));
      assertEquals(24000, session.getInteger("sample_rate"));
      assertEquals(session.getString("id"), updated.getString("id"));
      assertEquals("commit", updated.getString("mode"));
      assertEquals("Ethan", updated.getString("voice"));
      assertEquals("English", updated.getString("language_type"));
      assertEquals(50, updated.getInteger("volume"));
      assertEquals("", committed.getString("item_id"));
      assertEquals("in_progress", begun.getString("status"));
      assertEquals("", begun.getString("conversation_id"));
      assertTrue(begun.getJsonArray("output").isEmpty());
      assertEquals(begun.getString("id"), delta.getString("response_id"));
      assertEquals(0, delta.getInteger("content_index"));
      assertEquals("completed", done.getString("status"));
      assertEquals(13, done.getJsonObject("usage").getInteger("characters"));
      assertEquals(
          delta.getString("item_id"), done.getJsonArray("output").getJsonObject(0).getString("id"));
      List<String> order = new ArrayList<>(List.of("session.created", "session.updated"));
      order.add("input_text_buffer.committed");
      order.addAll(OPENING);
      client.types().stream().filter("response.audio.delta"::equals).forEach(order::add);
      order.addAll(ENDING);
      assertEquals(order, client.types());
    }
  }

  @Test
  void everySampleArrivesInSlicesOfAtMost200Milliseconds() throws Exception {
    try (RawClient client = RawClient.realtime(house, MODEL)) {
      client.append("天气很好，我们走吧。");
      client.await("response.content_part.added");
      Buffer audio = Buffer.buffer();
      JsonObject event = new JsonObject((String) client.next());
      while (event.getString("type").equals("response.audio.delta")) {
        byte[] bytes = Base64.getDecoder().decode(event.getString("delta"));
        assertTrue(bytes.length % 2 == 0 && bytes.length <= 24000 * 2 / 5, "" + bytes.length);
        audio.appendBytes(bytes);
        event = new JsonObject((String) client.next());
      }

      assertArrayEquals(ToneEngine.pcm("天气很好，我们走吧。", 24000), audio.getBytes());
    }
  }

  @Test
  void serverCommitWaitsForTheEndOfASentence() throws Exception {
    try (RawClient client = RawClient.realtime(house, MODEL)) {
      client.append("Pi is 3.14 and").append(" more. The rest");
      int first = response(client).length;
      client.event("input_text_buffer.commit");
      client.await("input_text_buffer.committed");
      int second = response(client).length;

      assertEquals("Pi is 3.14 and more.".length() * BYTES_PER_CHAR, first);
      assertEquals(" The rest".length() * BYTES_PER_CHAR, second);
    }
  }

  @Test
  void aCommitAfterACompleteSentenceIsConfirmedInServerCommit() throws Exception {
    try (RawClient client = RawClient.realtime(house, MODEL)) {
      client.append("说完了。").event("input_text_buffer.commit");
      client.await("input_text_buffer.committed");
      client.event("input_text_buffer.commit");

      assertEquals("invalid_value", code(client.await("error")));
    }
  }

  @Test
  void finishSpeaksTheRestOfBothModesBeforeItIsConfirmed() throws Exception {
    for (String mode : List.of("commit", "server_commit")) {
      try (RawClient client = RawClient.realtime(house, MODEL)) {
        client.update(new JsonObject().put("mode", mode)).append("not committed");
        client.event("session.finish");
        assertEquals(13 * BYTES_PER_CHAR, response(client).length);
        client.await("session.finished");
        client.append("too late");
        assertEquals("invalid_value", code(client.await("error")));

        assertEquals(1000, client.awaitClose());
      }
    }
  }

  @Test
  void mistakesAreErrorEventsAndTheSessionGoesOn() throws Exception {
    try (RawClient client = RawClient.realtime(house, MODEL)) {
      client.event("input_text_buffer.clear");
      assertEquals(
          "only client commit mode supports clear operation", message(client.await("error")));
      client.event("input_text_buffer.commit");
      assertEquals("invalid_value", code(client.await("error")));
      client.send("{\"type\":\"no.such.event\",\"event_id\":\"mine\"}");
      assertEquals("mine", client.await("error").getJsonObject("error").getString("event_id"));
      client.send("{ this is not json");
      assertEquals("invalid_value", code(client.await("error")));
      client.send("{\"type\":7}").await("error");
      client.send("{\"type\":\"input_text_buffer.append\",\"text\":7}").await("error");
      client.send("{\"type\":\"session.update\",\"session\":[]}").await("error");
      client.event("response.cancel").append("").append("你好。");

      assertEquals(3 * BYTES_PER_CHAR, response(client).length);
    }
  }

  @Test
  void anUpdateAfterTheStartIsRefused() throws Exception {
    try (RawClient client = RawClient.realtime(house, MODEL)) {
      client.update(commitMode()).update(commitMode()).append("你好");
      client.event("input_text_buffer.commit").update(commitMode());

      assertEquals(
          "Session update error: session already started or finished or failed.",
          message(client.await("error")));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"voice\":\"Nobody\"}",
        "{\"voice\":7}",
        "{\"mode\":\"auto\"}",
        "{\"language_type\":\"zh\"}",
        "{\"response_format\":\"flac\"}",
        "{\"sample_rate\":12345}",
        "{\"sample_rate\":\"24000\"}",
        "{\"speech_rate\":2.5}",
        "{\"pitch_rate\":0.1}",
        "{\"volume\":101}",
        "{\"bit_rate\":5}",
        "{\"enable_tn\":\"yes\"}"
      })
  void aWrongFieldIsNamedAndChangesNothing(String session) throws Exception {
    try (RawClient client = RawClient.realtime(house, MODEL)) {
      JsonObject wrong = new JsonObject(session);
      client.update(wrong.copy().put("volume", wrong.getValue("volume", 7)));
      JsonObject error = client.await("error").getJsonObject("error");
      client.update(new JsonObject());

      assertEquals("InvalidParameter", error.getString("code"));
      assertEquals(wrong.fieldNames().iterator().next(), error.getString("param"));
      assertEquals(
          50, client.await("session.updated").getJsonObject("session").getInteger("volume"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "qwen3-tts-flash-realtime,                Radio%20Gol, true",
    "qwen3-tts-flash-realtime-2025-11-27,     Jada,   true",
    "qwen3-tts-flash-realtime-2025-09-18,     Momo,   false",
    "qwen3-tts-instruct-flash-realtime,       Momo,   true",
    "qwen3-tts-instruct-flash-realtime,       Jada,   false",
    "qwen-tts-realtime-latest,                Chelsie, true",
    "qwen-tts-realtime,                       Momo,   false",
    "qwen3-tts-vc-realtime-2026-01-15,        Cherry, false",
    "qwen3-tts-vc-realtime-2026-01-15, qwen-tts-vc-nobody-voice-1-7f3a, false"
  })
  void aVoiceBelongsToItsModels(String model, String voice, boolean fits) throws Exception {
    try (RawClient client = RawClient.realtime(house, model)) {
      client.await("session.created");
      client.update(new JsonObject().put("voice", voice.replace("%20", " ")));

      String answer = new JsonObject((String) client.next()).getString("type");
      assertEquals(fits ? "session.updated" : "error", answer);
    }
  }

  @Test
  void theLegacyModelCountsTokensAndKnowsPcmOnly() throws Exception {
    try (RawClient client = RawClient.realtime(house, "qwen-tts-realtime")) {
      client.update(new JsonObject().put("response_format", "wav"));
      assertEquals("InvalidParameter", code(client.await("error")));
      client.append("今天天气真不错，一起出去走走，好吗，我的朋友。");
      JsonObject usage =
          client.await("response.done").getJsonObject("response").getJsonObject("usage");

      assertEquals(100, usage.getInteger("output_tokens"));
      assertEquals(100, usage.getJsonObject("output_tokens_details").getInteger("audio_tokens"));
      assertEquals(
          usage.getInteger("input_tokens") + 100, usage.getInteger("total_tokens").intValue());
    }
  }

  @Test
  void wavHasOneHeaderPerResponse() throws Exception {
    try (RawClient client = RawClient.realtime(house, MODEL)) {
      client.update(commitMode().put("response_format", "wav").put("sample_rate", 16000));
      client.append("一。二。").event("input_text_buffer.commit");
      byte[] first = response(client);
      client.append("三").event("input_text_buffer.commit");
      byte[] second = response(client);

      assertEquals(44 + 4 * 1600, first.length);
      assertEquals(44 + 1600, second.length);
      assertEquals('R', second[0]);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"qwen3-tts-flash", "no-such-model", ""})
  void anUnknownModelIsClosedWithTheVendorsWords(String model) throws Exception {
    try (RawClient client = RawClient.realtime(house, model)) {
      assertEquals(1007, client.awaitClose());
      assertEquals("Model not found (" + model + ")!", client.closeReason());
    }
  }

  @Test
  void aNewMemberOfAKnownFamilyIsTaken() throws Exception {
    try (RawClient client =
        new RawClient(house, "/api-ws/v1/realtime/?model=qwen4-tts-flash-realtime")) {
      client.await("session.created");
      client.append("好。");

      assertEquals(2 * BYTES_PER_CHAR, response(client).length);
    }
  }

  @Test
  void aBadOrMissingKeyIs401WithAJsonBodyBeforeTheUpgrade() throws Exception {
    for (String authorization : new String[] {"Bearer sk-wrong", "sk-test", ""}) {
      UpgradeRejectedException refused =
          assertThrows(
              UpgradeRejectedException.class,
              () -> new RawClient(house, "/api-ws/v1/realtime?model=" + MODEL, authorization));
      assertEquals(401, refused.getStatus());
    }
    HttpClient http = house.vertx().createHttpClient();
    String answer =
        http.request(HttpMethod.GET, house.port(), "127.0.0.1", "/api-ws/v1/inference")
            // in one step: a body that comes before anybody listens is lost
            .compose(
                request ->
                    request
                        .send()
                        .compose(
                            plain ->
                                plain
                                    .body()
                                    .map(
                                        body ->
                                            plain.statusCode()
                                                + " "
                                                + plain.statusMessage()
                                                + " "
                                                + plain.getHeader("Content-Type")
                                                + " "
                                                + body.toJsonObject().getString("code"))))
            .await(5, TimeUnit.SECONDS);
    http.close().await(5, TimeUnit.SECONDS);

    assertEquals("401 Unauthorized application/json InvalidApiKey", answer);
  }

  @Test
  void cancelEndsTheSpeakingResponseOnly() throws Exception {
    try (GuestHouse paced = new GuestHouse(new JsonObject().put("paced", true));
        RawClient client = RawClient.realtime(paced, MODEL)) {
      client.update(commitMode());
      client.append("a".repeat(60)).event("input_text_buffer.commit");
      client.append("bb").event("input_text_buffer.commit");
      client.await("response.audio.delta");
      client.event("response.cancel");
      JsonObject cancelled = client.await("response.done").getJsonObject("response");
      byte[] second = response(client);

      assertEquals("incomplete", cancelled.getString("status"));
      assertEquals(2 * BYTES_PER_CHAR, second.length);
    }
  }

  @Test
  void pacedAudioTakesAsLongAsItPlays() throws Exception {
    try (GuestHouse paced = new GuestHouse(new JsonObject().put("paced", true));
        RawClient client = RawClient.realtime(paced, MODEL)) {
      client.append("twenty characters ok;");
      client.await("response.audio.delta");
      long begin = System.nanoTime();
      client.await("response.done");
      long tookMs = (System.nanoTime() - begin) / 1_000_000;

      assertTrue(tookMs > 800 && tookMs < 3000, tookMs + " ms");
    }
  }

  @Test
  void anIdleSessionIsClosedWith1000() throws Exception {
    try (GuestHouse hasty = new GuestHouse(new JsonObject().put("realtimeIdleMs", 200));
        RawClient client = RawClient.realtime(hasty, MODEL)) {
      assertEquals(1000, client.awaitClose());
    }
    try (GuestHouse hasty = new GuestHouse(new JsonObject().put("realtimeMaxAgeMs", 200));
        RawClient client = RawClient.realtime(hasty, MODEL)) {
      assertEquals(1000, client.awaitClose());
    }
  }

  @Test
  void aListenerThatStopsStopsItsSpeakerAloneAndLosesNothing() throws Exception {
    int sentences = 80;
    AtomicInteger spoken = new AtomicInteger();
    try (GuestHouse counting = new GuestHouse(new JsonObject(), () -> new ToneEngine(spoken));
        RawClient slow = RawClient.realtime(counting, MODEL);
        RawClient other = RawClient.realtime(counting, MODEL)) {
      slow.update(commitMode());
      slow.await("session.updated");
      slow.pause();
      slow.append(("x".repeat(140) + "。").repeat(sentences)).event("input_text_buffer.commit");
      int before;
      do {
        before = spoken.get();
        counting.vertx().timer(300, TimeUnit.MILLISECONDS).await(5, TimeUnit.SECONDS);
      } while (spoken.get() > before);
      assertTrue(before > 0 && before < sentences, before + " sentences");
      other.append("你好。");
      assertEquals(3 * BYTES_PER_CHAR, response(other).length);
      slow.resume();

      assertEquals(sentences * 141 * BYTES_PER_CHAR, response(slow).length);
    }
  }

  @Test
  void anEngineThatBreaksFailsTheResponseNotTheSession() throws Exception {
    try (RawClient client = RawClient.realtime(house, MODEL)) {
      client.append("BROKEN。");
      assertEquals("InternalError", code(client.await("error")));
      assertEquals(
          "failed", client.await("response.done").getJsonObject("response").getString("status"));
      client.append("好。");

      assertEquals(2 * BYTES_PER_CHAR, response(client).length);
    }
  }

  @Test
  void refusalsAndRateLimitsCanBeTold() throws Exception {
    house.faults().add(new Fault.Refuse(403, "AccessDenied", "no"));
    UpgradeRejectedException refused =
        assertThrows(
            UpgradeRejectedException.class, () -> RawClient.realtime(house, MODEL).close());
    house.faults().add(new Fault.RateLimit());
    try (RawClient client = RawClient.realtime(house, MODEL)) {
      assertEquals("Throttling.RateQuota", code(client.await("error")));
      assertEquals(1007, client.awaitClose());
    }
    house.faults().add(new Fault.Reject("Arrearage", "Access denied."));
    try (RawClient client = RawClient.realtime(house, MODEL)) {
      assertEquals("Arrearage", code(client.await("error")));
      assertEquals(1007, client.awaitClose());
    }

    assertEquals(403, refused.getStatus());
  }

  @Test
  void aLateSessionKeepsWhatCameBefore() throws Exception {
    house.faults().add(new Fault.LateStart(Duration.ofMillis(200)));
    try (RawClient client = RawClient.realtime(house, MODEL)) {
      client.append("好。");
      assertFalse(client.hasMore());
      client.await("session.created");
      assertEquals(2 * BYTES_PER_CHAR, response(client).length);
    }
    house.faults().add(new Fault.NoStart());
    try (RawClient client = RawClient.realtime(house, MODEL)) {
      client.update(new JsonObject());
      client.await("session.updated");
      assertEquals(List.of("session.updated"), client.types());
    }
  }

  @Test
  void audioCanBeCutClosedStalledAndFailed() throws Exception {
    house.faults().add(new Fault.CutAfter(3000));
    try (RawClient client = RawClient.realtime(house, MODEL)) {
      client.append("一二三四五。");
      assertEquals(1006, client.awaitClose());
    }
    house.faults().add(new Fault.CloseAfter(3000, 1001, "gone"));
    try (RawClient client = RawClient.realtime(house, MODEL)) {
      client.append("一二三四五。");
      assertEquals(1001, client.awaitClose());
    }
    house.faults().add(new Fault.FailAfter(3001, "InternalError", "told to"));
    try (RawClient client = RawClient.realtime(house, MODEL)) {
      client.append("一二三四五。");
      assertEquals(3001, response(client).length);
      assertTrue(client.types().contains("error"));
    }
    house.faults().add(new Fault.Stall(0));
    try (RawClient client = RawClient.realtime(house, MODEL)) {
      client.append("一二三四五。");
      client.await("response.content_part.added");
      client.event("response.cancel");
      assertEquals(0, response(client).length);
    }
  }

  @Test
  void framesCanBeOddHugeSlowGarbledAndOutOfOrder() throws Exception {
    house.faults().add(new Fault.OddBytes()).add(new Fault.BigFrames());
    house.faults().add(new Fault.Slow(Duration.ofMillis(30))).add(new Fault.Garbage("<html>"));
    house.faults().add(new Fault.WrongOrder()).add(new Fault.NoAudio()).add(new Fault.NoUsage());
    house.faults().add(new Fault.BadDelta());
    String text = "a".repeat(80) + "。";
    int whole = 81 * BYTES_PER_CHAR;
    try (RawClient client = RawClient.realtime(house, MODEL)) {
      client.append(text);
      JsonObject odd = client.await("response.audio.delta");
      assertEquals(1, Base64.getDecoder().decode(odd.getString("delta")).length % 2);
      client.await("response.done");
      client.append(text);
      JsonObject big = client.await("response.audio.delta");
      assertTrue(big.getString("delta").length() > 64 << 10);
      client.await("response.done");
      client.append("慢。");
      assertEquals(2 * BYTES_PER_CHAR, response(client).length);
      client.append(text);
      assertThrows(Exception.class, () -> response(client));
      assertTrue(client.types().contains("garbage"));
      assertTrue(response(client).length > 0);
      client.append(text);
      assertEquals(whole, response(client).length);
      List<String> types = client.types();
      assertEquals("response.audio.done", types.get(types.size() - 2));
      client.append(text);
      assertEquals(0, response(client).length);
      client.append(text);
      JsonObject done = client.await("response.done").getJsonObject("response");
      assertFalse(done.containsKey("usage"));
      client.append(text);
      String bad = client.await("response.audio.delta").getString("delta");
      assertThrows(IllegalArgumentException.class, () -> Base64.getDecoder().decode(bad));
      client.await("response.done");
    }
  }

  @Test
  void rateLimitsHoldWhenSwitchedOn() throws Exception {
    try (GuestHouse strict = new GuestHouse(new JsonObject().put("rateLimits", true))) {
      for (int i = 0; i < 180; i++) {
        try (RawClient client = RawClient.realtime(strict, MODEL)) {
          client.await("session.created");
        }
      }
      try (RawClient client = RawClient.realtime(strict, MODEL)) {
        assertEquals("Throttling.RateQuota", code(client.await("error")));
      }
    }
  }
}
