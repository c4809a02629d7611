package dev.voicebridge.page;

import com.microsoft.playwright.WebSocketRoute;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * Stands in for the session door inside the browser: every committed text is spoken at once, as a
 * wave that lies above or below zero, so that a test can hear which text it was. A long one never
 * ends by itself: its sound is all there, its end is said when it is cancelled. It also answers
 * prompts, with what {@link #answers} makes of the last message.
 */
final class ScriptedVoice {
  private static final int RATE_HZ = 24_000;
  private static final int LONG_SECONDS = 5;

  private final WebSocketRoute socket;
  private final ToIntFunction<String> seconds;
  private final ToIntFunction<String> level;
  private final List<String> texts = new CopyOnWriteArrayList<>();
  private final List<JsonObject> cancels = new CopyOnWriteArrayList<>();
  private final List<String> unended = new ArrayList<>();
  private final StringBuilder buffer = new StringBuilder();
  private final List<JsonObject> prompts = new CopyOnWriteArrayList<>();
  private Function<String, String> answers = prompt -> prompt;
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

  /** What a prompt is answered with; empty: there is no language model. */
  void answers(Function<String, String> made) {
    answers = made;
  }

  /** What was asked, oldest first. */
  List<JsonObject> prompts() {
    return prompts;
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
      case "response.create" -> answer(event);
      case "response.cancel" -> {
        cancels.add(event);
        unended.forEach(id -> end(id, "cancelled"));
        unended.clear();
      }
      default -> {}
    }
  }

  private void speak() {
    String text = buffer.toString();
    buffer.setLength(0);
    String id = "resp_" + ++responses;
    say(new JsonObject().put("type", "input_text_buffer.committed").put("response_id", id));
    if (text.isBlank() && !unended.isEmpty()) {
      unended.add(id); // it waits behind what is being spoken
      return;
    }
    say(
        new JsonObject()
            .put("type", "response.created")
            .put("response", new JsonObject().put("id", id).put("sample_rate", RATE_HZ)));
    if (text.isBlank()) {
      end(id, "completed");
      return;
    }
    sound(id, text);
  }

  private void answer(JsonObject event) {
    JsonObject prompt = event.getJsonObject("response");
    prompts.add(prompt);
    JsonArray messages = prompt.getJsonArray("messages");
    String answer = answers.apply(messages.getJsonObject(messages.size() - 1).getString("content"));
    if (answer.isEmpty()) {
      say(
          new JsonObject()
              .put("type", "error")
              .put(
                  "error",
                  new JsonObject()
                      .put("code", "llm_not_configured")
                      .put("message", "There is no language model here.")
                      .put("hint", "Set LLM_BASE_URL and LLM_API_KEY.")
                      .put("event_id", event.getString("event_id"))));
      return;
    }
    String id = "resp_" + ++responses;
    say(
        new JsonObject()
            .put("type", "response.queued")
            .put("response_id", id)
            .put("place", 0)
            .put("eta_ms", 0));
    for (String delta : answer.split("(?<= )", -1)) {
      say(
          new JsonObject()
              .put("type", "response.text.delta")
              .put("response_id", id)
              .put("delta", delta));
    }
    say(
        new JsonObject()
            .put("type", "response.created")
            .put("response", new JsonObject().put("id", id).put("sample_rate", RATE_HZ)));
    say(
        new JsonObject()
            .put("type", "response.text.done")
            .put("response_id", id)
            .put("text", answer));
    sound(id, answer);
  }

  private void sound(String id, String text) {
    texts.add(text);
    int length = seconds.applyAsInt(text);
    byte[] tenth = tenthOfASecond(level.applyAsInt(text));
    for (int i = 0; i < length * 10; i++) {
      socket.send(tenth);
    }
    if (length < LONG_SECONDS) {
      end(id, "completed");
    } else {
      unended.add(id);
    }
  }

  private static byte[] tenthOfASecond(int value) {
    byte[] samples = new byte[RATE_HZ / 10 * 2];
    for (int i = 0; i < samples.length; i += 2) {
      samples[i] = (byte) value;
      samples[i + 1] = (byte) (value >> 8);
    }
    return samples;
  }

  private void end(String id, String status) {
    say(
        new JsonObject()
            .put("type", "response.done")
            .put("response", new JsonObject().put("id", id).put("status", status)));
  }

  private void say(JsonObject event) {
    socket.send(event.encode());
  }
}
