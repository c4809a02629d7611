package dev.voicebridge.sample;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * Something wrong with a sample.
 *
 * @param where null when it is about the file rather than a part of the sound
 * @param figure what was measured, with its unit, or a detail in English; empty if there is none
 */
public record Finding(FindingCode code, @Nullable Stretch where, String figure) {

  static Finding of(FindingCode code, String figure) {
    return new Finding(code, null, figure);
  }

  static Finding at(FindingCode code, Stretch where, String figure) {
    return new Finding(code, where, figure);
  }

  public String messageZh() {
    return code.zh.replace("%s", figure);
  }

  public String messageEn() {
    return code.en.replace("%s", figure);
  }

  public JsonObject toJson() {
    JsonObject json =
        new JsonObject().put("code", code.wireName()).put("severity", code.severity().wireName());
    if (where != null) {
      json.put("begin_ms", where.beginMs()).put("end_ms", where.endMs());
    }
    return json.put("message", new JsonObject().put("zh", messageZh()).put("en", messageEn()))
        .put("what_to_do", new JsonObject().put("zh", code.remedyZh).put("en", code.remedyEn));
  }
}
