package dev.voicebridge.scripted;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the references leave open, the client hears the same. */
class VariantsTest {
  @AutoClose private final TestBridge bridge = new TestBridge();
  private final Script script = bridge.script;

  private static Named<Consumer<Script>> way(String name, Consumer<Script> change) {
    return Named.of(name, change);
  }

  static Stream<Arguments> ways() {
    List<Named<Consumer<Script>>> ways =
        List.of(
            way("key order", s -> s.shuffleKeys = true),
            way("blanks", s -> s.blanks = true),
            way("extra and nested fields", s -> s.extraFields = true),
            way("escaped slashes and letters", s -> s.escapes = true),
            way(
                "all of these at once, fragmented",
                s -> {
                  s.shuffleKeys = true;
                  s.blanks = true;
                  s.extraFields = true;
                  s.escapes = true;
                  s.maxFrame = 100;
                  s.maxWrite = 333;
                }),
            way("item done before the audio is", s -> s.tableDoneOrder = true),
            way("no usage", s -> s.usage = false),
            way("token usage", s -> s.tokenUsage = true),
            way("every ack twice", s -> s.duplicates = true),
            way("session.created after the upgrade", s -> s.created = Script.Ack.AT_ONCE),
            way("session.created late", s -> s.created = Script.Ack.LATE),
            way("no session.created", s -> s.created = Script.Ack.NEVER),
            way("session.updated late", s -> s.updated = Script.Ack.LATE),
            way("no session.updated", s -> s.updated = Script.Ack.NEVER),
            way("deltas and done only", s -> s.bare = true),
            way("closes after session.finished", s -> s.closesAfterFinished = true),
            way("no sentence events", s -> s.sentenceEvents = false),
            way("no payload", s -> s.payloads = false),
            way("task-started late", s -> s.startDelayMs = 60),
            way("does not answer a close", s -> s.answersClose = false));
    return ways.stream()
        .flatMap(way -> Stream.of(Manner.values()).map(manner -> Arguments.of(way, manner)));
  }

  @ParameterizedTest
  @MethodSource("ways")
  void twoTextsAreSpoken(Consumer<Script> way, Manner manner) {
    way.accept(script);
    script.minDelta = 1_000;
    script.maxDelta = 3_000;
    RecordingClient client = manner.open(bridge, Door.BINARY);

    // The second waits while the first speaks.
    client.commit("你好 https://a/b").commit("再见");
    for (String text : List.of("你好 https://a/b", "再见")) {
      Spoken spoken = client.completed();
      assertArrayEquals(bridge.upstream.audioOf(text), spoken.audio());
      JsonObject usage = spoken.done().getJsonObject("usage");
      assertTrue(usage.getInteger("audio_ms") > 0);
      if (script.usage && !script.tokenUsage && script.payloads) {
        assertEquals(text.length(), usage.getInteger("characters"));
      } else if (script.tokenUsage && manner.model.equals(TestBridge.QWEN)) {
        assertNull(usage.getInteger("characters"));
      }
    }
    client.expectNothingMore();
  }

  @Test
  void theServiceGetsWhatItsReferenceSays() {
    RecordingClient client = Manner.QWEN_COMMIT.open(bridge, Door.BINARY);
    client.commit("你好").completed();

    ScriptedUpstream.Connection connection = bridge.upstream.connection(0);
    assertEquals("/api-ws/v1/realtime?model=" + TestBridge.QWEN, connection.path);
    assertEquals("Bearer " + ScriptedUpstream.KEY, bridge.upstream.authorizations.get(0));
    JsonObject update = bridge.upstream.expect("session.update").getJsonObject("session");
    assertEquals("Cherry", update.getString("voice"));
    assertEquals("commit", update.getString("mode"));
    assertEquals("Auto", update.getString("language_type"));
    assertEquals("pcm", update.getString("response_format"));
    assertEquals(24_000, update.getInteger("sample_rate"));
  }

  @Test
  void everySettingIsTranslatedForQwen() {
    RecordingClient client = bridge.open("qwen3-tts-instruct-flash-realtime");
    client
        .update(
            "mode",
            "commit",
            "voice",
            "Cherry",
            "response_format",
            "opus",
            "sample_rate",
            48_000,
            "speech_rate",
            1.5,
            "pitch_rate",
            0.8,
            "volume",
            70,
            "bit_rate",
            64,
            "language_type",
            "Chinese",
            "instructions",
            "温柔",
            "optimize_instructions",
            true,
            "enable_tn",
            false)
        .expect("session.updated");

    JsonObject heard = bridge.upstream.expect("session.update").getJsonObject("session");
    assertEquals(
        new JsonObject()
            .put("voice", "Cherry")
            .put("mode", "commit")
            .put("language_type", "Chinese")
            .put("response_format", "opus")
            .put("sample_rate", 48_000)
            .put("speech_rate", 1.5)
            .put("pitch_rate", 0.8)
            .put("volume", 70)
            .put("bit_rate", 64)
            .put("instructions", "温柔")
            .put("optimize_instructions", true)
            .put("enable_tn", false),
        heard);
  }

