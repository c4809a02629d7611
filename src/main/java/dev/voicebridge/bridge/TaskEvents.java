package dev.voicebridge.bridge;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * What the client of a task socket is told. Every event has all that some client cannot do without:
 * {@code attributes} and {@code payload}, be they empty. Writes nothing to a closed socket.
 */
final class TaskEvents {
  private final ServerWebSocket client;

  TaskEvents(ServerWebSocket client) {
    this.client = client;
  }

  /**
   * @param attributes perhaps empty
   */
  void started(String taskId, JsonObject attributes) {
    // Without output and usage: a client would take it for a result.
    send(event(taskId, "task-started", attributes).put("payload", new JsonObject()));
  }

  /**
   * @param output what the result is, without null
   * @param characters so far in the task; null: not told
   */
  void result(String taskId, JsonObject output, @Nullable Integer characters) {
    JsonObject payload = new JsonObject().put("output", output);
    if (characters != null) {
      payload.put("usage", usage(characters));
    }
    send(event(taskId, "result-generated", new JsonObject()).put("payload", payload));
  }

  /** A sentence event; the next binary frame belongs to a {@code sentence-synthesis}. */
  void sentence(
      String taskId,
      String type,
      int index,
      JsonArray words,
      @Nullable String text,
      @Nullable Integer characters) {
    JsonObject output =
        new JsonObject()
            .put("sentence", new JsonObject().put("index", index).put("words", words))
            .put("type", type);
    if (text != null) {
      output.put("original_text", text);
    }
    result(taskId, output, characters);
  }

  void audio(Buffer bytes) {
    if (!client.isClosed()) {
      client.writeBinaryMessage(bytes);
    }
  }

  /**
   * @param nullOutput as clients of whole texts need it: they die of usage without it
   */
  void finished(String taskId, String requestId, int characters, boolean nullOutput) {
    JsonObject payload = new JsonObject();
    if (nullOutput) {
      payload.putNull("output");
    }
    send(
        event(taskId, "task-finished", new JsonObject().put("request_uuid", requestId))
            .put("payload", payload.put("usage", usage(characters))));
  }

  void failed(String taskId, TaskError why) {
    JsonObject event = event(taskId, "task-failed", new JsonObject());
    event.getJsonObject("header").put("error_code", why.code()).put("error_message", why.message());
    send(event.put("payload", new JsonObject()));
  }

  private static JsonObject usage(int characters) {
    return new JsonObject().put("characters", characters);
  }

  private static JsonObject event(String taskId, String name, JsonObject attributes) {
    return new JsonObject()
        .put(
            "header",
            new JsonObject()
                .put("task_id", taskId)
                .put("event", name)
                .put("attributes", attributes));
  }

  private void send(JsonObject event) {
    if (!client.isClosed()) {
      client.writeTextMessage(event.encode());
    }
  }
}
