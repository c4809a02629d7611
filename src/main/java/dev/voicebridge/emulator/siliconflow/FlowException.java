package dev.voicebridge.emulator.siliconflow;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;

/** An error in one of the shapes that the service has: an object, or a bare JSON string. */
final class FlowException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The service's code of a bad parameter. */
  static final String BAD_PARAMETER = "20012";

  private final int status;
  private final String code;
  private final String words;

  /**
   * @param code digits; empty: the body is the message, as a JSON string
   */
  FlowException(int status, String code, String message) {
    super(message, null, false, false);
    this.status = status;
    this.code = code;
    this.words = message;
  }

  static FlowException bad(String message) {
    return new FlowException(400, BAD_PARAMETER, message);
  }

  int status() {
    return status;
  }

  Buffer body() {
    if (code.isEmpty() && status != 429) {
      return Json.encodeToBuffer(words);
    }
    JsonObject body = new JsonObject();
    if (!code.isEmpty()) {
      body.put("code", Integer.parseInt(code));
    }
    return body.put("message", words).putNull("data").toBuffer();
  }
}