  @Test
  void everySettingIsTranslatedForCosyVoice() {
    RecordingClient client =
        Manner.COSYVOICE_COMMIT.open(
            bridge,
            Door.BINARY,
            "response_format",
            "mp3",
            "sample_rate",
            44_100,
            "speech_rate",
            1.5,
            "pitch_rate",
            0.8,
            "volume",
            70,
            "bit_rate",
            64,
            "language_type",
            "Chinese",
            "word_timestamps",
            true,
            "seed",
            7,
            "hot_fix",
            new JsonObject().put("replace", new io.vertx.core.json.JsonArray()));
    client.commit("你好").completed();

    JsonObject run = bridge.upstream.expect("run-task");
    assertEquals("duplex", run.getJsonObject("header").getString("streaming"));
    JsonObject payload = run.getJsonObject("payload");
    assertEquals("audio", payload.getString("task_group"));
    assertEquals("tts", payload.getString("task"));
    assertEquals("SpeechSynthesizer", payload.getString("function"));
    assertEquals(TestBridge.COSYVOICE, payload.getString("model"));
    assertEquals(new JsonObject(), payload.getJsonObject("input"));
    JsonObject parameters = payload.getJsonObject("parameters");
    assertEquals("PlainText", parameters.getString("text_type"));
    assertEquals("longanyang", parameters.getString("voice"));
    assertEquals("mp3", parameters.getString("format"));
    assertEquals(44_100, parameters.getInteger("sample_rate"));
    assertEquals(1.5, parameters.getDouble("rate"));
    assertEquals(0.8, parameters.getDouble("pitch"));
    assertEquals(70, parameters.getInteger("volume"));
    assertEquals(64, parameters.getInteger("bit_rate"));
    assertEquals(List.of("zh"), parameters.getJsonArray("language_hints").getList());
    assertEquals(true, parameters.getBoolean("word_timestamp_enabled"));
    assertEquals(7, parameters.getInteger("seed"));
    assertEquals(false, parameters.getBoolean("enable_ssml"));
    assertTrue(parameters.containsKey("hot_fix"));
    assertEquals(
        "你好",
        bridge
            .upstream
            .expect("continue-task")
            .getJsonObject("payload")
            .getJsonObject("input")
            .getString("text"));
    assertEquals(
        new JsonObject(),
        bridge.upstream.expect("finish-task").getJsonObject("payload").getJsonObject("input"));
  }

