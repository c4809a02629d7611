package dev.voicebridge.scripted;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.bridge.Patience;
import dev.voicebridge.bridge.SessionLimits;
import dev.voicebridge.upstream.Deadlines;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a client may say, and what it hears then. */
class ProtocolTest {
  @AutoClose
  private final TestBridge bridge =
      new TestBridge(
          new Patience(
              Duration.ofMillis(300),
              Duration.ofSeconds(5),
              Duration.ofSeconds(5),
              Duration.ofSeconds(50),
              Duration.ofMillis(2_500),
              Duration.ofSeconds(1),
              Duration.ofMillis(20)),
          Deadlines.DEFAULTS);

  private final Script script = bridge.script;

  private void limit(int text, int queuedChars, int queued, Duration idle, Duration age, int rate) {
    SessionLimits d = SessionLimits.DEFAULTS;
    bridge.limits =
        new SessionLimits(
            d.maxMessageBytes(),
            text,
            queuedChars,
            queued,
            d.maxLead(),
            idle,
            age,
            d.slowReader(),
            rate);
  }

  @Test
  void greetsWithTheEffectiveSettingsAndTheLimits() {
    RecordingClient client = bridge.connect("/v1/realtime?model=" + TestBridge.QWEN);
    JsonObject session = client.expect("session.created").getJsonObject("session");
    assertEquals("realtime.session", session.getString("object"));
    assertEquals(TestBridge.QWEN, session.getString("model"));
    assertEquals("Cherry", session.getString("voice"));
    assertEquals("server_commit", session.getString("mode"));
    assertEquals("pcm", session.getString("response_format"));
    assertEquals(24_000, session.getInteger("sample_rate"));
    assertEquals(SessionLimits.DEFAULTS.toJson(), session.getJsonObject("limits"));
  }

