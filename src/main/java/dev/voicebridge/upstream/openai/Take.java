package dev.voicebridge.upstream.openai;

import dev.voicebridge.upstream.Deadlines;
import dev.voicebridge.upstream.UpstreamException;
import dev.voicebridge.upstream.UpstreamException.Kind;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One request for one piece, and its answer. What comes before its turn is held, up to a bound.
 * Event loop only.
 */
final class Take {
  private static final int MOST_HELD_BYTES = 256 * 1024;
  private static final int MOST_ERROR_BYTES = 16 * 1024;
  private static final int ATTEMPTS = 2;
  private static final long BACK_OFF_MS = 500;

  /** Who speaks does not wait longer than this for a second try. */
  private static final long LONGEST_RETRY_AFTER_MS = 3_000;

  private static final Pattern RATE = Pattern.compile("rate=\"?(\\d{4,5})");

  /** What becomes of it; nothing is called after {@link #stop()}. */
  interface Ear {
    /** There is sound, or an end, or a failure to be fetched. */
    void changed(Take take);
  }

  private final Vertx vertx;
  private final HttpClient client;
  private final String url;
  private final String key;
  private final Buffer body;
  private final Deadlines deadlines;
  private final Ear ear;
  private final boolean endsResponse;
  private final Deque<Buffer> held = new ArrayDeque<>();
  private int heldBytes;
  private int hz;
  private int attempt;
  private boolean stopped;
  private boolean paused;
  private boolean begun;
  private boolean ended;
  private @Nullable UpstreamException failure;

  /** Null until a connection stands. */
  private @Nullable HttpClientRequest request;

  /** Null until there is sound. */
  private @Nullable HttpClientResponse response;

  private boolean responsePaused;
  private long timer = -1;
  private long heardNanos;

  /**
   * @param body null: nothing to be said, it is over at once
   * @param hz the rate that was asked for
   */
  Take(
      Vertx vertx,
      HttpClient client,
      String url,
      String key,
      @Nullable JsonObject body,
      int hz,
      boolean endsResponse,
      Deadlines deadlines,
      Ear ear) {
    this.vertx = vertx;
    this.client = client;
    this.url = url;
    this.key = key;
    this.body = body == null ? Buffer.buffer() : body.toBuffer();
    this.hz = hz;
    this.endsResponse = endsResponse;
    this.deadlines = deadlines;
    this.ear = ear;
    this.ended = body == null;
  }

  boolean endsResponse() {
    return endsResponse;
  }

  /** Whether it was asked for at all. */
  boolean isSpoken() {
    return body.length() > 0;
  }

  /** Whether sound has begun to come, so that the next may be asked for. */
  boolean hasBegun() {
    return begun || ended;
  }

  /** The rate of the sound, once there is some. */
  int hz() {
    return hz;
  }

  @Nullable Buffer poll() {
    Buffer next = held.poll();
    if (next != null) {
      heldBytes -= next.length();
      flow();
    }
    return next;
  }

  /** Whether nothing comes after what has been polled. */
  boolean isOver() {
    return ended && held.isEmpty();
  }

  /** Null: none, or there is still sound before it. */
  @Nullable UpstreamException failure() {
    return held.isEmpty() ? failure : null;
  }

  /** Lets it come no further, or again. */
  void paused(boolean pause) {
    paused = pause;
    flow();
  }

  private void flow() {
    HttpClientResponse from = response;
    boolean pause = paused || heldBytes > MOST_HELD_BYTES;
    if (from != null && pause != responsePaused && !ended && failure == null) {
      responsePaused = pause;
      if (pause) {
        from.pause();
      } else {
        heardNanos = System.nanoTime();
        from.resume();
      }
    }
  }

  /** Ends it now, connection and all. */
  void stop() {
    stopped = true;
    vertx.cancelTimer(timer);
    held.clear();
    heldBytes = 0;
    if (request != null && !ended) {
      request.reset();
    }
  }

