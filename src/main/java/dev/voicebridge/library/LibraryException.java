package dev.voicebridge.library;

import dev.voicebridge.enrolment.Words;
import io.vertx.core.json.JsonObject;

/** The library's own refusal: nothing was sent to a vendor. Expected, so without a stack trace. */
public final class LibraryException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What a caller can act upon. */
  public enum Reason {
    /** No such voice, or not this caller's to see. */
    NOT_FOUND,
    /** The order itself is wrong; see {@link #param}. */
    INVALID,
    /** The sample will not do; the details hold the doctor's {@code report}. */
    SAMPLE_REFUSED,
    /** Nobody said that the speaker agreed. */
    NO_CONSENT,
    /** This key is limited to models of which this is none. */
    MODEL_NOT_ALLOWED,
    /** This key is limited to certain voices, and so makes none. */
    NOT_ALLOWED,
    /** The account's places are taken. */
    QUOTA,
    /** The vendor has no such operation, or is not configured. */
    UNSUPPORTED,
    /** The voice changed meanwhile: read it again. */
    CONFLICT
  }

  private final Reason reason;
  private final String param;
  private final transient Words words;
  private final transient JsonObject details;

  LibraryException(Reason reason, String param, Words words, JsonObject details) {
    super(words.en(), null, false, false);
    this.reason = reason;
    this.param = param;
    this.words = words;
    this.details = details;
  }

  static LibraryException of(Reason reason, String param, String zh, String en) {
    return new LibraryException(reason, param, new Words(zh, en), new JsonObject());
  }

  public Reason reason() {
    return reason;
  }

  /** The field it is about, as the API names it; empty: none. */
  public String param() {
    return param;
  }

  /** For the caller's eyes. */
  public Words words() {
    return words;
  }

  /** Perhaps empty. */
  public JsonObject details() {
    return details.copy();
  }
}
