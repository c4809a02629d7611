package dev.voicebridge.library;

/** Libraries for tests of other packages. */
public final class TestLibrary {
  private TestLibrary() {}

  /** Without a voice and without a vendor. */
  public static VoiceLibrary empty() {
    return new VoiceLibrary();
  }
}
