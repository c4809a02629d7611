package dev.voicebridge.http;

import dev.voicebridge.bridge.SessionError;
import dev.voicebridge.bridge.SpeechOrder;
import dev.voicebridge.bridge.SpeechSink;
import dev.voicebridge.bridge.SpeechStream;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Speech as the answer to a request: bytes as they come, or events. The head waits for the first
 * audio, so that a failure keeps its status; after it only a broken transfer can tell. Event loop
 * only.
 */
final class SpeechAnswer implements SpeechSink {
  /** The clock of OpenAI's audio tokens. */
  private static final int MS_PER_TOKEN = 50;

  private final RoutingContext ctx;
  private final HttpServerResponse response;
  private final String mediaType;
  private final boolean events;
  private final boolean chat;
  private final Consumer<String> onOver;

  /** Null until it speaks. */
  private @Nullable SpeechStream stream;

  private boolean over;

  /**
   * @param events whether it is told in events
   * @param chat whether a language model writes, so that there are events of its text, too
   * @param onOver called once, with the outcome's name
   */
  SpeechAnswer(
      RoutingContext ctx,
      SpeechOrder order,
      boolean events,
      boolean chat,
      Consumer<String> onOver) {
    this.ctx = ctx;
    this.response = ctx.response();
    this.mediaType = order.mediaType();
    this.events = events;
    this.chat = chat;
    this.onOver = onOver;
    response.closeHandler(gone -> abandoned());
  }

  /** Whom to stop when the caller hangs up. */
  void from(SpeechStream speaking) {
    stream = speaking;
    if (response.closed()) {
      abandoned();
    }
  }

  private void abandoned() {
    if (stream != null) {
      stream.close();
    }
    over("abandoned");
  }

  private void over(String outcome) {
    if (!over) {
      over = true;
      onOver.accept(outcome);
    }
  }

  @Override
  public void begun(Begun what) {
    if (response.closed()) {
      return;
    }
    response
        .setChunked(true)
        .putHeader("content-type", events ? "text/event-stream" : mediaType)
        .putHeader("cache-control", "no-store")
        // Proxies that collect an answer would take its head start away.
        .putHeader("x-accel-buffering", "no");
    if (!what.ignored().isEmpty()) {
      response.putHeader("x-voicebridge-ignored", String.join(", ", what.ignored()));
    }
    if (what.speed() != null) {
      response.putHeader("x-voicebridge-speed", what.speed().toString());
    }
    CustomizationEndpoint.vendorRequestId(ctx, what.vendorRequest());
  }

  @Override
  public void audio(Buffer bytes) {
    if (response.closed()) {
      return;
    }
    if (events) {
      String base64 =
          new String(Base64.getEncoder().encode(bytes.getBytes()), StandardCharsets.ISO_8859_1);
      response.write("data: {\"type\":\"speech.audio.delta\",\"audio\":\"" + base64 + "\"}\n\n");
    } else {
      response.write(bytes);
    }
  }

  @Override
  public void text(String delta) {
    event(new JsonObject().put("type", "response.text.delta").put("delta", delta));
  }

  @Override
  public void textDone(String text) {
    event(new JsonObject().put("type", "response.text.done").put("text", text));
  }

  @Override
  public void words(JsonArray words) {
    if (events) {
      event(new JsonObject().put("type", "speech.audio.timestamps").put("words", words));
    }
  }

  private void event(JsonObject event) {
    if (!response.closed()) {
      response.write("data: " + event.encode() + "\n\n");
    }
  }

  @Override
  public void done(Usage usage) {
    if (!response.closed()) {
      if (events) {
        event(chat ? chatDoneEvent(usage) : doneEvent(usage));
      }
      response.end();
    }
    over("completed");
  }

  /** As {@code response.done} of a session has it. */
  private static JsonObject chatDoneEvent(Usage usage) {
    JsonObject event =
        new JsonObject()
            .put("type", "speech.audio.done")
            .put("status", usage.cut() == null ? "completed" : "incomplete")
            .put(
                "usage",
                new JsonObject()
                    .put("characters", usage.characters())
                    .put("audio_ms", usage.audioMs())
                    .mergeIn(usage.chat()));
    return usage.cut() == null ? event : event.put("status_details", usage.cut());
  }

  private static JsonObject doneEvent(Usage usage) {
    long spoken = (usage.audioMs() + MS_PER_TOKEN - 1) / MS_PER_TOKEN;
    return new JsonObject()
        .put("type", "speech.audio.done")
        .put(
            "usage",
            new JsonObject()
                .put("input_tokens", usage.characters())
                .put("output_tokens", spoken)
                .put("total_tokens", usage.characters() + spoken));
  }

  @Override
  public void failed(SessionError why) {
    Problem.Failure problem = SpeechProblems.of(why);
    if (!response.closed()) {
      if (!response.headWritten()) {
        ctx.fail(problem);
      } else if (events) {
        JsonObject event = problem.toJson().put("type", "error");
        // Not ended: what was heard is not all.
        response
            .write("data: " + event.encode() + "\n\n")
            .onComplete(told -> ctx.request().connection().close());
      } else {
        response.reset();
      }
    }
    over("failed");
  }

  @Override
  public boolean isFull() {
    return !response.closed() && response.writeQueueFull();
  }

  @Override
  public void onDrain(Runnable action) {
    response.drainHandler(drained -> action.run());
  }
}
