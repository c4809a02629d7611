package dev.voicebridge.llm;

import dev.voicebridge.llm.ChatException.Kind;
import dev.voicebridge.net.ErrorBody;
import dev.voicebridge.net.RetryAfter;
import dev.voicebridge.sse.EventReader;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One request to a language model, and its answer as it comes. Event loop only. */
public final class ChatStream {
  /** Longest event; one token of a chatty service takes a few hundred bytes. */
  private static final int MOST_EVENT_BYTES = 256 * 1024;

  private static final int ATTEMPTS = 2;
  private static final long BACK_OFF_MS = 300;

  /** Who speaks does not wait longer than this for a second try. */
  private static final long LONGEST_RETRY_AFTER_MS = 2_000;

  /** For the end of the connection after {@code [DONE]}. */
  private static final long LAST_BYTES_MS = 1_000;

  private final Vertx vertx;
  private final HttpClient client;
  private final String url;
  private final String key;
  private final Buffer body;
  private final ChatDeadlines deadlines;
  private final ChatListener listener;
  private final Thought thought = new Thought();
  private int attempt;

  /** The listener has been told the end, or wants to hear nothing more. */
  private boolean over;

  private boolean paused;

  /** Null until a connection stands. */
  private @Nullable HttpClientRequest request;

  /** Null until it answers well. */
  private @Nullable HttpClientResponse response;

  private @Nullable String finishReason;
  private @Nullable Integer inputTokens;
  private @Nullable Integer outputTokens;
  private long timer = -1;
  private long answeredNanos;
  private long heardNanos;

  ChatStream(
      Vertx vertx,
      HttpClient client,
      String url,
      String key,
      Buffer body,
      ChatDeadlines deadlines,
      ChatListener listener) {
    this.vertx = vertx;
    this.client = client;
    this.url = url;
    this.key = key;
    this.body = body;
    this.deadlines = deadlines;
    this.listener = listener;
  }

  /** Ends it now, connection and all: the service stops writing. Idempotent. */
  public void stop() {
    if (!over) {
      over = true;
      drop();
    }
  }

  /** Lets it come no further; the service feels it through TCP. */
  public void pause() {
    paused = true;
    if (response != null && !over) {
      response.pause();
    }
  }

  public void resume() {
    paused = false;
    heardNanos = System.nanoTime();
    if (response != null && !over) {
      response.resume();
    }
  }

  void start() {
    int mine = ++attempt;
    request = null;
    late(mine, deadlines.connect(), "did not take the connection");
    RequestOptions options;
    try {
      options =
          new RequestOptions()
              .setMethod(HttpMethod.POST)
              .setAbsoluteURI(url)
              .setFollowRedirects(false)
              .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
              .putHeader(HttpHeaders.ACCEPT, "text/event-stream");
      if (!key.isEmpty()) {
        options.putHeader(HttpHeaders.AUTHORIZATION, "Bearer " + key);
      }
    } catch (RuntimeException unusable) {
      // Vert.x would quote the key.
      vertx.runOnContext(
          later -> fail(mine, new ChatException(Kind.REFUSED, "the key cannot be sent"), -1));
      return;
    }
    client
        .request(options)
        .onComplete(
            connected -> {
              if (connected.succeeded()) {
                if (isDead(mine)) {
                  connected.result().reset();
                } else {
                  send(mine, connected.result());
                }
              } else if (connected.cause() instanceof ConnectionPoolTooBusyException) {
                fail(
                    mine,
                    new ChatException(
                        Kind.RATE_LIMITED, "too many requests to the language model wait here"),
                    -1);
              } else {
                fail(
                    mine,
                    new ChatException(Kind.UNREACHABLE, "the language model cannot be reached"),
                    BACK_OFF_MS);
              }
            });
  }

  private boolean isDead(int mine) {
    return over || mine != attempt;
  }

  private void late(int mine, Duration patience, String what) {
    vertx.cancelTimer(timer);
    timer =
        vertx.setTimer(
            Math.max(1, patience.toMillis()),
            late ->
                fail(
                    mine,
                    new ChatException(
                        Kind.TIMEOUT,
                        "the language model " + what + " within " + patience.toMillis() + " ms"),
                    -1));
  }

  private void send(int mine, HttpClientRequest to) {
    request = to;
    late(mine, deadlines.answer(), "did not answer");
    to.exceptionHandler(gone -> cut(mine, BACK_OFF_MS));
    to.response()
        .onComplete(
            answered -> {
              if (isDead(mine)) {
                return;
              }
              if (answered.failed()) {
                cut(mine, BACK_OFF_MS);
              } else {
                receive(mine, answered.result());
              }
            });
    to.end(body);
  }

  private void cut(int mine, long retryMs) {
    fail(
        mine,
        new ChatException(
            Kind.CLOSED, "the language model closed the connection before the end of its answer"),
        retryMs);
  }

