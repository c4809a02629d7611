package dev.voicebridge.emulator.wire;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The DashScope's chat completions in the OpenAI-compatible mode: a small scripted model that
 * writes about as fast as a real one. Event loop only.
 */
final class ChatDoor {
  /** What a {@link Fault.OnCall} is called that strikes here. */
  static final String OPERATION = "chat/completions";

  private static final int MOST_BODY_BYTES = 4 << 20;

  /** So many token times pass before the first. */
  private static final int FIRST_TOKENS = 8;

  private ChatDoor() {}

  static void complete(Guest guest, HttpCall call) {
    var unused =
        call.body(MOST_BODY_BYTES)
            .onSuccess(body -> answer(guest, call, body))
            .onFailure(
                cause -> refuse(call, 400, "invalid_parameter_error", "The body cannot be read."));
  }

  /** An error as this door words it; the others have the vendor's own form. */
  static void refuse(HttpCall call, int status, String code, String message) {
    JsonObject error =
        new JsonObject()
            .put("message", message)
            .put("type", status == 429 ? "rate_limit_error" : "invalid_request_error")
            .put("param", null)
            .put("code", code);
    call.answer(
        status,
        "application/json",
        new JsonObject().put("error", error).put("request_id", call.id()).toBuffer());
  }

  private static void answer(Guest guest, HttpCall call, Buffer bytes) {
    Fault.OnCall fault = call.strike(OPERATION);
    JsonObject body = Json.parse(bytes.toString());
    if (fault instanceof Fault.RefuseCall refusal) {
      refuse(call, refusal.status(), refusal.code(), refusal.message());
      return;
    }
    if (fault instanceof Fault.LimitCall) {
      refuse(call, 429, "limit_requests", "You exceeded your current requests list.");
      return;
    }
    if (fault instanceof Fault.GarbageCall garbage) {
      call.answer(200, "text/event-stream;charset=UTF-8", Buffer.buffer(garbage.body()));
      return;
    }
    List<ChatScript.Line> lines = body == null ? null : lines(body.getValue("messages"));
    String model = body == null ? null : Json.text(body, "model");
    if (body == null || model == null || model.isEmpty()) {
      refuse(call, 400, "invalid_parameter_error", "you must provide a model parameter");
    } else if (!model.startsWith("qw")) {
      refuse(
          call,
          404,
          "model_not_found",
          "The model `" + model + "` does not exist or you do not have access to it.");
    } else if (lines == null || lines.isEmpty()) {
      refuse(call, 400, "invalid_parameter_error", "messages is required and must not be empty.");
    } else {
      write(guest, call, body, model, lines);
    }
  }

  /**
   * @return null when they aren't messages
   */
  private static @Nullable List<ChatScript.Line> lines(@Nullable Object messages) {
    if (!(messages instanceof JsonArray list)) {
      return null;
    }
    List<ChatScript.Line> lines = new ArrayList<>();
    for (Object each : list) {
      if (!(each instanceof JsonObject message)
          || !(message.getValue("role") instanceof String role)) {
        return null;
      }
      lines.add(new ChatScript.Line(role, content(message.getValue("content"))));
    }
    return lines;
  }

  private static String content(@Nullable Object content) {
    if (content instanceof JsonArray parts) {
      StringBuilder whole = new StringBuilder();
      for (Object part : parts) {
        if (part instanceof JsonObject object) {
          whole.append(object.getString("text", ""));
        }
      }
      return whole.toString();
    }
    return content instanceof String text ? text : "";
  }

  private static void write(
      Guest guest, HttpCall call, JsonObject body, String model, List<ChatScript.Line> lines) {
    ChatScript.Reply reply = ChatScript.to(lines);
    // Like the vendor's hybrid models, it thinks unless it is told not to.
    boolean thinks = !Boolean.FALSE.equals(body.getValue("enable_thinking"));
    List<String> thoughts = thinks ? ChatScript.tokens(reply.thought()) : List.of();
    List<String> words = ChatScript.tokens(reply.text());
    int most = Json.whole(body, "max_tokens", Integer.MAX_VALUE, 1, Integer.MAX_VALUE);
    boolean cut = words.size() > most;
    words = cut ? words.subList(0, most) : words;
    int prompt =
        lines.stream().mapToInt(line -> ChatScript.tokens(line.content()).size() + 4).sum();
    int completion = thoughts.size() + words.size();
    JsonObject usage =
        new JsonObject()
            .put("prompt_tokens", prompt)
            .put("completion_tokens", completion)
            .put("total_tokens", prompt + completion)
            .put("prompt_tokens_details", new JsonObject().put("cached_tokens", 0));
    Chunks chunks = new Chunks(model, "chatcmpl-" + call.id());
    if (!Json.flag(body, "stream")) {
      JsonObject message =
          new JsonObject().put("role", "assistant").put("content", String.join("", words));
      JsonObject whole =
          chunks.of(
              new JsonArray()
                  .add(
                      new JsonObject()
                          .put("message", message)
                          .put("finish_reason", cut ? "length" : "stop")
                          .put("index", 0)
                          .put("logprobs", null)),
              usage);
      call.answer(200, "application/json", whole.put("object", "chat.completion").toBuffer());
      return;
    }
    List<JsonObject> events = new ArrayList<>();
    events.add(chunks.delta(new JsonObject().put("content", "").put("role", "assistant"), null));
    for (String thought : thoughts) {
      events.add(
          chunks.delta(
              new JsonObject().putNull("content").put("reasoning_content", thought), null));
    }
    for (String word : words) {
      JsonObject delta = new JsonObject().put("content", word);
      events.add(chunks.delta(thinks ? delta.putNull("reasoning_content") : delta, null));
    }
    events.add(chunks.delta(new JsonObject().put("content", ""), cut ? "length" : "stop"));
    if (Json.flag(Json.object(body, "stream_options"), "include_usage")) {
      events.add(chunks.of(new JsonArray(), usage));
    }
    call.begin(200, "text/event-stream;charset=UTF-8", -1);
    int tokenMs = guest.settings().tokenMs();
    next(guest.vertx(), call, events.iterator(), tokenMs * FIRST_TOKENS, tokenMs);
  }

  private static void next(
      Vertx vertx, HttpCall call, Iterator<JsonObject> events, int waitMs, int tokenMs) {
    vertx.setTimer(
        Math.max(1, waitMs),
        due -> {
          if (call.isOver()) {
            return;
          }
          String data = events.hasNext() ? events.next().encode() : "[DONE]";
          var unused =
              call.write(Buffer.buffer("data: " + data + "\n\n"))
                  .onSuccess(
                      written -> {
                        if (data.equals("[DONE]")) {
                          call.end();
                        } else {
                          next(vertx, call, events, tokenMs, tokenMs);
                        }
                      });
        });
  }

  /** What all chunks of an answer share. */
  private static final class Chunks {
    private final String model;
    private final String id;
    private final long created = System.currentTimeMillis() / 1000;

    Chunks(String model, String id) {
      this.model = model;
      this.id = id;
    }

    JsonObject delta(JsonObject delta, @Nullable String finishReason) {
      return of(
          new JsonArray()
              .add(
                  new JsonObject()
                      .put("delta", delta)
                      .put("finish_reason", finishReason)
                      .put("index", 0)
                      .put("logprobs", null)),
          null);
    }

    JsonObject of(JsonArray choices, @Nullable JsonObject usage) {
      return new JsonObject()
          .put("choices", choices)
          .put("object", "chat.completion.chunk")
          .put("usage", usage)
          .put("created", created)
          .put("system_fingerprint", null)
          .put("model", model)
          .put("id", id);
    }
  }
}
