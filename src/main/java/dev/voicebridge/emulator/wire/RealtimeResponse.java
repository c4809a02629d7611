package dev.voicebridge.emulator.wire;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One response of a realtime session, from response.created to response.done. */
final class RealtimeResponse implements SpeechStream.Listener {
  static final int TOKENS_PER_SECOND = 50;

  private final Peer peer;
  private final String voice;
  private final int characters;
  private final int textTokens;
  private final boolean legacy;
  private final @Nullable Fault fault;
  private final Runnable whenDone;
  private final String id = Ids.next("resp");
  private final String itemId = Ids.next("item");

  private @Nullable SpeechStream stream;
  private boolean done;

  RealtimeResponse(
      Peer peer,
      String voice,
      String text,
      boolean legacy,
      @Nullable Fault fault,
      Runnable whenDone) {
    this.peer = peer;
    this.voice = voice;
    this.characters = TextCount.characters(text);
    this.textTokens = TextCount.tokens(text);
    this.legacy = legacy;
    this.fault = fault;
    this.whenDone = whenDone;
  }

  void begin(SpeechStream speech, List<String> sentences) {
    stream = speech;
    peer.send(
        event("response.created")
            .put("response", response("in_progress").put("output", new JsonArray())));
    peer.send(
        event("response.output_item.added")
            .put("response_id", id)
            .put("output_index", 0)
            .put("item", item("in_progress", new JsonArray())));
    peer.send(
        place(event("response.content_part.added"))
            .put("part", new JsonObject().put("type", "audio").put("text", "")));
    sentences.forEach(speech::say);
    speech.finish();
  }

  /** Stops speaking at once; the response ends as incomplete. */
  void cancel() {
    drop();
    end("incomplete");
  }

  /** Stops speaking; nobody is told. */
  void drop() {
    if (stream != null) {
      stream.stop();
    }
  }

  @Override
  public void onSentence(String text) {
    // sentences don't show on this wire
  }

  @Override
  public void onAudio(byte[] bytes) {
    String delta =
        fault instanceof Fault.BadDelta
            ? "*** not base64 ***"
            : Base64.getEncoder().encodeToString(bytes);
    peer.send(place(event("response.audio.delta")).put("delta", delta));
  }

  @Override
  public void onSentenceEnd(String text, List<Take.Word> words, int beginMs, int endMs) {
    // nor do their times
  }

  @Override
  public void onFinished() {
    end("completed");
  }

  @Override
  public void onFailed(String code, String message) {
    peer.send(error(new WireError(code, message), null));
    end("failed");
  }

  private void end(String status) {
    if (done) {
      return;
    }
    done = true;
    JsonObject audioDone = place(event("response.audio.done"));
    JsonObject partDone =
        place(event("response.content_part.done"))
            .put("part", new JsonObject().put("type", "audio").put("text", ""));
    String itemStatus = status.equals("completed") ? status : "incomplete";
    JsonObject itemDone =
        event("response.output_item.done")
            .put("response_id", id)
            .put("output_index", 0)
            .put("item", item(itemStatus, content("text")));
    if (fault instanceof Fault.WrongOrder) {
      peer.send(partDone);
      peer.send(itemDone);
      peer.send(audioDone);
    } else {
      peer.send(audioDone);
      peer.send(partDone);
      peer.send(itemDone);
    }
    JsonObject response =
        response(status)
            .put("modalities", new JsonArray().add("text").add("audio"))
            .put("voice", voice)
            .put("output", new JsonArray().add(item(itemStatus, content("transcript"))));
    if (!(fault instanceof Fault.NoUsage)) {
      response.put("usage", usage());
    }
    peer.send(event("response.done").put("response", response));
    whenDone.run();
  }

  private JsonObject usage() {
    if (!legacy) {
      return new JsonObject().put("characters", characters);
    }
    int ms = stream == null ? 0 : stream.sentMs();
    int audioTokens = (ms + 999) / 1000 * TOKENS_PER_SECOND;
    return new JsonObject()
        .put("total_tokens", textTokens + audioTokens)
        .put("input_tokens", textTokens)
        .put("output_tokens", audioTokens)
        .put("input_tokens_details", new JsonObject().put("text_tokens", textTokens))
        .put(
            "output_tokens_details",
            new JsonObject().put("text_tokens", 0).put("audio_tokens", audioTokens));
  }

  private JsonObject response(String status) {
    return new JsonObject()
        .put("id", id)
        .put("object", "realtime.response")
        .put("conversation_id", "")
        .put("status", status)
        .put("voice", voice);
  }

  private JsonObject item(String status, JsonArray content) {
    return new JsonObject()
        .put("id", itemId)
        .put("object", "realtime.item")
        .put("type", "message")
        .put("status", status)
        .put("role", "assistant")
        .put("content", content);
  }

  private static JsonArray content(String textField) {
    return new JsonArray().add(new JsonObject().put("type", "audio").put(textField, ""));
  }

  private JsonObject place(JsonObject event) {
    return event
        .put("response_id", id)
        .put("item_id", itemId)
        .put("output_index", 0)
        .put("content_index", 0);
  }

  static JsonObject event(String type) {
    return new JsonObject().put("event_id", Ids.next("event")).put("type", type);
  }

  static JsonObject error(WireError error, @Nullable String eventId) {
    return event("error")
        .put(
            "error",
            new JsonObject()
                .put("type", "invalid_request_error")
                .put("code", error.code())
                .put("message", error.words())
                .put("param", error.param())
                .put("event_id", eventId));
  }
}