  @Test
  void everyEventOfAResponseComesInTheVendorsOrder() {
    script.audioBytes = text -> 4_800;
    RecordingClient client = Manner.QWEN_COMMIT.open(bridge, Door.BASE64);
    client.commit("你好").completed();
    List<String> types =
        client.raw.stream().map(text -> new JsonObject(text).getString("type")).toList();
    assertEquals(
        List.of(
            "session.created",
            "session.updated",
            "input_text_buffer.committed",
            "response.created",
            "response.output_item.added",
            "response.content_part.added",
            "response.audio.delta",
            "response.audio.done",
            "response.content_part.done",
            "response.output_item.done",
            "response.done"),
        types);
    assertEquals(
        types.size(),
        client.raw.stream()
            .map(text -> new JsonObject(text).getString("event_id"))
            .distinct()
            .count());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mode|\"later\"|invalid_value",
        "mode|7|invalid_value",
        "response_format|\"flac\"|invalid_value",
        "sample_rate|11025|invalid_value",
        "sample_rate|\"24000\"|invalid_value",
        "sample_rate|24000.5|invalid_value",
        "sample_rate|44100|unsupported_by_model",
        "speech_rate|2.1|invalid_value",
        "speech_rate|\"fast\"|invalid_value",
        "pitch_rate|0.4|invalid_value",
        "volume|101|invalid_value",
        "volume|-1|invalid_value",
        "bit_rate|5|invalid_value",
        "language_type|\"Klingon\"|invalid_value",
        "language_type|1|invalid_value",
        "instructions|\"gently\"|unsupported_by_model",
        "instructions|[]|invalid_value",
        "optimize_instructions|true|unsupported_by_model",
        "optimize_instructions|\"yes\"|invalid_value",
        "enable_tn|1|invalid_value",
        "word_timestamps|true|unsupported_by_model",
        "enable_ssml|true|unsupported_by_model",
        "seed|5|unsupported_by_model",
        "seed|65536|invalid_value",
        "hot_fix|{}|unsupported_by_model",
        "hot_fix|[]|invalid_value",
        "voice|\"longanyang\"|voice_mismatch",
        "voice|{}|invalid_value",
        "model|\"gpt-9\"|model_not_found",
        "model|\"\"|model_not_found"
      })
  void aFieldThatCannotBeIsNamedAndNothingChanges(String field, String value, String code) {
    RecordingClient client = bridge.open(TestBridge.QWEN);
    Object json = new JsonArray("[" + value + "]").getValue(0);
    client.update("volume", 60, field, json);

    JsonObject error = client.expectError(code);
    assertEquals(field, error.getString("param"));
    assertEquals("invalid_request_error", error.getString("type"));
    assertEquals("c0", error.getString("event_id"));
    if (code.equals("unsupported_by_model")) {
      assertTrue(error.getString("hint").startsWith("models that can: "), error.toString());
    }
    client.update();
    assertEquals(
        50, client.expect("session.updated").getJsonObject("session").getInteger("volume"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hello|invalid_json",
        "[]|invalid_json",
        "7|invalid_json",
        "{\"type\":|invalid_json",
        "{}|invalid_value",
        "{\"type\":7}|invalid_value",
        "{\"type\":\"conversation.item.create\"}|unknown_event",
        "{\"type\":\"session.update\"}|invalid_value",
        "{\"type\":\"session.update\",\"session\":7}|invalid_value",
        "{\"type\":\"input_text_buffer.append\"}|invalid_value",
        "{\"type\":\"input_text_buffer.append\",\"text\":null}|invalid_value",
        "{\"type\":\"input_text_buffer.append\",\"text\":{}}|invalid_value",
        "{\"type\":\"input_text_buffer.commit\"}|invalid_value",
        "{\"type\":\"input_text_buffer.clear\"}|invalid_value",
        "{\"type\":\"response.cancel\",\"response_id\":7}|invalid_value",
        "{\"type\":\"response.cancel\",\"played_ms\":-1}|invalid_value",
        "{\"type\":\"response.cancel\",\"played_ms\":\"x\"}|invalid_value"
      })
  void nonsenseIsAnErrorAndTheSessionGoesOn(String message, String code) {
    RecordingClient client = bridge.open(TestBridge.QWEN);
    client.socket.writeTextMessage(message);
    client.expectError(code);
    client.socket.writeTextMessage("[".repeat(5_000));
    client.expectError("invalid_json");
    client.socket.writeBinaryMessage(Buffer.buffer("audio"));
    client.expectError("unknown_event");
    client.commit("好").completed();
  }

  @Test
  void unknownFieldsAndEmptyDeltasAreIgnored() {
    RecordingClient client = bridge.open(TestBridge.QWEN);
    client.update("mode", "commit", "colour", "red", "x", new JsonObject());
    assertFalse(client.expect("session.updated").getJsonObject("session").containsKey("colour"));
    client.append("").commit().expectError("invalid_value");
    client.append("").append("好").append("").commit();
    assertArrayEquals(bridge.upstream.audioOf("好"), client.completed().audio());
  }

  @Test
  void aChangeOfSettingsHoldsForTextAppendedAfterIt() {
    RecordingClient client = Manner.QWEN_COMMIT.open(bridge, Door.BINARY);
    client.append("女声").update("voice", "Ethan").expect("session.updated");
    client.append("男声").update("model", TestBridge.COSYVOICE, "voice", "longanyang");
    client.expect("session.updated");
    client.append("别家").commit();

    for (String[] expected :
        new String[][] {
          {"女声", "Cherry", TestBridge.QWEN},
          {"男声", "Ethan", TestBridge.QWEN},
          {"别家", "longanyang", TestBridge.COSYVOICE}
        }) {
      Spoken spoken = client.completed();
      assertEquals(expected[1], spoken.created().getString("voice"));
      assertEquals(expected[2], spoken.created().getString("model"));
      assertArrayEquals(bridge.upstream.audioOf(expected[0]), spoken.audio());
    }
  }

  @Test
  void aChangeInTheMiddleOfAStreamEndsWhatWasStreamed() {
    RecordingClient client = Manner.QWEN_SERVER.open(bridge, Door.BINARY);
    client.append("没说完").update("voice", "Ethan").expect("session.updated");
    Spoken first = client.completed();
    assertEquals("Cherry", first.created().getString("voice"));
    assertArrayEquals(bridge.upstream.audioOf("没说完"), first.audio());
    client.commit("新的");
    assertEquals("Ethan", client.completed().created().getString("voice"));
  }

  @Test
  void committedAndQueuedNameTheResponse() {
    script.paceMs = 10;
    RecordingClient client = Manner.QWEN_COMMIT.open(bridge, Door.BINARY);
    client.commit("第一个长一些的");
    String first = client.expect("input_text_buffer.committed").getString("response_id");
    client.awaitAudio();
    client.commit("二").commit("三");
    String second = client.await("input_text_buffer.committed").getString("response_id");
    JsonObject queued = client.await("response.queued");
    assertEquals(second, queued.getString("response_id"));
    assertEquals(1, queued.getInteger("place"));
    assertTrue(queued.getLong("eta_ms") > 0);
    JsonObject later = client.await("response.queued");
    assertEquals(2, later.getInteger("place"));
    assertTrue(later.getLong("eta_ms") > queued.getLong("eta_ms"));
    assertEquals(first, client.completed().id());
    assertEquals(second, client.completed().id());
    assertEquals(later.getString("response_id"), client.completed().id());
  }

  @ParameterizedTest
  @EnumSource
  void textWithoutALetterIsAShortSilenceOfOurs(Manner manner) {
    RecordingClient client = manner.open(bridge, Door.BINARY, "sample_rate", 16_000);
    client.commit("……！ 😀");
    Spoken spoken = client.completed();
    assertArrayEquals(new byte[16_000 / 5 * 2], spoken.audio());
    assertEquals(200, spoken.done().getJsonObject("usage").getInteger("audio_ms"));
    client.commit("好").completed();
    assertEquals(1, bridge.upstream.utterances.size());
  }

  @Test
  void clearDropsWhatWasNotCommitted() {
    RecordingClient client = Manner.QWEN_COMMIT.open(bridge, Door.BINARY);
    client.append("错了").say("input_text_buffer.clear").expect("input_text_buffer.cleared");
    client.commit().expectError("invalid_value");
    client.update("mode", "server_commit").expect("session.updated");
    JsonObject error = client.say("input_text_buffer.clear").expectError("invalid_value");
    assertEquals("only client commit mode supports clear operation", error.getString("message"));
  }

  @Test
  void finishSpeaksTheRestAndClosesAfterAGrace() {
    RecordingClient client = Manner.COSYVOICE_COMMIT.open(bridge, Door.BINARY);
    client.append("最后").finish();
    client.completed();
    client.expect("session.finished");
    long finished = System.nanoTime();
    client.append("太晚").expectError("session_finished");
    client.expectClose(1000);
    assertTrue(System.nanoTime() - finished > 2_000_000_000L);
    assertEquals(1000, bridge.closed(0).number());
  }

  @Test
  void tooMuchTextIsRefusedAndTheRestIsSpoken() {
    limit(100, 150, 2, Duration.ofMinutes(1), Duration.ofMinutes(1), 200);
    RecordingClient client = Manner.QWEN_COMMIT.open(bridge, Door.BINARY);
    client.append("字".repeat(101)).expectError("text_too_long");
    client.append("字".repeat(90)).append("字".repeat(11)).expectError("text_too_long");
    client.commit();
    client.append("字".repeat(80)).await("error");
    assertEquals(bridge.upstream.audioOf("字".repeat(90)).length, client.completed().audio().length);
  }

  @Test
  void tooManyWaitingResponsesAreRefusedAndTheTextIsKept() {
    limit(100, 1_000, 2, Duration.ofMinutes(1), Duration.ofMinutes(1), 200);
    script.paceMs = 20;
    RecordingClient client = Manner.QWEN_COMMIT.open(bridge, Door.BINARY);
    client.commit("第一个").commit("第二个").commit("第三个");
    JsonObject error = client.await("error").getJsonObject("error");
    assertEquals("queue_full", error.getString("code"));
    client.completed();
    client.commit();
    client.completed();
    assertArrayEquals(bridge.upstream.audioOf("第三个"), client.completed().audio());
  }

  @Test
  void endsWhenIdleOrOldOrFlooded() {
    limit(100, 150, 2, Duration.ofMillis(200), Duration.ofMinutes(1), 200);
    RecordingClient idle = bridge.open(TestBridge.QWEN);
    idle.expectError("session_ended");
    idle.expectClose(4009);
    limit(100, 150, 2, Duration.ofMinutes(1), Duration.ofMillis(200), 200);
    RecordingClient old = bridge.open(TestBridge.QWEN);
    old.expectError("session_ended");
    old.expectClose(4010);
    limit(100, 150, 2, Duration.ofMinutes(1), Duration.ofMinutes(1), 1);
    RecordingClient flood = bridge.open(TestBridge.QWEN);
    for (int i = 0; i < 30; i++) {
      flood.socket.writeTextMessage("{\"type\":\"input_text_buffer.append\",\"text\":\"\"}");
    }
    assertEquals(5, flood.expectError("too_many").getInteger("retry_after"));
    flood.expectClose(4029);
  }

  @Test
  void aStrangerHasToSayWhoHeIsInTime() {
    String door = "/v1/realtime?stranger&model=" + TestBridge.QWEN;
    RecordingClient late = bridge.connect(door);
    late.expectError("not_authenticated");
    late.expectClose(4011);

    RecordingClient rude = bridge.connect(door);
    rude.append("你好").expectError("not_authenticated");
    rude.expectClose(4500);

    RecordingClient wrong = bridge.connect(door);
    wrong.say(new JsonObject().put("type", "session.authenticate").put("ticket", "bad"));
    wrong.expectError("bad_credential");
    wrong.expectClose(4500);

    RecordingClient garbled = bridge.connect(door);
    garbled.socket.writeTextMessage("garbage");
    garbled.expectError("not_authenticated");
    garbled.expectClose(4500);

    RecordingClient known = bridge.connect(door);
    known.say(new JsonObject().put("type", "session.authenticate").put("ticket", "good"));
    known.expect("session.created");
    known.commit("好").completed();
  }

  @ParameterizedTest
  @EnumSource(names = {"QWEN_COMMIT", "COSYVOICE_COMMIT", "SAMBERT_COMMIT"})
  void aVisitorsOwnKeyIsUsedAndNeverShown(Manner manner) {
    String key = "sk-visitor-5678";
    RecordingClient client = manner.open(bridge, Door.BINARY);
    // The conversation that was opened ahead holds the server's key.
    bridge.upstream.connection(0);
    client.say(new JsonObject().put("type", "session.authenticate").put("provider_key", key));
    client.expect("session.updated");
    client.commit("好").completed();
    assertEquals("Bearer " + key, bridge.upstream.utterance(0).connection.authorization);

    script.next(new Fault.Says(0, "InvalidApiKey", "no such key: " + key));
    client.commit("坏");
    assertEquals("failed", client.spoken().status());
    assertFalse(client.raw.toString().contains(key));
    client.socket.close();
    bridge.closed(0);

    manner.open(bridge, Door.BINARY).commit("别人").completed();
    int last = bridge.upstream.utterances.size() - 1;
    assertEquals(
        "Bearer " + ScriptedUpstream.KEY, bridge.upstream.utterance(last).connection.authorization);
  }

  @Test
  void aWrongModelIsToldAndClosed() {
    for (String query : List.of("", "?model=", "?model=gpt-9")) {
      RecordingClient client = bridge.connect("/v1/realtime" + query);
      client.expectError("model_not_found");
      client.expectClose(4504);
      RecordingClient vendor = bridge.connect("/api-ws/v1/realtime" + query);
      vendor.expectError("model_not_found");
      Heard.Closed closed = vendor.awaitClose();
      assertEquals(1007, closed.code());
      assertFalse(closed.reason().isEmpty());
    }
    RecordingClient vendor = bridge.connect("/api-ws/v1/realtime?model=gpt-9");
    assertEquals("Model not found (gpt-9)!", vendor.awaitClose().reason());
  }

  @Test
  void aModelNobodyKnowsYetIsPassedOnWithAWarning() {
    RecordingClient client = bridge.connect("/v1/realtime?model=qwen9-tts-flash-realtime");
    JsonObject session = client.expect("session.created").getJsonObject("session");
    assertEquals(
        "unknown_model", session.getJsonArray("warnings").getJsonObject(0).getString("code"));
    client.append("好").expectError("invalid_value");
    client.update("voice", "NewVoice").expect("session.updated");
    client.commit("好").completed();
    assertEquals(
        "/api-ws/v1/realtime?model=qwen9-tts-flash-realtime",
        bridge.upstream.utterance(0).connection.path);
  }

  @Test
  void aKeyWithRightsMayUseOnlyWhatItNames() {
    bridge.models = Set.of(TestBridge.QWEN);
    bridge.voices = Set.of("Cherry");
    RecordingClient client = bridge.open(TestBridge.QWEN);
    client.update("voice", "Ethan").expectError("not_allowed");
    client.update("model", TestBridge.COSYVOICE).expectError("not_allowed");
    client.commit("好").completed();
    bridge.connect("/v1/realtime?model=" + TestBridge.COSYVOICE).expectError("not_allowed");
  }

  @Test
  void tellsHowLongTheFirstAudioTookAndHowMuchThereWas() {
    script.audioBytes = text -> 48_000;
    RecordingClient client = Manner.QWEN_COMMIT.open(bridge, Door.BINARY);
    JsonObject done = client.commit("你好").completed().done();
    assertEquals(1_000, done.getJsonObject("usage").getInteger("audio_ms"));
    assertEquals(2, done.getJsonObject("usage").getInteger("characters"));
    assertTrue(done.getLong("first_audio_ms") >= 0 && done.getLong("first_audio_ms") < 5_000);
  }

  @Test
  void tellsWhatTheFirstSoundWasWaitedFor() {
    script.paceMs = 20;
    RecordingClient client = Manner.QWEN_COMMIT.open(bridge, Door.BINARY);
    client.commit("第一个长一些的");
    client.awaitAudio();
    client.commit("二");

    JsonObject first = client.completed().done();
    JsonObject second = client.completed().done();

    for (JsonObject done : List.of(first, second)) {
      JsonObject told = done.getJsonObject("timings");
      List<Long> moments =
          List.of(
              told.getLong("queued_ms"),
              told.getLong("upstream_open_ms"),
              told.getLong("first_text_ms"),
              told.getLong("first_audio_ms"));
      assertEquals(moments.stream().sorted().toList(), moments, "in the order that they happen");
      assertTrue(moments.get(0) >= 0);
      assertEquals(done.getLong("first_audio_ms"), moments.get(3));
    }
    assertTrue(second.getJsonObject("timings").getLong("queued_ms") > 0, "it waited its turn");
  }
}