  @Test
  void sambertGetsTheWholeTextAndNoVoice() {
    RecordingClient client = Manner.SAMBERT_COMMIT.open(bridge, Door.BINARY);
    client.append("今天").append("天气不错").commit().completed();

    JsonObject run = bridge.upstream.expect("run-task");
    assertEquals("out", run.getJsonObject("header").getString("streaming"));
    JsonObject payload = run.getJsonObject("payload");
    assertEquals("今天天气不错", payload.getJsonObject("input").getString("text"));
    assertFalse(payload.getJsonObject("parameters").containsKey("voice"));
    assertEquals(List.of(), bridge.upstream.heardKinds());
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "QWEN_COMMIT",
        "COSYVOICE_COMMIT",
        "COSYVOICE_SERVER",
        "SAMBERT_COMMIT",
        "SAMBERT_SERVER"
      })
  void textsOfOneSessionShareASocket(Manner manner) {
    RecordingClient client = manner.open(bridge, Door.BINARY);
    for (int i = 0; i < 3; i++) {
      client.commit("第" + i).completed();
    }
    assertEquals(1, bridge.upstream.connections.size());
  }

  @Test
  void everyTaskHasAnIdOfItsOwn() {
    RecordingClient client = Manner.COSYVOICE_COMMIT.open(bridge, Door.BINARY);
    client.commit("一").completed();
    client.commit("二").completed();
    String first = bridge.upstream.expect("run-task").getJsonObject("header").getString("task_id");
    String second = bridge.upstream.expect("run-task").getJsonObject("header").getString("task_id");
    assertNotEquals(first, second);
  }

  @Test
  void anIdleSocketServesTheNextSession() {
    RecordingClient first = Manner.COSYVOICE_COMMIT.open(bridge, Door.BINARY);
    first.commit("一").completed();
    first.socket.close();
    bridge.closed(0);

    Manner.SAMBERT_COMMIT.open(bridge, Door.BINARY).commit("二").completed();

    assertEquals(1, bridge.upstream.connections.size());
  }

  @Test
  void tokensOfALanguageModelPassStraightThrough() {
    RecordingClient client = Manner.COSYVOICE_SERVER.open(bridge, Door.BINARY);
    client.append("你");
    assertEquals("你", text(bridge.upstream.expect("continue-task")));
    client.append("好");
    assertEquals("好", text(bridge.upstream.expect("continue-task")));

    RecordingClient other = Manner.QWEN_SERVER.open(bridge, Door.BINARY);
    other.append("你");
    assertEquals("你", bridge.upstream.expect("input_text_buffer.append").getString("text"));
  }

  private static String text(JsonObject message) {
    return message.getJsonObject("payload").getJsonObject("input").getString("text");
  }

  @Test
  void sentencesOfTheServiceAreResponsesOfTheirOwn() {
    RecordingClient client = Manner.QWEN_SERVER.open(bridge, Door.BINARY);
    client.append("第一句。第二句。");
    assertArrayEquals(bridge.upstream.audioOf("第一句。"), client.completed().audio());
    assertArrayEquals(bridge.upstream.audioOf("第二句。"), client.completed().audio());
    client.append("第三").finish();
    assertArrayEquals(bridge.upstream.audioOf("第三"), client.completed().audio());
    client.expect("session.finished");
  }

  @Test
  void aSilentSentenceOfTheServiceIsNoFailure() {
    script.audioBytes = text -> text.equals("……。") ? 0 : 4_000;
    RecordingClient client = Manner.QWEN_SERVER.open(bridge, Door.BINARY);
    client.append("好。……。再来").commit();
    assertEquals("completed", client.spoken().status());
    assertEquals("completed", client.spoken().status());
    client.expectNothingMore();
  }

  @ParameterizedTest
  @EnumSource(names = {"COSYVOICE_COMMIT", "COSYVOICE_SERVER"})
  void wordTimesCountFromTheFirstSampleHoweverTheServiceCounts(Manner manner) {
    // 100 ms a character, as the times say.
    script.audioBytes = text -> text.length() * 4_410;
    for (boolean restart : new boolean[] {true, false}) {
      for (boolean twice : new boolean[] {false, true}) {
        script.wordTimesRestart = restart;
        script.duplicates = twice;
        RecordingClient client = manner.open(bridge, Door.BINARY, "word_timestamps", true);

        Spoken spoken = client.commit("你好。再见了。好").completed();

        String text = "你好。再见了。好";
        assertEquals(text.length(), spoken.words().size(), spoken.words().toString());
        for (int i = 0; i < text.length(); i++) {
          JsonObject word = spoken.words().get(i);
          assertEquals(text.substring(i, i + 1), word.getString("text"));
          assertEquals(i, word.getInteger("begin_index"));
          assertEquals(i + 1, word.getInteger("end_index"));
          assertEquals(i * 100 + 10, word.getInteger("begin_ms"), 20.0);
          assertEquals(i * 100 + 100, word.getInteger("end_ms"), 20.0);
        }
      }
    }
  }

  @Test
  void aGrowingSentenceOfSambertTellsEachWordOnce() {
    script.audioBytes = text -> text.length() * 3_200;
    script.sentenceReports = 3;
    RecordingClient client =
        Manner.SAMBERT_COMMIT.open(
            bridge, Door.BINARY, "word_timestamps", true, "sample_rate", 16_000);

    Spoken spoken = client.commit("今天天气不错").completed();

    assertEquals(
        List.of("今", "天", "天", "气", "不", "错"),
        spoken.words().stream().map(word -> word.getString("text")).toList());
    assertEquals(
        List.of(0, 1, 2, 3, 4, 5),
        spoken.words().stream().map(word -> word.getInteger("begin_index")).toList());
  }

  @Test
  void aLongCommitIsSplitForTheServiceAndStaysOneResponse() {
    script.audioBytes = text -> 2_000;
    RecordingClient client = Manner.QWEN_COMMIT.open(bridge, Door.BINARY);
    String text = "一句很普通的话。".repeat(200);

    Spoken spoken = client.commit(text).completed();

    assertTrue(bridge.upstream.utterances.size() >= 4);
    assertEquals(bridge.upstream.utterances.size() * 2_000, spoken.audio().length);
    StringBuilder said = new StringBuilder();
    for (ScriptedUpstream.Utterance each : bridge.upstream.utterances) {
      assertTrue(each.text.length() <= 500);
      said.append(each.text);
    }
    assertEquals(text, said.toString());
    assertEquals(text.length(), spoken.done().getJsonObject("usage").getInteger("characters"));
    client.expectNothingMore();
  }
}
