package dev.voicebridge.library;

import dev.voicebridge.enrolment.Words;
import io.vertx.core.json.JsonObject;

/** Libraries, and what they refuse, for tests of other packages. */
public final class TestLibrary {
  private TestLibrary() {}

  /** Without a voice and without a vendor. */
  public static VoiceLibrary empty() {
    return new VoiceLibrary();
  }

  /** A refusal as the library throws it. */
  public static LibraryException refusal(
      LibraryException.Reason reason, String param, JsonObject details) {
    return new LibraryException(reason, param, new Words("不行", "it cannot be"), details);
  }
}
