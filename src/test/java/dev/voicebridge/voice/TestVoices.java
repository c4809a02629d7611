package dev.voicebridge.voice;

/** Voices, and what a store refuses, for tests of other packages. */
public final class TestVoices {
  private TestVoices() {}

  /** With every field filled; made at 2026-01-02T12:00:00Z. */
  public static Voice full(String id) {
    return Samples.full(id);
  }

  /** A failure as a store throws it. */
  public static VoiceStoreException failure(VoiceStoreException.Kind kind) {
    return new VoiceStoreException(kind, "at redis://secret", null);
  }
}
