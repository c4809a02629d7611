package dev.voicebridge.bridge;

import dev.voicebridge.llm.ChatException;
import dev.voicebridge.upstream.UpstreamException;
import org.jspecify.annotations.Nullable;

/**
 * What an {@code error} event, or the failure of a speech request, says. Thrown where a client's
 * message cannot be followed.
 */
public final class SessionError extends RuntimeException {
  private final ErrorCode code;
  private final @Nullable String param;
  private final @Nullable String hint;
  private final @Nullable String upstreamCode;

  SessionError(
      ErrorCode code,
      @Nullable String param,
      String message,
      @Nullable String hint,
      @Nullable String upstreamCode) {
    super(message, null, false, false);
    this.code = code;
    this.param = param;
    this.hint = hint;
    this.upstreamCode = upstreamCode;
  }

  SessionError(ErrorCode code, @Nullable String param, String message, @Nullable String hint) {
    this(code, param, message, hint, null);
  }

  SessionError(ErrorCode code, @Nullable String param, String message) {
    this(code, param, message, null, null);
  }

  static SessionError of(UpstreamException cause) {
    return new SessionError(
        ErrorCode.of(cause.kind()), null, message(cause), hint(cause.kind()), cause.vendorCode());
  }

  static SessionError of(ChatException cause) {
    return new SessionError(
        ErrorCode.of(cause.kind()), null, cause.text(), cause.hint(), cause.vendorCode());
  }

  private static String message(UpstreamException cause) {
    String message = cause.getMessage();
    return message == null ? cause.kind().name() : message;
  }

  private static @Nullable String hint(UpstreamException.Kind kind) {
    return switch (kind) {
      case UNREACHABLE, TIMEOUT, CLOSED -> "send the text again; the session goes on";
      case REFUSED -> "the operator should look at the vendor key and its account";
      case RATE_LIMITED -> "wait a moment and send the text again";
      case GARBAGE, SERVICE -> null;
    };
  }

  public ErrorCode code() {
    return code;
  }

  public @Nullable String param() {
    return param;
  }

  public @Nullable String hint() {
    return hint;
  }

  public @Nullable String upstreamCode() {
    return upstreamCode;
  }

  public String text() {
    String message = getMessage();
    return message == null ? code.wireName() : message;
  }
}
