package dev.voicebridge.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.bridge.Caller;
import dev.voicebridge.bridge.CustomVoice;
import dev.voicebridge.bridge.CustomVoice.Readiness;
import dev.voicebridge.bridge.SessionLimits;
import dev.voicebridge.config.Config;
import dev.voicebridge.enrolment.Region;
import dev.voicebridge.library.TestLibrary;
import dev.voicebridge.library.VoiceLibrary;
import dev.voicebridge.voice.Voice;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a session learns of a record. */
class LibraryVoicesTest {
  private static Vertx vertx;
  private static VoiceLibrary library;

  @BeforeAll
  static void open() {
    vertx = Vertx.vertx();
    library = TestLibrary.empty(vertx, Config.load(Map.of(), Map.of()));
  }

  @AfterAll
  static void close() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  private static final Caller ALICE = caller("alice", false);

  private static Caller caller(String name, boolean operator) {
    return new Caller(name, Set.of(), Set.of(), SessionLimits.DEFAULTS, operator);
  }

  private static Voice.Editor voice(@Nullable String owner) {
    return Voice.draft(
            "mum",
            Voice.DASHSCOPE,
            "cosyvoice",
            "cosyvoice-v3.5-plus",
            Voice.Origin.CLONED,
            owner,
            Instant.EPOCH)
        .state(Voice.State.OK)
        .providerVoiceId("cosyvoice-v3.5-plus-mum-1");
  }

  @Test
  void aVoiceThatIsReadyKeepsItsNamesAndItsModel() {
    assertEquals(
        new CustomVoice(
            "mum",
            "cosyvoice-v3.5-plus-mum-1",
            "cosyvoice-v3.5-plus",
            Readiness.READY,
            false,
            false),
        LibraryVoices.of(ALICE, voice("alice").done(), Region.BEIJING, true));
  }

  @ParameterizedTest
  @CsvSource({
    "PENDING,,NOT_YET",
    "PENDING,x-1,NOT_YET",
    "DEPLOYING,x-1,NOT_YET",
    "OK,x-1,READY",
    "OK,,NOT_YET",
    "FAILED,x-1,NEVER",
    "FAILED,,NEVER"
  })
  void itIsReadyWhenItsServiceSaysSo(
      Voice.State state, @Nullable String providerVoiceId, Readiness readiness) {
    Voice record = voice("alice").state(state).providerVoiceId(providerVoiceId).done();
    assertEquals(readiness, LibraryVoices.of(ALICE, record, Region.BEIJING, true).readiness());
  }

  @Test
  void itIsForeignToEveryoneButItsOwnerAndTheOperator() {
    Voice alices = voice("alice").done();
    Voice nobodys = voice(null).done();
    Caller operator = caller("root", true);
    assertFalse(LibraryVoices.of(ALICE, alices, Region.BEIJING, true).foreign());
    assertTrue(LibraryVoices.of(caller("bob", false), alices, Region.BEIJING, true).foreign());
    assertTrue(LibraryVoices.of(ALICE, nobodys, Region.BEIJING, true).foreign());
    assertFalse(LibraryVoices.of(operator, alices, Region.BEIJING, true).foreign());
    assertFalse(LibraryVoices.of(operator, nobodys, Region.BEIJING, true).foreign());
  }

  @ParameterizedTest
  @CsvSource({
    "beijing,BEIJING,false",
    "singapore,BEIJING,true",
    "beijing,SINGAPORE,true",
    "unknown,BEIJING,false",
    "singapore,UNKNOWN,false",
    ",SINGAPORE,false"
  })
  void anotherRegionIsAnotherAccount(@Nullable String made, Region here, boolean elsewhere) {
    Voice record = voice("alice").region(made).done();
    assertEquals(elsewhere, LibraryVoices.of(ALICE, record, here, true).otherAccount());
    assertTrue(LibraryVoices.of(ALICE, record, here, false).otherAccount());
  }

  @ParameterizedTest
  @ValueSource(strings = {"mum-2f", "cosyvoice-v3.5-plus-mum-1", "qwen-tts-vd-mum:1", "speech:M:x"})
  void whatLooksLikeACustomVoiceIsWorthAQuestion(String name) {
    assertTrue(new LibraryVoices(library, "http://127.0.0.1").plausible(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Cherry", "Mum 2", "speech:"})
  void whatLooksLikeNoCustomVoiceIsNot(String name) {
    assertFalse(new LibraryVoices(library, "http://127.0.0.1").plausible(name));
  }

  @Test
  void anEmptyLibraryKnowsNothing() {
    assertNull(new LibraryVoices(library, "http://127.0.0.1").find(ALICE, "mum"));
  }
}