  void start() {
    if (ended) {
      return;
    }
    int mine = ++attempt;
    request = null;
    long patience = deadlines.connect().toMillis();
    timer =
        vertx.setTimer(
            patience,
            late ->
                fail(
                    mine,
                    new UpstreamException(
                        Kind.TIMEOUT, "the service did not answer within " + patience + " ms"),
                    -1));
    RequestOptions options;
    try {
      options =
          new RequestOptions()
              .setMethod(HttpMethod.POST)
              .setAbsoluteURI(url)
              .setFollowRedirects(false)
              .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
              .putHeader(HttpHeaders.ACCEPT, "*/*");
      if (!key.isEmpty()) {
        options.putHeader(HttpHeaders.AUTHORIZATION, "Bearer " + key);
      }
    } catch (RuntimeException unusable) {
      // Vert.x would quote the key.
      fail(mine, new UpstreamException(Kind.REFUSED, "the key cannot be sent"), -1);
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
                    new UpstreamException(
                        Kind.RATE_LIMITED, "too many requests to this service wait here"),
                    -1);
              } else {
                fail(
                    mine,
                    new UpstreamException(Kind.UNREACHABLE, "the service cannot be reached"),
                    -1);
              }
            });
  }

  private boolean isDead(int mine) {
    return stopped || mine != attempt || failure != null || ended;
  }

  private void send(int mine, HttpClientRequest to) {
    request = to;
    to.exceptionHandler(gone -> cut(mine));
    to.response()
        .onComplete(
            answered -> {
              if (isDead(mine)) {
                return;
              }
              if (answered.failed()) {
                cut(mine);
              } else {
                receive(mine, answered.result());
              }
            });
    to.end(body);
  }

  private void cut(int mine) {
    fail(
        mine,
        new UpstreamException(Kind.CLOSED, "the service closed the connection before the end"),
        BACK_OFF_MS / 5);
  }

  private void receive(int mine, HttpClientResponse from) {
    from.exceptionHandler(gone -> cut(mine));
    String header = from.getHeader(HttpHeaders.CONTENT_TYPE);
    String type = header == null ? "" : header.toLowerCase(Locale.ROOT);
    if (from.statusCode() / 100 != 2 || type.contains("json") || type.startsWith("text/")) {
      refused(mine, from);
      return;
    }
    Matcher rate = RATE.matcher(type);
    if (rate.find()) {
      int said = Integer.parseInt(rate.group(1));
      hz = said >= 8_000 && said <= 48_000 ? said : hz;
    }
    vertx.cancelTimer(timer);
    response = from;
    responsePaused = false;
    heardNanos = System.nanoTime();
    watch(mine, deadlines.connect().toMillis());
    from.handler(
        bytes -> {
          if (!isDead(mine) && bytes.length() > 0) {
            heardNanos = System.nanoTime();
            begun = true;
            held.add(bytes);
            heldBytes += bytes.length();
            flow();
            ear.changed(this);
          }
        });
    from.endHandler(
        end -> {
          if (isDead(mine)) {
            return;
          }
          if (begun) {
            vertx.cancelTimer(timer);
            ended = true;
            ear.changed(this);
          } else {
            fail(
                mine,
                new UpstreamException(Kind.CLOSED, "the service answered without sound"),
                BACK_OFF_MS);
          }
        });
    flow();
  }

  /** A service that lets us wait in the middle of a word does not come back. */
  private void watch(int mine, long inMs) {
    timer =
        vertx.setTimer(
            Math.max(1, inMs),
            due -> {
              long patience = deadlines.connect().toMillis();
              long silent = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - heardNanos);
              if (isDead(mine)) {
                return;
              }
              if (responsePaused) {
                watch(mine, patience);
              } else if (silent >= patience) {
                fail(
                    mine,
                    new UpstreamException(
                        Kind.TIMEOUT, "the service sent nothing for " + patience + " ms"),
                    -1);
              } else {
                watch(mine, patience - silent);
              }
            });
  }

  private void refused(int mine, HttpClientResponse from) {
    int status = from.statusCode();
    Buffer said = Buffer.buffer();
    Runnable done =
        () -> {
          UpstreamException why = Refusal.of(status, said, key);
          fail(mine, why, retryAfterMs(status, from.getHeader(HttpHeaders.RETRY_AFTER)));
        };
    from.exceptionHandler(gone -> done.run());
    from.handler(
        bytes -> {
          if (!isDead(mine)) {
            said.appendBuffer(bytes);
            if (said.length() > MOST_ERROR_BYTES) {
              done.run();
            }
          }
        });
    from.endHandler(end -> done.run());
  }

  /**
   * @return -1: not worth another try
   */
  private static long retryAfterMs(int status, @Nullable String header) {
    if (status != 429 && status / 100 != 5) {
      return -1;
    }
    if (header == null) {
      return BACK_OFF_MS;
    }
    try {
      long ms = TimeUnit.SECONDS.toMillis(Integer.parseInt(header.strip()));
      return ms >= 0 && ms <= LONGEST_RETRY_AFTER_MS ? ms : -1;
    } catch (NumberFormatException date) {
      // A date is for those who wait long.
      return -1;
    }
  }

  /**
   * @param retryMs after how long it is worth another try, unless there was sound; -1: never
   */
  private void fail(int mine, UpstreamException why, long retryMs) {
    if (isDead(mine)) {
      return;
    }
    vertx.cancelTimer(timer);
    HttpClientRequest old = request;
    request = null;
    response = null;
    if (retryMs >= 0 && !begun && attempt < ATTEMPTS) {
      // The number moves on now, so that nothing of the failed attempt counts.
      attempt++;
      int again = attempt;
      timer =
          vertx.setTimer(
              Math.max(1, retryMs),
              now -> {
                if (!isDead(again)) {
                  attempt = again - 1;
                  start();
                }
              });
    } else {
      failure = why;
    }
    if (old != null) {
      old.reset();
    }
    if (failure != null) {
      ear.changed(this);
    }
  }
}
