package dev.voicebridge.scripted;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.bridge.CustomVoice;
import dev.voicebridge.text.Pronunciations;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Text that is changed before it is spoken, and what the client and the service see of it. */
class FitToSpeakTest {
  private static final String WRITTEN = "# 标题\n**重点**是[这里](https://example.com/a)😀。\n";
  private static final String READ = "标题。重点是这里。";

  @AutoClose private final TestBridge bridge = new TestBridge();
  private final Script script = bridge.script;

  private String heardByTheService() {
    return bridge.upstream.utterances.stream()
        .map(utterance -> utterance.text)
        .collect(Collectors.joining());
  }

  @ParameterizedTest
  @EnumSource
  void theServiceGetsWhatAPersonWouldRead(Manner manner) {
    RecordingClient client = manner.open(bridge, Door.BINARY, "clean_text", true);

    for (int i = 0; i < WRITTEN.length(); i += 3) {
      client.append(WRITTEN.substring(i, Math.min(WRITTEN.length(), i + 3)));
    }
    client.commit();
    client.spoken();
    client.finish();
    client.await("session.finished");

    // Where each sentence is a task, the break between two may go with neither.
    assertEquals(READ, heardByTheService().replace("\n", ""));
  }

  @Test
  void textOfAClientIsSpokenAsItIsUnlessItSaysOtherwise() {
    RecordingClient client = Manner.QWEN_COMMIT.open(bridge, Door.BINARY);
    client.commit("**重点** 2*3").completed();
    client.update("clean_text", true).expect("session.updated");
    client.commit("**重点** 2*3").completed();
    client.update("clean_text", false).expect("session.updated");
    client.commit("**重点** 2*3").completed();

    assertEquals(
        List.of("**重点** 2*3", "重点 2*3", "**重点** 2*3"),
        bridge.upstream.utterances.stream().map(utterance -> utterance.text).toList());
  }

  @ParameterizedTest
  @EnumSource
  void spokenAndUnspokenTextAreTheClientsOwn(Manner manner) {
    script.audioBytes = text -> 50_000_000;
    script.paceMs = 2;
    RecordingClient client = manner.open(bridge, Door.BINARY, "clean_text", true);
    String written = "**很长的**`一段`文字，没有人听完它。";
    client.append(written).commit();
    client.await("response.created");
    for (int i = 0; i < 20; i++) {
      client.awaitAudio();
    }
    client.cancel();

    Spoken cancelled = client.spoken();

    assertEquals("cancelled", cancelled.status());
    String spoken = cancelled.done().getString("spoken_text");
    assertEquals(written, spoken + cancelled.done().getString("unspoken_text"));
    assertTrue(!spoken.isEmpty());
  }

  @Test
  void wordTimesPointIntoTheClientsText() {
    script.audioBytes = text -> text.length() * 4_410;
    RecordingClient client =
        Manner.COSYVOICE_COMMIT.open(
            bridge,
            Door.BINARY,
            "word_timestamps",
            true,
            "clean_text",
            true,
            "pronunciations",
            new JsonObject().put("行长", "航掌"));
    String written = "**你好**，[行长](https://a.b/c)！";

    Spoken spoken = client.commit(written).completed();

    assertEquals("你好，航掌！", heardByTheService());
    assertEquals(
        List.of("你", "好", "，", "行长", "行长", "！"),
        spoken.words().stream()
            .map(
                word ->
                    written.substring(word.getInteger("begin_index"), word.getInteger("end_index")))
            .toList());
  }

  @ParameterizedTest
  @EnumSource
  void whatCleansToNothingIsAShortSilence(Manner manner) {
    RecordingClient client = manner.open(bridge, Door.BINARY, "clean_text", true);
    client.append("```java\nint a = 1;\n```\n😀").commit();

    Spoken silence = client.completed();

    assertEquals(200, silence.done().getJsonObject("usage").getInteger("audio_ms"));
    assertTrue(bridge.upstream.utterances.isEmpty());
  }

