package dev.voicebridge.scripted;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.bridge.CustomVoice;
import dev.voicebridge.bridge.CustomVoice.Readiness;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Voices of the library in a session. */
class CustomVoiceTest {
  private static final String CLONES = "qwen3-tts-vc-realtime-2026-01-15";
  private static final String VOICELESS = "cosyvoice-v3.5-plus";
  private static final CustomVoice MUM = voice("mum", "qwen-tts-vc-mum-voice-1", CLONES);
  private static final CustomVoice DAD = voice("dad", "cosyvoice-v3.5-plus-dad-1", VOICELESS);

  @AutoClose private final TestBridge bridge = new TestBridge();
  private final ScriptedBook book = bridge.book;

  private static CustomVoice voice(String id, String providerVoiceId, String model) {
    return new CustomVoice(id, providerVoiceId, model, Readiness.READY, false, false);
  }

  private static JsonObject updated(RecordingClient client) {
    return client.expect("session.updated").getJsonObject("session");
  }

  private String voiceUpstream() {
    return bridge.upstream.expect("session.update").getJsonObject("session").getString("voice");
  }

  @ParameterizedTest
  @EnumSource
  void ourIdReachesTheServiceAsItsOwnAndTheClientSeesWhatItChose(Door door) {
    book.knows(MUM);
    for (String name : List.of("mum", "qwen-tts-vc-mum-voice-1")) {
      RecordingClient client = bridge.open(door, CLONES);
      client.update("voice", name);
      JsonObject session = updated(client);
      assertEquals(name, session.getString("voice"));
      assertFalse(session.containsKey("warnings"), session.toString());

      Spoken spoken = client.commit("你好").completed();
      assertEquals(name, spoken.created().getString("voice"));
      assertEquals(name, spoken.done().getString("voice"));
      assertArrayEquals(bridge.upstream.audioOf("你好"), spoken.audio());
      assertEquals("qwen-tts-vc-mum-voice-1", voiceUpstream());
    }
  }

  @Test
  void aModelWithoutSystemVoicesSpeaksWithOneOfTheLibrary() {
    book.knows(DAD);
    RecordingClient client = bridge.open(VOICELESS);
    client.update("voice", "dad");
    JsonObject session = updated(client);
    assertFalse(session.containsKey("warnings"), session.toString());
    client.commit("你好").completed();
    JsonObject task = bridge.upstream.expect("run-task").getJsonObject("payload");
    assertEquals("cosyvoice-v3.5-plus-dad-1", task.getJsonObject("parameters").getString("voice"));
  }

  @Test
  void aVoiceMadeForAnotherModelIsRefusedWithTheRightOneAndTheSessionGoesOn() {
    book.knows(MUM);
    RecordingClient client = bridge.open(TestBridge.QWEN);
    client.update("voice", "mum");
    JsonObject error = client.expectError("voice_mismatch");
    assertEquals("model", error.getString("param"));
    assertEquals("nearest: " + CLONES, error.getString("hint"));
    assertEquals("c0", error.getString("event_id"));

    assertEquals("Cherry", client.commit("你好").completed().created().getString("voice"));
    assertEquals("Cherry", voiceUpstream());
  }

  @Test
  void anotherNameOfAModelIsTheSameOnlyWhereTheServiceSaysSo() {
    book.knows(MUM);
    book.knows(voice("son", "son-1", TestBridge.QWEN + "-2025-11-27"));
    RecordingClient client = bridge.open(TestBridge.QWEN);
    client.update("voice", "son");
    assertEquals(TestBridge.QWEN, updated(client).getString("model"));
    client.update("voice", "mum", "model", "qwen3-tts-vc-realtime");
    client.expectError("voice_mismatch");
  }

  @Test
  void aVoiceThatIsNotReadyIsRefusedUntilItIs() {
    book.knows(new CustomVoice("mum", "", CLONES, Readiness.NOT_YET, false, false));
    RecordingClient client = bridge.open(CLONES);
    client.update("voice", "mum");
    JsonObject error = client.expectError("voice_not_ready");
    assertEquals("voice", error.getString("param"));
    assertTrue(error.getString("hint").contains("/v1/voices/mum"), error.toString());

    book.knows(MUM);
    client.update("voice", "mum");
    updated(client);
    client.commit("你好").completed();
    assertEquals("qwen-tts-vc-mum-voice-1", voiceUpstream());
  }

