package dev.voicebridge.library;

/** Libraries for tests of what stands in front of one. */
public final class TestLibrary {
  private TestLibrary() {}

  /** Knows no voice. */
  public static VoiceLibrary none() {
    return new VoiceLibrary();
  }
}
