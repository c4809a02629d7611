package dev.voicebridge.bridge;

import dev.voicebridge.upstream.UpstreamListener.Word;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A session's client. Writes nothing to a closed socket. */
final class ServerEvents implements Audience {
  private static final int RETRY_AFTER_SECONDS = 5;

  private final ServerWebSocket client;
  private final Session.Framing framing;

  /** Unique for the session; the counter makes an event's id of it. */
  private final String idPrefix = "event_" + hex().substring(0, 20);

  private long count;

  ServerEvents(ServerWebSocket client, Session.Framing framing) {
    this.client = client;
    this.framing = framing;
  }

  static String newId(String prefix) {
    return prefix + hex();
  }

  private static String hex() {
    return UUID.randomUUID().toString().replace("-", "");
  }

  void sessionCreated(JsonObject session) {
    send(event("session.created").put("session", session));
  }

  void sessionUpdated(JsonObject session) {
    send(event("session.updated").put("session", session));
  }

  void sessionFinished() {
    send(event("session.finished"));
  }

  @Override
  public void committed(String responseId) {
    send(event("input_text_buffer.committed").put("item_id", "").put("response_id", responseId));
  }

  void cleared() {
    send(event("input_text_buffer.cleared"));
  }

  @Override
  public void queued(String responseId, int place, long etaMs) {
    send(
        event("response.queued")
            .put("response_id", responseId)
            .put("place", place)
            .put("eta_ms", etaMs));
  }

  @Override
  public void textDelta(String responseId, String delta) {
    send(event("response.text.delta").put("response_id", responseId).put("delta", delta));
  }

  @Override
  public void textDone(String responseId, String text) {
    send(event("response.text.done").put("response_id", responseId).put("text", text));
  }

  @Override
  public void responseCreated(Response response) {
    JsonObject json =
        responseJson(response.id, "in_progress")
            .put("model", response.settings.model())
            .put("voice", response.voice)
            .put("response_format", response.settings.format().wireName())
            .put("sample_rate", response.settings.sampleRateHz())
            .put("output", new JsonArray());
    send(event("response.created").put("response", json));
    send(
        event("response.output_item.added")
            .put("response_id", response.id)
            .put("output_index", 0)
            .put("item", item(response.itemId, "in_progress", new JsonArray())));
    send(partEvent("response.content_part.added", response).put("part", part()));
  }

  @Override
  public void audio(Response response, Buffer audio) {
    if (client.isClosed()) {
      return;
    }
    if (framing == Session.Framing.BINARY) {
      client.writeBinaryMessage(audio);
    } else {
      String base64 =
          new String(Base64.getEncoder().encode(audio.getBytes()), StandardCharsets.ISO_8859_1);
      client.writeTextMessage(
          "{\"event_id\":\""
              + nextId()
              + "\",\"type\":\"response.audio.delta\",\"response_id\":\""
              + response.id
              + "\",\"item_id\":\""
              + response.itemId
              + "\",\"output_index\":0,\"content_index\":0,\"delta\":\""
              + base64
              + "\"}");
    }
  }

  @Override
  public void timestamps(Response response, List<Word> words) {
    JsonArray list = new JsonArray();
    for (Word word : words) {
      list.add(
          new JsonObject()
              .put("text", word.text())
              .put("begin_index", word.beginIndex())
              .put("end_index", word.endIndex())
              .put("begin_ms", word.beginMs())
              .put("end_ms", word.endMs()));
    }
    send(event("response.audio.timestamps").put("response_id", response.id).put("words", list));
  }

  @Override
  public void responseDone(Response response, Status status, JsonObject outcome) {
    send(partEvent("response.audio.done", response));
    send(partEvent("response.content_part.done", response).put("part", part()));
    String itemStatus = status == Status.COMPLETED ? "completed" : "incomplete";
    JsonObject item = item(response.itemId, itemStatus, new JsonArray().add(part()));
    send(
        event("response.output_item.done")
            .put("response_id", response.id)
            .put("output_index", 0)
            .put("item", item));
    done(response.id, response.voice, status, outcome, new JsonArray().add(item));
  }

  @Override
  public void responseDone(String responseId, String voice, Status status, JsonObject outcome) {
    done(responseId, voice, status, outcome, new JsonArray());
  }

  private void done(String id, String voice, Status status, JsonObject outcome, JsonArray output) {
    JsonObject json =
        responseJson(id, status.wireName)
            .put("modalities", new JsonArray().add("text").add("audio"))
            .put("voice", voice)
            .put("output", output)
            .mergeIn(outcome);
    send(event("response.done").put("response", json));
  }

  @Override
  public void error(SessionError error, @Nullable String clientEventId) {
    JsonObject json =
        new JsonObject()
            .put("type", error.code().type())
            .put("code", error.code().wireName())
            .put("message", error.text())
            .put("param", error.param())
            .put("event_id", clientEventId);
    if (error.hint() != null) {
      json.put("hint", error.hint());
    }
    if (error.upstreamCode() != null) {
      json.put("upstream_code", error.upstreamCode());
    }
    if (error.code() == ErrorCode.TOO_MANY) {
      json.put("retry_after", RETRY_AFTER_SECONDS);
    }
    send(event("error").put("error", json));
  }

  @Override
  public boolean isFull() {
    return !client.isClosed() && client.writeQueueFull();
  }

  @Override
  public void onDrain(Runnable action) {
    client.drainHandler(drained -> action.run());
  }

  private JsonObject event(String type) {
    return new JsonObject().put("event_id", nextId()).put("type", type);
  }

  private String nextId() {
    return idPrefix + Long.toHexString(0x1000_0000_0000L + count++).substring(1);
  }

  private static JsonObject responseJson(String id, String status) {
    return new JsonObject()
        .put("id", id)
        .put("object", "realtime.response")
        .put("conversation_id", "")
        .put("status", status);
  }

  private static JsonObject item(String id, String status, JsonArray content) {
    return new JsonObject()
        .put("id", id)
        .put("object", "realtime.item")
        .put("type", "message")
        .put("status", status)
        .put("role", "assistant")
        .put("content", content);
  }

  private static JsonObject part() {
    return new JsonObject().put("type", "audio").put("text", "");
  }

  private JsonObject partEvent(String type, Response response) {
    return event(type)
        .put("response_id", response.id)
        .put("item_id", response.itemId)
        .put("output_index", 0)
        .put("content_index", 0);
  }

  private void send(JsonObject event) {
    if (!client.isClosed()) {
      client.writeTextMessage(event.encode());
    }
  }
}
