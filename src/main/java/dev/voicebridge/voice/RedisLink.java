package dev.voicebridge.voice;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.types.ErrorType;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to Redis: one connection for commands, one that listens. When either is lost or the heart
 * stops, both are thrown away and made anew, after a pause that grows and is never the same twice.
 * Every wait is bounded; while the way is closed, commands fail at once.
 */
final class RedisLink {
  /** A command that was not answered by then has failed, whatever becomes of it. */
  static final Duration COMMAND = Duration.ofSeconds(2);

  private static final Logger log = LoggerFactory.getLogger(RedisLink.class);
  private static final long JOIN_MS = 10_000;
  private static final long BEAT_MS = 1_000;
  private static final long FIRST_PAUSE_MS = 100;
  private static final long LONGEST_PAUSE_MS = 5_000;

  private final Vertx vertx;
  private final Context context;
  private final RedisOptions options;
  private final String channel;
  private final User user;
  private final Promise<Void> firstUp = Promise.promise();

  /** Null: away. Set on the context only. */
  private volatile @Nullable Line line;

  /** The one that is being made or in use. Context only. */
  private @Nullable Line latest;

  private int failures;
  private boolean beating;
  private volatile boolean closed;
  private boolean everUp;
  private volatile boolean cameBack;
  private volatile long upSinceNanos;

  /** What a link is for. Called on the link's context. */
  interface User {
    /** Catches up; the channel is already being listened to. The link is up when this is done. */
    Future<Void> join(Line line);

    /** A message of the channel; may come while joining. */
    void message(String payload);

    /** Every second while up; a failure closes the link. */
    Future<Void> beat(Line line);

    void up();

    void down(String why);
  }

  /** A pair of connections. */
  static final class Line {
    private final Redis client;
    private @Nullable RedisConnection commands;

    Line(Redis client) {
      this.client = client;
    }

