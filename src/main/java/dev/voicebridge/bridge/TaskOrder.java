package dev.voicebridge.bridge;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * A {@code run-task}, as it came.
 *
 * @param whole the whole text is here; otherwise it comes in {@code continue-task}
 * @param text empty where none is here
 */
record TaskOrder(
    String taskId, boolean whole, String model, String voice, String text, JsonObject parameters) {
  private static final int LONGEST_ID = 256;

  /**
   * @throws TaskError in the vendor's words
   */
  static TaskOrder parse(JsonObject message) {
    JsonObject header = object(message, "header");
    String taskId = required(header, "task_id", "header.task_id");
    if (taskId.length() > LONGEST_ID) {
      throw TaskError.invalid("Parameter 'header.task_id' is too long!");
    }
    JsonObject payload = object(message, "payload");
    JsonObject parameters = object(payload, "parameters");
    String voice = text(parameters, "voice");
    String text = text(object(payload, "input"), "text");
    return new TaskOrder(
        taskId,
        "out".equals(text(header, "streaming")),
        required(payload, "model", "payload.model"),
        voice == null ? "" : voice.strip(),
        text == null ? "" : text,
        parameters);
  }

  private static String required(JsonObject in, String field, String shown) {
    String value = text(in, field);
    if (value == null || value.isBlank()) {
      throw TaskError.invalid(
          "Missing required parameter '" + shown + "'! Please follow the protocol!");
    }
    return value;
  }

  /** An object, or an empty one: what clients leave out stands for nothing. */
  static JsonObject object(JsonObject in, String field) {
    return in.getValue(field) instanceof JsonObject object ? object : new JsonObject();
  }

  static @Nullable String text(JsonObject in, String field) {
    return in.getValue(field) instanceof String text ? text : null;
  }

  static boolean flag(JsonObject in, String field) {
    return Boolean.TRUE.equals(in.getValue(field));
  }

  /** Not the text. */
  @Override
  public String toString() {
    return "TaskOrder[model=" + model + ", voice=" + voice + ", whole=" + whole + "]";
  }
}
