package dev.voicebridge.bridge;

import org.jspecify.annotations.Nullable;

/** Every code a session may be closed with. 4000–4499 come back, 4500–4999 do not. */
public enum CloseCode {
  DONE(1000, "done", null, null),
  GOING_AWAY(1001, "going away", null, null),
  BAD_UTF8(1007, "not valid UTF-8", ErrorCode.INVALID_UTF8, null),
  TOO_BIG(1009, "message too big", ErrorCode.MESSAGE_TOO_BIG, "session.created names the limits"),
  /** A mistake of ours; not in the vendor's table. */
  INTERNAL(1011, "internal error", ErrorCode.INTERNAL, "connect again"),
  RESTART(
      1012,
      "this instance restarts, come back now",
      ErrorCode.SESSION_ENDED,
      "connect again at once; another instance takes over"),
  READS_TOO_SLOWLY(
      4008, "reads too slowly", ErrorCode.SESSION_ENDED, "read faster, or ask for mp3"),
  IDLE(4009, "idle", ErrorCode.SESSION_ENDED, "connect again when there is text"),
  TOO_OLD(4010, "session too old", ErrorCode.SESSION_ENDED, "connect again"),
  NOT_AUTHENTICATED_IN_TIME(
      4011,
      "not authenticated in time",
      ErrorCode.NOT_AUTHENTICATED,
      "send session.authenticate within 5 seconds"),
  TOO_MANY(4029, "too many, later", ErrorCode.TOO_MANY, "connect again later"),
  BAD_CREDENTIAL(4500, "bad or used key or ticket", ErrorCode.BAD_CREDENTIAL, null),
  FOREIGN_ORIGIN(
      4501,
      "origin not allowed",
      ErrorCode.FOREIGN_ORIGIN,
      "the operator names allowed origins in VOICEBRIDGE_ALLOWED_ORIGINS"),
  PROTOCOL_MISUSE(4502, "protocol misuse", ErrorCode.INVALID_VALUE, null),
  NO_SUCH_MODEL(4504, "no such model", null, null);

  /** RFC 6455 §5.5: a control frame holds 125 bytes, two of which are the code. */
  private static final int LONGEST_REASON = 123;

  private final int number;
  private final String reason;
  private final @Nullable ErrorCode error;
  private final @Nullable String hint;

  CloseCode(int number, String reason, @Nullable ErrorCode error, @Nullable String hint) {
    this.number = number;
    this.reason = reason;
    this.error = error;
    this.hint = hint;
  }

  /** The code of the {@code error} event that comes first; null: none, or it has been said. */
  @Nullable ErrorCode error() {
    return error;
  }

  @Nullable String hint() {
    return hint;
  }

  public short number() {
    return (short) number;
  }

  /** At most 123 bytes, and never anyone's text. */
  public String reason() {
    return reason;
  }

  /** Whether the client should connect again. */
  public boolean comeBack() {
    return number == 1011 || number == 1012 || (number >= 4000 && number < 4500);
  }

  /** As much of a text as a close frame holds, and no half character. */
  static String clipped(String text) {
    String plain = text.replaceAll("[^ -~]", "?");
    return plain.substring(0, Math.min(plain.length(), LONGEST_REASON));
  }
}
