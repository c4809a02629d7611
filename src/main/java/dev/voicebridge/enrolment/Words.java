package dev.voicebridge.enrolment;

import io.vertx.core.json.JsonObject;

/** The same sentence in Chinese and English. */
public record Words(String zh, String en) {
  public JsonObject toJson() {
    return new JsonObject().put("zh", zh).put("en", en);
  }
}