    Future<Response> send(Request request) {
      RedisConnection connection = commands;
      if (connection == null) {
        return Future.failedFuture(VoiceStoreException.unavailable("Redis is away"));
      }
      return connection.send(request).timeout(COMMAND.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  RedisLink(Vertx vertx, Context context, RedisOptions options, String channel, User user) {
    this.vertx = vertx;
    this.context = context;
    this.options = options;
    this.channel = channel;
    this.user = user;
  }

  void start() {
    context.runOnContext(v -> connect());
    long beat = vertx.setPeriodic(BEAT_MS, v -> context.runOnContext(w -> beat()));
    closing.future().onComplete(v -> vertx.cancelTimer(beat));
  }

  private final Promise<Void> closing = Promise.promise();

  /** When Redis was reached for the first time. */
  Future<Void> firstUp() {
    return firstUp.future();
  }

  boolean isUp() {
    return line != null;
  }

  /** Whether the way was closed once and has been open again for less than that. */
  boolean cameBackWithin(Duration time) {
    return cameBack && System.nanoTime() - upSinceNanos < time.toNanos();
  }

  /** Any thread. Fails with {@code UNAVAILABLE}. */
  Future<Response> send(Request request) {
    Line open = line;
    if (open == null) {
      return Future.failedFuture(VoiceStoreException.unavailable("Redis is away"));
    }
    return open.send(request)
        .recover(
            e -> {
              if (e instanceof ErrorType error) {
                log.atWarn().addKeyValue("answer", e.getMessage()).log("Redis refused");
                if (isWrongServer(error)) {
                  drop(open, "not a server to write to");
                }
              }
              return Future.failedFuture(
                  VoiceStoreException.unavailable(
                      e instanceof ErrorType ? "Redis refused" : "Redis does not answer"));
            });
  }

  private static boolean isWrongServer(ErrorType error) {
    String text = String.valueOf(error.getMessage());
    return text.startsWith("READONLY")
        || text.startsWith("LOADING")
        || text.startsWith("MASTERDOWN")
        || text.startsWith("CLUSTERDOWN");
  }

  private void connect() {
    if (closed) {
      return;
    }
    Line next = new Line(Redis.createClient(vertx, new RedisOptions(options)));
    latest = next;
    Future<Void> listening =
        next.client
            .connect()
            .compose(
                commands -> {
                  next.commands = watched(next, commands);
                  return next.client.connect();
                })
            .compose(
                listener -> {
                  watched(next, listener);
                  listener.handler(message -> context.runOnContext(v -> hear(next, message)));
                  return listener.send(Request.cmd(Command.SUBSCRIBE).arg(channel));
                })
            .timeout(COMMAND.toMillis() * 2, TimeUnit.MILLISECONDS)
            .mapEmpty();
    listening
        .compose(v -> onContext(() -> user.join(next)))
        .timeout(JOIN_MS, TimeUnit.MILLISECONDS)
        .onComplete(
            result ->
                context.runOnContext(
                    v -> {
                      if (result.failed()) {
                        failed(next, result.cause());
                      } else if (latest == next && !closed) {
                        opened(next);
                      } else {
                        next.client.close();
                      }
                    }));
  }

  private RedisConnection watched(Line of, RedisConnection connection) {
    connection.exceptionHandler(e -> drop(of, "connection lost"));
    connection.endHandler(v -> drop(of, "connection closed"));
    return connection;
  }

  private <T> Future<T> onContext(Supplier<Future<T>> task) {
    Promise<T> promise = Promise.promise();
    context.runOnContext(
        v -> {
          try {
            task.get().onComplete(promise);
          } catch (RuntimeException e) {
            promise.fail(e);
          }
        });
    return promise.future();
  }

  private void hear(Line from, @Nullable Response message) {
    if (from != latest || message == null || message.size() < 3) {
      return;
    }
    if ("message".equals(String.valueOf(message.get(0)))) {
      user.message(message.get(2).toString());
    }
  }

  private void opened(Line next) {
    failures = 0;
    upSinceNanos = System.nanoTime();
    cameBack = everUp;
    everUp = true;
    line = next;
    beating = false;
    user.up();
    firstUp.tryComplete();
  }

  private void failed(Line next, Throwable why) {
    if (latest != next) {
      return;
    }
    latest = null;
    next.client.close();
    if (closed) {
      return;
    }
    // A cause may carry the URL, and that a password: its kind will do.
    user.down(why instanceof ErrorType ? "Redis refused" : "Redis can't be reached");
    log.atDebug().setCause(why).log("no way to Redis");
    reconnect();
  }

  private void reconnect() {
    long pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS << Math.min(failures, 10));
    failures++;
    long jittered = pause / 2 + ThreadLocalRandom.current().nextLong(pause / 2 + 1);
    vertx.setTimer(Math.max(1, jittered), v -> context.runOnContext(w -> connect()));
  }

  /** Any thread. */
  void drop(Line lost, String why) {
    context.runOnContext(
        v -> {
          if (line != lost || closed) {
            return; // one that is being made fails by itself
          }
          line = null;
          latest = null;
          lost.client.close();
          user.down(why);
          reconnect();
        });
  }

  private void beat() {
    Line open = line;
    if (open == null || beating || closed) {
      return;
    }
    beating = true;
    Future<Void> beaten;
    try {
      beaten = user.beat(open);
    } catch (RuntimeException e) {
      beaten = Future.failedFuture(e);
    }
    beaten.onComplete(
        result ->
            context.runOnContext(
                v -> {
                  if (line == open) {
                    beating = false;
                  }
                  if (result.failed()) {
                    log.atDebug().setCause(result.cause()).log("Redis missed a beat");
                    drop(open, "Redis does not answer");
                  }
                }));
  }

  /** Idempotent. */
  Future<Void> close() {
    closed = true;
    closing.tryComplete();
    firstUp.tryFail(VoiceStoreException.unavailable("closed"));
    return onContext(
        () -> {
          Line last = latest;
          line = null;
          latest = null;
          return last == null ? Future.succeededFuture() : last.client.close();
        });
  }
}
