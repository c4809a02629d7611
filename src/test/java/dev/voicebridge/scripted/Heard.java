package dev.voicebridge.scripted;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/** What a client hears, in order. */
sealed interface Heard {
  record Event(JsonObject json, long nanos) implements Heard {
    String type() {
      return json.getString("type");
    }
  }

  record Audio(Buffer bytes, long nanos) implements Heard {}

  record Closed(int code, String reason) implements Heard {}
}