  @ParameterizedTest
  @CsvSource({"NEVER,false,voice_failed", "READY,true,voice_mismatch"})
  void aVoiceThatCanNeverSpeakHereIsRefused(Readiness state, boolean elsewhere, String code) {
    book.knows(new CustomVoice("mum", "qwen-tts-vc-mum-1", CLONES, state, false, elsewhere));
    RecordingClient client = bridge.open(CLONES);
    client.update("voice", "mum");
    assertEquals("voice", client.expectError(code).getString("param"));
    client.append("你好").expectError("invalid_value");
  }

  @Test
  void anotherKeysVoiceIsRefusedInTheWordsForOneThatNobodyHas() {
    book.knows(
        new CustomVoice(
            "theirs", "qwen-tts-vc-theirs-1", "another-model", Readiness.NOT_YET, true, true));
    RecordingClient client = bridge.open(CLONES);
    client.update("voice", "theirs");
    JsonObject theirs = client.expectError("not_allowed");
    client.update("voice", "qwen-tts-vc-theirs-1", "model", "");
    client.expectError("not_allowed");

    bridge.voices = Set.of("Cherry", "theirs");
    RecordingClient limited = bridge.open(CLONES);
    limited.update("voice", "nobody");
    JsonObject nobodys = limited.expectError("not_allowed");
    assertEquals(theirs.encode(), nobodys.encode().replace("nobody", "theirs"));
    limited.update("voice", "theirs").expectError("not_allowed");
  }

  @Test
  void aKeyThatMayUseAVoiceMayUseItByEitherName() {
    book.knows(MUM);
    book.knows(voice("aunt", "qwen-tts-vc-aunt-1", CLONES));
    bridge.voices = Set.of("mum");
    RecordingClient client = bridge.open(CLONES);
    client.update("voice", "qwen-tts-vc-mum-voice-1");
    updated(client);
    client.update("voice", "aunt").expectError("not_allowed");
  }

  @Test
  void aVoiceThatTheStoreTellsLateIsUsedAndNothingOvertakes() {
    var answer = book.answer("mum");
    RecordingClient client = bridge.open(CLONES);
    client.update("voice", "mum", "mode", "commit").append("你");
    client.append("好").say("no.such.event").commit();
    Eventually.holds("the store was asked", () -> book.asked.equals(List.of("mum")));
    answer.complete(MUM);

    JsonObject session = updated(client);
    assertEquals("mum", session.getString("voice"));
    assertFalse(session.containsKey("warnings"), session.toString());
    client.expectError("unknown_event");
    assertArrayEquals(bridge.upstream.audioOf("你好"), client.completed().audio());
    assertEquals("qwen-tts-vc-mum-voice-1", voiceUpstream());

    client.update("volume", 60);
    assertFalse(updated(client).containsKey("warnings"));
    assertEquals(List.of("mum"), book.asked);
  }

