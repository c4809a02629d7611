package dev.voicebridge.library;

import dev.voicebridge.catalogue.Catalogue;
import dev.voicebridge.config.Config;
import dev.voicebridge.enrolment.Words;
import dev.voicebridge.voice.CachedVoices;
import dev.voicebridge.voice.MemoryVoiceStore;
import dev.voicebridge.voice.SharedRate;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

/** Libraries, and what they refuse, for tests of other packages. */
public final class TestLibrary {
  private TestLibrary() {}

  /** Knows no voice, and no vendor but the configured ones. */
  public static VoiceLibrary empty(Vertx vertx, Config config) {
    MemoryVoiceStore store = new MemoryVoiceStore(vertx);
    return new VoiceLibrary(
        vertx,
        config,
        Catalogue.load(),
        store,
        CachedVoices.following(store),
        SharedRate.local(vertx),
        Times.USUAL,
        EnrolmentMeter.NONE);
  }

  /** A refusal as the library throws it. */
  public static LibraryException refusal(
      LibraryException.Reason reason, String param, JsonObject details) {
    return new LibraryException(reason, param, new Words("不行", "it cannot be"), details);
  }
}
