package dev.voicebridge.http;

import dev.voicebridge.library.Asker;
import dev.voicebridge.library.VoiceLibrary;
import dev.voicebridge.voice.Voice;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/voices/{id}/events}: how a voice comes to be, as it does. One per event loop. */
final class VoiceEvents {
  /** Streams that one event loop holds at once. */
  private static final int MAX_STREAMS = 256;

  private static final long LONGEST_MS = TimeUnit.MINUTES.toMillis(6);
  private static final long HEARTBEAT_MS = 15_000;

  /** How long the library is asked to wait for the end at a time. */
  private static final Duration STEP = Duration.ofSeconds(10);

  /** Between two questions, even if the library answers at once. */
  private static final long PAUSE_MS = 500;

  private final Vertx vertx;
  private final VoiceLibrary library;
  private final VoiceAnswers answers;

  /** Event loop only. */
  private int streams;

  VoiceEvents(Vertx vertx, VoiceLibrary library, VoiceAnswers answers) {
    this.vertx = vertx;
    this.library = library;
    this.answers = answers;
  }

  void open(RoutingContext ctx) {
    Asker asker = VoicesEndpoint.asker(ctx);
    String id = VoicesEndpoint.id(ctx);
    if (streams >= MAX_STREAMS) {
      throw Problem.TOO_MANY.asException().inChinese("同时打开的事件流过多，请稍后再试。").retryAfter(5);
    }
    streams++;
    ctx.addEndHandler(done -> streams--);
    library
        .get(asker, id, Duration.ZERO)
        .onSuccess(
            voice -> {
              if (!ctx.response().closed()) {
                new Stream(ctx, asker, id).begin(voice);
              }
            })
        .onFailure(ctx::fail);
  }

  /** One listener. */
  private final class Stream {
    private final RoutingContext ctx;
    private final HttpServerResponse response;
    private final Asker asker;
    private final String id;
    private final long began = System.nanoTime();
    private final long heartbeat;
    private @Nullable Voice told;
    private boolean over;

    private Stream(RoutingContext ctx, Asker asker, String id) {
      this.ctx = ctx;
      this.response = ctx.response();
      this.asker = asker;
      this.id = id;
      this.heartbeat = vertx.setPeriodic(HEARTBEAT_MS, beat -> beat());
    }

    void begin(Voice voice) {
      ctx.addEndHandler(done -> end());
      response
          .setChunked(true)
          .putHeader("content-type", "text/event-stream; charset=utf-8")
          .putHeader("cache-control", "no-store")
          .putHeader("x-accel-buffering", "no");
      tell(voice);
    }

    private void beat() {
      // Who doesn't read needs no heartbeat, and none may pile up.
      if (!over && !response.closed() && !response.writeQueueFull()) {
        response.write(":\n\n");
      }
    }

    private void tell(Voice voice) {
      if (over || response.closed()) {
        end();
        return;
      }
      if (told == null || told.version() != voice.version() || told.state() != voice.state()) {
        event("voice", answers.encoded(voice, asker.operator()));
        told = voice;
      }
      if (!voice.state().isUnderWay() || elapsedMs() >= LONGEST_MS) {
        end();
        return;
      }
      vertx.setTimer(PAUSE_MS, later -> ask());
    }

    private void ask() {
      if (over) {
        return;
      }
      library
          .get(asker, id, STEP)
          .onSuccess(this::tell)
          .onFailure(
              cause -> {
                if (!over && !response.closed()) {
                  event("error", Answers.problemOf(cause, 500).toJson().toBuffer().getBytes());
                }
                end();
              });
    }

    /** JSON is one line: it needs no further escapes. */
    private void event(String name, byte[] json) {
      response.write(
          Buffer.buffer("event: " + name + "\ndata: ").appendBytes(json).appendString("\n\n"));
    }

    private long elapsedMs() {
      return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    }

    private void end() {
      if (over) {
        return;
      }
      over = true;
      vertx.cancelTimer(heartbeat);
      if (!response.ended() && !response.closed()) {
        response.end();
      }
    }
  }
}