  @Test
  void whatTheStoreTellsLateIsRefusedUnderTheMessageThatNamedIt() {
    var answer = book.answer("mum");
    RecordingClient client = bridge.open(TestBridge.QWEN);
    client.update("voice", "mum").update("volume", 60);
    Eventually.holds("the store was asked", () -> !book.asked.isEmpty());
    answer.complete(MUM);
    assertEquals("c0", client.expectError("voice_mismatch").getString("event_id"));
    assertEquals("Cherry", updated(client).getString("voice"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"nothing", "failure", "silence"})
  void aVoiceThatTheStoreDoesNotTellGoesOnAsUnknown(String kind) {
    var answer = book.answer("mum");
    if (kind.equals("nothing")) {
      answer.complete(null);
    } else if (kind.equals("failure")) {
      answer.fail("the store is gone");
    }
    RecordingClient client = bridge.open(CLONES);
    client.update("voice", "mum");
    JsonObject session = updated(client);
    assertEquals(
        "unknown_voice", session.getJsonArray("warnings").getJsonObject(0).getString("code"));
    client.commit("你好").completed();
    assertEquals("mum", voiceUpstream());
    assertEquals(List.of(), book.spoken);
  }

  @Test
  void aSystemVoiceIsNeverAskedFor() {
    var unused = book.answer("Ethan");
    RecordingClient client = bridge.open(TestBridge.QWEN);
    client.update("voice", "Ethan");
    assertEquals("Ethan", updated(client).getString("voice"));
    assertEquals(List.of(), book.asked);
  }

  @Test
  void aClientThatLeavesDuringTheQuestionIsForgotten() {
    var answer = book.answer("mum");
    RecordingClient client = bridge.open(CLONES);
    client.update("voice", "mum");
    Eventually.holds("the store was asked", () -> !book.asked.isEmpty());
    client.close();
    answer.complete(MUM);
    bridge.closed(0);
  }

  @Test
  void theLibraryHearsOfEveryResponseOnce() {
    book.knows(MUM);
    bridge.script.minDelta = 1;
    bridge.script.maxDelta = 1_001;
    RecordingClient client = bridge.open(CLONES);
    client.update("voice", "mum", "mode", "commit");
    updated(client);
    assertTrue(client.commit("你好").completed().deltas() > 1);
    assertEquals(List.of("mum"), book.spoken);
    client.commit("再见").completed();
    assertEquals(List.of("mum", "mum"), book.spoken);
    client.commit("……").completed();
    assertEquals(List.of("mum", "mum"), book.spoken);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "tts-1", "tts-1-hd", "gpt-4o-mini-tts"})
  void anEmptyModelOrAnAliasTakesTheVoicesOwn(String model) {
    book.knows(MUM);
    book.knows(DAD);
    RecordingClient client = bridge.open(TestBridge.QWEN);
    client.update("voice", "mum", "model", model);
    assertEquals(CLONES, updated(client).getString("model"));
    client.update("voice", "dad");
    assertEquals(VOICELESS, updated(client).getString("model"));
    client.update("voice", "Cherry");
    assertEquals(TestBridge.QWEN, updated(client).getString("model"), "a system voice's own");
    client.update("voice", "nobody-knows-it").expectError("model_not_found");

    for (String door : List.of("/v1/realtime", "/api-ws/v1/realtime")) {
      RecordingClient direct = bridge.connect(door + "?model=" + model + "&voice=mum");
      JsonObject session = direct.expect("session.created").getJsonObject("session");
      assertEquals(CLONES, session.getString("model"));
      assertEquals("mum", session.getString("voice"));
      RecordingClient system = bridge.connect(door + "?model=" + model + "&voice=Cherry");
      session = system.expect("session.created").getJsonObject("session");
      assertEquals(TestBridge.QWEN, session.getString("model"));
      assertEquals("Cherry", session.getString("voice"));
    }
  }

  @Test
  void aVoiceWhoseModelNobodySaidNeedsOneNamed() {
    book.knows(voice("found", "found-1", ""));
    RecordingClient client = bridge.open(TestBridge.QWEN);
    client.update("voice", "found", "model", "");
    assertEquals("name the model", client.expectError("model_not_found").getString("hint"));
    client.update("voice", "found", "model", CLONES);
    assertEquals("found", updated(client).getString("voice"));
  }

  @Test
  void theQueryMayNameTheVoiceAlone() {
    book.knows(DAD);
    RecordingClient client = bridge.connect("/v1/realtime?voice=dad");
    JsonObject session = client.expect("session.created").getJsonObject("session");
    assertEquals(VOICELESS, session.getString("model"));
    assertEquals("dad", client.commit("你好").completed().created().getString("voice"));

    for (String model : List.of("&model=" + TestBridge.QWEN, "")) {
      RecordingClient system = bridge.connect("/v1/realtime?voice=Ethan" + model);
      session = system.expect("session.created").getJsonObject("session");
      assertEquals("Ethan", session.getString("voice"));
      assertEquals(TestBridge.QWEN, session.getString("model"));
    }

    RecordingClient neither = bridge.connect("/v1/realtime?voice=nobody-knows-it");
    neither.expectError("model_not_found");
    neither.expectClose(4504);
  }

  @Test
  void aVoiceOfTheQueryThatTheStoreTellsLateIsWaitedFor() {
    var answer = book.answer("dad");
    RecordingClient client = bridge.connect("/v1/realtime?voice=dad");
    client.append("你好").commit();
    Eventually.holds("the store was asked", () -> !book.asked.isEmpty());
    answer.complete(DAD);
    JsonObject session = client.expect("session.created").getJsonObject("session");
    assertEquals("dad", session.getString("voice"));
    assertNull(session.getJsonArray("warnings"));
    assertArrayEquals(bridge.upstream.audioOf("你好"), client.completed().audio());
  }
}
