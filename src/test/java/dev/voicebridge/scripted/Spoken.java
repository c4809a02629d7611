package dev.voicebridge.scripted;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * One response as a client heard it.
 *
 * @param created {@code response.created.response}
 * @param done {@code response.done.response}
 * @param deltas how many pieces the audio came in
 * @param words all word times
 * @param others every other event between the two
 */
record Spoken(
    JsonObject created,
    JsonObject done,
    Buffer sound,
    int deltas,
    List<JsonObject> words,
    List<JsonObject> others) {
  byte[] audio() {
    return sound.getBytes();
  }

  String id() {
    return done.getString("id");
  }

  String status() {
    return done.getString("status");
  }
}
