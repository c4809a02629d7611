package dev.voicebridge.bridge;

import dev.voicebridge.llm.ChatException;
import dev.voicebridge.upstream.UpstreamException;
import java.util.Locale;

/** Every {@code error.code} of the session protocol, with the {@code error.type} it belongs to. */
public enum ErrorCode {
  /** The message is not a JSON object with a string {@code type}. */
  INVALID_JSON(Type.REQUEST),
  UNKNOWN_EVENT(Type.REQUEST),
  /** A field has a wrong type, is out of range, or the event does not fit the state. */
  INVALID_VALUE(Type.REQUEST),
  /** The model cannot do what the field asks for. */
  UNSUPPORTED_BY_MODEL(Type.REQUEST),
  MODEL_NOT_FOUND(Type.REQUEST),
  /** Nobody here knows the voice, and no model was named that may. */
  VOICE_NOT_FOUND(Type.REQUEST),
  /** Model and voice are known not to go together. */
  VOICE_MISMATCH(Type.REQUEST),
  /** Its service is still at work on the voice. */
  VOICE_NOT_READY(Type.REQUEST),
  /** Its service refused the voice: it will never speak. */
  VOICE_FAILED(Type.REQUEST),
  /** The key may not use this model or voice. */
  NOT_ALLOWED(Type.REQUEST),
  TEXT_TOO_LONG(Type.REQUEST),
  MESSAGE_TOO_BIG(Type.REQUEST),
  INVALID_UTF8(Type.REQUEST),
  RESPONSE_NOT_ACTIVE(Type.REQUEST),
  SESSION_FINISHED(Type.REQUEST),
  NOT_AUTHENTICATED(Type.AUTHENTICATION),
  BAD_CREDENTIAL(Type.AUTHENTICATION),
  FOREIGN_ORIGIN(Type.AUTHENTICATION),
  TOO_MANY(Type.RATE_LIMIT),
  QUEUE_FULL(Type.RATE_LIMIT),
  /** The session ends for a reason of its own: idle, too old, too slow, a restart. */
  SESSION_ENDED(Type.SERVER),
  INTERNAL(Type.SERVER),
  /** The service gave no audio for a text that has words. */
  NO_AUDIO(Type.UPSTREAM),
  UPSTREAM_UNREACHABLE(Type.UPSTREAM),
  UPSTREAM_REFUSED(Type.UPSTREAM),
  UPSTREAM_TIMEOUT(Type.UPSTREAM),
  UPSTREAM_CLOSED(Type.UPSTREAM),
  UPSTREAM_GARBAGE(Type.UPSTREAM),
  UPSTREAM_RATE_LIMITED(Type.UPSTREAM),
  /** The service said no; {@code upstream_code} has its own code. */
  UPSTREAM_ERROR(Type.UPSTREAM),
  /** There is no language model to ask, or none for this caller. */
  LLM_NOT_CONFIGURED(Type.REQUEST),
  LLM_UNREACHABLE(Type.UPSTREAM),
  LLM_REFUSED(Type.UPSTREAM),
  LLM_TIMEOUT(Type.UPSTREAM),
  LLM_CLOSED(Type.UPSTREAM),
  LLM_GARBAGE(Type.UPSTREAM),
  LLM_RATE_LIMITED(Type.UPSTREAM),
  /** The language model said no, or nothing; {@code upstream_code} has its own code. */
  LLM_ERROR(Type.UPSTREAM);

  private enum Type {
    REQUEST("invalid_request_error"),
    AUTHENTICATION("authentication_error"),
    RATE_LIMIT("rate_limit_error"),
    SERVER("server_error"),
    UPSTREAM("upstream_error");

    private final String wireName;

    Type(String wireName) {
      this.wireName = wireName;
    }
  }

  private final Type type;

  ErrorCode(Type type) {
    this.type = type;
  }

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  public String type() {
    return type.wireName;
  }

  static ErrorCode of(ChatException.Kind kind) {
    return switch (kind) {
      case NOT_CONFIGURED -> LLM_NOT_CONFIGURED;
      case UNREACHABLE -> LLM_UNREACHABLE;
      case REFUSED -> LLM_REFUSED;
      case TIMEOUT -> LLM_TIMEOUT;
      case CLOSED -> LLM_CLOSED;
      case GARBAGE -> LLM_GARBAGE;
      case RATE_LIMITED -> LLM_RATE_LIMITED;
      case SERVICE -> LLM_ERROR;
    };
  }

  static ErrorCode of(UpstreamException.Kind kind) {
    return switch (kind) {
      case UNREACHABLE -> UPSTREAM_UNREACHABLE;
      case REFUSED -> UPSTREAM_REFUSED;
      case TIMEOUT -> UPSTREAM_TIMEOUT;
      case CLOSED -> UPSTREAM_CLOSED;
      case GARBAGE -> UPSTREAM_GARBAGE;
      case RATE_LIMITED -> UPSTREAM_RATE_LIMITED;
      case SERVICE -> UPSTREAM_ERROR;
    };
  }
}
