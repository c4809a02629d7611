package dev.voicebridge.llm;

import org.jspecify.annotations.Nullable;

/** A language model could not do it. The message is fit for a caller's eyes: it holds no key. */
public final class ChatException extends RuntimeException {
  /** What went wrong, as far as the caller's next step depends on it. */
  public enum Kind {
    /** There is none to ask, or none that this caller may ask. */
    NOT_CONFIGURED,
    /** No connection. */
    UNREACHABLE,
    /** The service does not let us in. */
    REFUSED,
    /** Nothing came in time. */
    TIMEOUT,
    /** The connection ended before the answer did. */
    CLOSED,
    /** What came cannot be understood. */
    GARBAGE,
    /** Too many requests. */
    RATE_LIMITED,
    /** The service says no to this request. */
    SERVICE
  }

  private final Kind kind;
  private final @Nullable String vendorCode;
  private final @Nullable String hint;

  ChatException(Kind kind, @Nullable String vendorCode, String message, @Nullable String hint) {
    super(message, null, false, false);
    this.kind = kind;
    this.vendorCode = vendorCode;
    this.hint = hint;
  }

  ChatException(Kind kind, String message) {
    this(kind, null, message, null);
  }

  /** There is no language model on this server. */
  public static ChatException notConfigured() {
    return new ChatException(
        Kind.NOT_CONFIGURED,
        null,
        "this server has no language model",
        "the operator sets LLM_BASE_URL, LLM_API_KEY and LLM_MODEL, or DASHSCOPE_API_KEY");
  }

  public Kind kind() {
    return kind;
  }

  /** The vendor's own code, null where there is none. */
  public @Nullable String vendorCode() {
    return vendorCode;
  }

  /** What to do about it; null: there is nothing to say. */
  public @Nullable String hint() {
    return hint;
  }

  public String text() {
    String message = getMessage();
    return message == null ? kind.name() : message;
  }
}
