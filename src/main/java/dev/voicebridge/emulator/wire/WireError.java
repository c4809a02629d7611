package dev.voicebridge.emulator.wire;

import org.jspecify.annotations.Nullable;

/** A mistake of the client, in the vendor's words. */
final class WireError extends RuntimeException {
  private final String code;
  private final @Nullable String param;

  WireError(String code, String message) {
    this(code, message, null);
  }

  WireError(String code, String message, @Nullable String param) {
    super(message, null, false, false);
    this.code = code;
    this.param = param;
  }

  static WireError invalid(String message) {
    return new WireError("InvalidParameter", message);
  }

  String code() {
    return code;
  }

  @Nullable String param() {
    return param;
  }

  String words() {
    String message = getMessage();
    return message == null ? code : message;
  }
}
