package dev.voicebridge.library;

import dev.voicebridge.catalogue.Catalogue;
import dev.voicebridge.config.Config;
import dev.voicebridge.voice.CachedVoices;
import dev.voicebridge.voice.MemoryVoiceStore;
import dev.voicebridge.voice.SharedRate;
import io.vertx.core.Vertx;

/** Libraries for tests of what stands in front of one. */
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
        Times.USUAL);
  }
}
