package dev.voicebridge.library;

import dev.voicebridge.enrolment.Words;
import io.vertx.core.json.JsonObject;

/** The library's refusals, for those who show them. */
public final class LibraryRefusals {
  private LibraryRefusals() {}

  public static LibraryException of(LibraryException.Reason reason, JsonObject details) {
    return new LibraryException(reason, "", new Words("不行", "It will not do."), details);
  }
}
