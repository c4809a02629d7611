package dev.voicebridge.bridge;

/** Every code a session may be closed with. 4000–4499 come back, 4500–4999 do not. */
public enum CloseCode {
  DONE(1000, "done"),
  GOING_AWAY(1001, "going away"),
  BAD_UTF8(1007, "not valid UTF-8"),
  TOO_BIG(1009, "message too big"),
  RESTART(1012, "this instance restarts, come back now"),
  READS_TOO_SLOWLY(4008, "reads too slowly"),
  IDLE(4009, "idle"),
  TOO_OLD(4010, "session too old"),
  NOT_AUTHENTICATED_IN_TIME(4011, "not authenticated in time"),
  TOO_MANY(4029, "too many, later"),
  BAD_CREDENTIAL(4500, "bad or used key or ticket"),
  FOREIGN_ORIGIN(4501, "origin not allowed"),
  PROTOCOL_MISUSE(4502, "protocol misuse"),
  NO_SUCH_MODEL(4504, "no such model");

  private final int number;
  private final String reason;

  CloseCode(int number, String reason) {
    this.number = number;
    this.reason = reason;
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
    return number == 1012 || (number >= 4000 && number < 4500);
  }
}
