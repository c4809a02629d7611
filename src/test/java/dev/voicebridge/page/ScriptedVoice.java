package dev.voicebridge.page;

import com.microsoft.playwright.WebSocketRoute;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToIntFunction;

/**
 * Stands in for the session door inside the browser: every committed text is spoken at once, as a
 * wave that lies above or below zero, so that a test can hear which text it was.
 */
final class ScriptedVoice {
  private static final int RATE_HZ = 24_000;

  private final WebSocketRoute socket;
  private final ToIntFunction<String> seconds;
  private final ToIntFunction<String> level;
  private final List<String> texts = new CopyOnWriteArrayList<>();
  private final List<JsonObject> cancels = new CopyOnWriteArrayList<>();
  private final StringBuilder buffer = new StringBuilder();
  private int responses;

  /**
   * @param seconds how long a text sounds
   * @param level the value of its samples
   */
  ScriptedVoice(WebSocketRoute socket, ToIntFunction<String> seconds, ToIntFunction<String> level) {
    this.socket = socket;
    this.seconds = seconds;
    this.level = level;
    socket.onMessage(frame -> hear(new JsonObject(frame.text())));
    say(
        new JsonObject()
            .put("type", "session.created")
            .put("session", new JsonObject().put("id", "sess_1").put("sample_rate", RATE_HZ)));
  }

  /** What was committed, oldest first. */
  List<String> texts() {
    return texts;
  }

  List<JsonObject> cancels() {
    return cancels;
  }

  private void hear(JsonObject event) {
    switch (event.getString("type")) {
      case "session.update" ->
          say(
              new JsonObject()
                  .put("type", "session.updated")
                  .put("session", event.getJsonObject("session")));
      case "input_text_buffer.append" -> buffer.append(event.getString("text"));
      case "input_text_buffer.commit" -> speak();
      case "response.cancel" -> cancels.add(event);
      default -> {}
    }
  }

  private void speak() {
    String text = buffer.toString();
    buffer.setLength(0);
    texts.add(text);
    String id = "resp_" + ++responses;
    say(new JsonObject().put("type", "input_text_buffer.committed").put("response_id", id));
    say(
        new JsonObject()
            .put("type", "response.created")
            .put("response", new JsonObject().put("id", id).put("sample_rate", RATE_HZ)));
    int value = level.applyAsInt(text);
    byte[] tenth = new byte[RATE_HZ / 10 * 2];
    for (int i = 0; i < tenth.length; i += 2) {
      tenth[i] = (byte) value;
      tenth[i + 1] = (byte) (value >> 8);
    }
    for (int i = 0; i < seconds.applyAsInt(text) * 10; i++) {
      socket.send(tenth);
    }
    say(
        new JsonObject()
            .put("type", "response.done")
            .put(
                "response",
                new JsonObject()
                    .put("id", id)
                    .put("status", "completed")
                    .put("output", new JsonArray())));
  }

  private void say(JsonObject event) {
    socket.send(event.encode());
  }
}
