package dev.voicebridge.http;

import dev.voicebridge.bridge.VoiceBook;
import dev.voicebridge.library.VoiceLibrary;

/** What sessions look voices up in, for tests of other packages. */
public final class TestBooks {
  private TestBooks() {}

  public static VoiceBook of(VoiceLibrary library, String dashScopeUrl) {
    return new LibraryVoices(library, dashScopeUrl);
  }
}