  @Test
  void textFlowsOnWhileMoreIsAppended() {
    RecordingClient client = Manner.COSYVOICE_SERVER.open(bridge, Door.BINARY, "clean_text", true);
    client.append("**第一句。**第二");

    assertEquals("第一句。", bridge.upstream.utterance(0).text);
    client.append("句。").finish();
    client.await("session.finished");
    assertEquals("第一句。第二句。", heardByTheService());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "clean_text|\"yes\"",
        "pronunciations|[]",
        "pronunciations|{\"a\":1}",
        "pronunciations|{\" \":\"b\"}",
        "pronunciations|{\"a\":\"b\\nc\"}"
      })
  void aWishThatCannotBeIsNamed(String field, String value) {
    RecordingClient client = bridge.open(TestBridge.QWEN);
    client.update(field, new io.vertx.core.json.JsonArray("[" + value + "]").getValue(0));

    assertEquals(field, client.expectError("invalid_value").getString("param"));
  }

  @Test
  void theWordsOfAVoiceAreSaidUnlessTheSessionSaysOtherwise() {
    bridge.book.knows(
        new CustomVoice(
            "mum",
            "qwen-tts-vc-mum-voice-1",
            "qwen3-tts-vc-realtime-2026-01-15",
            CustomVoice.Readiness.READY,
            false,
            false,
            Pronunciations.of(Map.of("行长", "航掌", "SQL", "sequel"))));
    RecordingClient client = bridge.open("tts-1&voice=mum");
    client
        .update("mode", "commit", "pronunciations", new JsonObject().put("sql", "ess queue ell"))
        .expect("session.updated");

    client.commit("行长 SQL").completed();

    assertEquals("航掌 ess queue ell", heardByTheService());
  }

  @Test
  void theWishesAreTold() {
    RecordingClient client = bridge.open(TestBridge.QWEN);
    assertNull(
        client
            .update("volume", 50)
            .expect("session.updated")
            .getJsonObject("session")
            .getValue("clean_text"));
    JsonObject told =
        client
            .update("clean_text", true, "pronunciations", new JsonObject().put("SQL", "sequel"))
            .expect("session.updated")
            .getJsonObject("session");

    assertEquals(true, told.getBoolean("clean_text"));
    assertEquals("sequel", told.getJsonObject("pronunciations").getString("SQL"));
  }

  @Test
  void soundMarkupGoesAsItIsAndIsNeverCleaned() {
    RecordingClient client =
        Manner.COSYVOICE_COMMIT.open(
            bridge,
            Door.BINARY,
            "enable_ssml",
            true,
            "clean_text",
            true,
            "pronunciations",
            new JsonObject().put("好", "坏"));
    String markup = "<speak>你<break time=\"500ms\"/>**好** &amp; 再见</speak>";

    client.append("<speak>你<break time=\"500ms\"/>").append("**好** &amp; 再见</speak>").commit();
    client.completed();

    assertEquals(
        markup,
        bridge
            .upstream
            .expect("continue-task")
            .getJsonObject("payload")
            .getJsonObject("input")
            .getString("text"));
  }

  @ParameterizedTest
  @EnumSource(names = {"COSYVOICE_COMMIT", "COSYVOICE_SERVER"})
  void brokenMarkupIsRefusedBeforeTheServiceHearsOfIt(Manner manner) {
    RecordingClient client = manner.open(bridge, Door.BINARY, "enable_ssml", true);
    client.append("<speak>你<brek time=\"1s\"/>好</speak>").commit();

    JsonObject error = client.await("error").getJsonObject("error");

    assertEquals("invalid_value", error.getString("code"));
    assertEquals("text", error.getString("param"));
    assertTrue(error.getString("message").contains("<brek>"), error.encode());
    assertTrue(error.getString("hint").contains("break"), error.encode());
    assertTrue(bridge.upstream.utterances.isEmpty());
  }
}