  private void receive(int mine, HttpClientResponse from) {
    String header = from.getHeader(HttpHeaders.CONTENT_TYPE);
    String type = header == null ? "" : header.toLowerCase(Locale.ROOT);
    boolean events = !type.contains("json") && !type.contains("html");
    if (from.statusCode() / 100 != 2 || !events) {
      refused(mine, from);
      return;
    }
    response = from;
    answeredNanos = System.nanoTime();
    heardNanos = answeredNanos;
    watch(mine, deadlines.gap().toMillis());
    EventReader reader = new EventReader(MOST_EVENT_BYTES, (name, data) -> onEvent(mine, data));
    from.exceptionHandler(gone -> cut(mine, -1));
    from.handler(
        bytes -> {
          if (!isDead(mine)) {
            heardNanos = System.nanoTime();
            try {
              reader.feed(bytes);
            } catch (IllegalStateException tooLong) {
              fail(mine, new ChatException(Kind.GARBAGE, "the language model sent too much"), -1);
            }
          }
        });
    from.endHandler(end -> cut(mine, -1));
    if (paused) {
      from.pause();
    }
  }

  /** A service that lets us wait in the middle of a sentence does not come back. */
  private void watch(int mine, long inMs) {
    vertx.cancelTimer(timer);
    timer =
        vertx.setTimer(
            Math.max(1, inMs),
            due -> {
              if (isDead(mine)) {
                return;
              }
              long now = System.nanoTime();
              long gap = deadlines.gap().toMillis();
              long silent = paused ? 0 : TimeUnit.NANOSECONDS.toMillis(now - heardNanos);
              long whole = deadlines.whole().toMillis();
              if (TimeUnit.NANOSECONDS.toMillis(now - answeredNanos) >= whole) {
                fail(mine, timeout("did not end its answer within " + whole + " ms"), -1);
              } else if (silent >= gap) {
                fail(mine, timeout("sent nothing for " + gap + " ms"), -1);
              } else {
                watch(mine, gap - silent);
              }
            });
  }

  private static ChatException timeout(String what) {
    return new ChatException(Kind.TIMEOUT, "the language model " + what);
  }

  // -- the answer ---------------------------------------------------------------------------------

  private void onEvent(int mine, String data) {
    if (isDead(mine)) {
      return;
    }
    if (data.strip().equals("[DONE]")) {
      done();
      return;
    }
    JsonObject chunk;
    try {
      chunk = new JsonObject(data);
    } catch (RuntimeException notJson) {
      fail(
          mine,
          new ChatException(Kind.GARBAGE, "the language model sent what cannot be understood"),
          -1);
      return;
    }
    if (Denial.isIn(chunk)) {
      fail(mine, Denial.inMidStream(chunk, key), -1);
      return;
    }
    if (chunk.getValue("usage") instanceof JsonObject usage) {
      inputTokens = count(usage, "prompt_tokens", inputTokens);
      outputTokens = count(usage, "completion_tokens", outputTokens);
    }
    // The chunk with the usage has no choice; others have one, because one is asked for.
    if (chunk.getValue("choices") instanceof JsonArray choices
        && !choices.isEmpty()
        && choices.getValue(0) instanceof JsonObject choice) {
      if (choice.getValue("finish_reason") instanceof String reason) {
        finishReason = reason;
      }
      // What the model thinks comes as reasoning_content, which nobody is to hear.
      if (choice.getValue("delta") instanceof JsonObject delta
          && delta.getValue("content") instanceof String content) {
        said(thought.feed(content));
      }
    }
  }

  private static @Nullable Integer count(JsonObject usage, String name, @Nullable Integer known) {
    return usage.getValue(name) instanceof Number number && number.intValue() >= 0
        ? (Integer) number.intValue()
        : known;
  }

  private void said(String text) {
    if (!over && !text.isEmpty()) {
      listener.onText(text);
    }
  }

  private void done() {
    said(thought.finish());
    if (over) {
      return;
    }
    over = true;
    vertx.cancelTimer(timer);
    HttpClientRequest ending = request;
    HttpClientResponse last = response;
    if (ending != null && last != null) {
      // Its end gives the connection back; one that does not come costs the connection.
      long cut = vertx.setTimer(LAST_BYTES_MS, late -> ending.reset());
      last.handler(more -> {});
      last.endHandler(end -> vertx.cancelTimer(cut));
      last.exceptionHandler(gone -> vertx.cancelTimer(cut));
    }
    listener.onDone(new ChatEnd(finishReason, inputTokens, outputTokens));
  }

  // -- trouble ------------------------------------------------------------------------------------

  private void refused(int mine, HttpClientResponse from) {
    int status = from.statusCode();
    ErrorBody.of(
        from,
        (said, ended) ->
            fail(
                mine,
                Denial.of(status, said, key),
                RetryAfter.ms(
                    status,
                    from.getHeader(HttpHeaders.RETRY_AFTER),
                    BACK_OFF_MS,
                    LONGEST_RETRY_AFTER_MS)));
  }

  /**
   * @param retryMs after how long it is worth another try; -1: never
   */
  private void fail(int mine, ChatException why, long retryMs) {
    if (isDead(mine)) {
      return;
    }
    // Before the connection is dropped, which tells its handlers: nothing of it counts any more.
    over = retryMs < 0 || attempt >= ATTEMPTS;
    int again = ++attempt;
    drop();
    if (over) {
      listener.onFailed(why);
    } else {
      timer =
          vertx.setTimer(
              Math.max(1, retryMs),
              now -> {
                if (!isDead(again)) {
                  attempt = again - 1;
                  start();
                }
              });
    }
  }

  private void drop() {
    vertx.cancelTimer(timer);
    HttpClientRequest old = request;
    request = null;
    response = null;
    if (old != null) {
      old.reset();
    }
  }
}
