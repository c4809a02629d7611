package dev.voicebridge.voice;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Lets so many calls through in any window of so long, over all instances that share a Redis; over
 * this one, without. Any thread.
 *
 * <p>A pot remembers when its last calls went (key {@code {voicebridge}:rate:<pot>}, Redis's own
 * clock): the next one goes a period after the one that is {@code calls} before it. Places are kept
 * in the order in which they are asked for; who would wait too long gets none. Every period is
 * stretched by 5 %, but 200 ms at least, since calls take differently long to reach the vendor: a
 * quarter of that may pass unnoticed between place and call, see {@link Pot#good}. Who comes too
 * late for a place, because the machine or Redis was slow, takes another.
 *
 * <p>While Redis is away nothing is let through: no instance can know what the others do. After its
 * return, a pot that was lost counts as full.
 */
public final class SharedRate {
  private static final int STRETCH = 20;
  private static final long LEAST_STRETCH_MICROS = 200_000;

  private final Vertx vertx;
  private final Taker taker;

  /**
   * @param name {@code [a-z0-9:_-]{1,64}}
   * @param calls in any window of {@code period}, ≥ 1
   */
  public record Pot(String name, int calls, Duration period) {
    public Pot {
      if (!name.matches("[a-z0-9:_-]{1,64}")) {
        throw new IllegalArgumentException("not a pot's name: " + name);
      }
      if (calls < 1 || period.isNegative() || period.isZero()) {
        throw new IllegalArgumentException("a pot lets at least one call through in some time");
      }
    }

    private long micros() {
      return period.toNanos() / 1_000;
    }

    private long stretchMicros() {
      return Math.max(micros() / STRETCH, LEAST_STRETCH_MICROS);
    }

    /** How long after {@link #take} a call may still leave: a quarter of what is to spare. */
    public Duration good() {
      return Duration.ofNanos(stretchMicros() * 1_000 / 4);
    }
  }

  /** Answers with how long to wait, or fails. */
  private interface Taker {
    Future<Long> waitMicros(Pot pot, long periodMicros, long longestMicros);
  }

  private SharedRate(Vertx vertx, Taker taker) {
    this.vertx = vertx;
    this.taker = taker;
  }

  /** For a single instance. */
  public static SharedRate local(Vertx vertx) {
    Map<Pot, Deque<Long>> pots = new HashMap<>();
    return new SharedRate(
        vertx,
        (pot, period, longest) -> {
          long now = System.nanoTime() / 1_000;
          synchronized (pots) {
            Deque<Long> last = pots.computeIfAbsent(pot, p -> new ArrayDeque<>());
            long go = last.isEmpty() ? now : Math.max(now, last.getLast());
            if (last.size() == pot.calls()) {
              go = Math.max(go, last.getFirst() + period);
            }
            if (go - now > longest) {
              return Future.failedFuture(
                  new TooManyException(Duration.ofNanos((go - now) * 1_000)));
            }
            if (last.size() == pot.calls()) {
              last.removeFirst();
            }
            last.addLast(go);
            return Future.succeededFuture(go - now);
          }
        });
  }

  /** For all instances that use the store's Redis. */
  public static SharedRate in(Vertx vertx, RedisVoiceStore store) {
    RedisLink link = store.link();
    return new SharedRate(
        vertx,
        (pot, period, longest) ->
            link.send(
                    RedisScripts.eval(
                        RedisScripts.RATE,
                        List.of(RedisVoiceStore.PREFIX + "rate:" + pot.name()),
                        pot.calls(),
                        period,
                        longest,
                        link.cameBackWithin(pot.period()) ? 1 : 0))
                .compose(
                    answer -> {
                      long wait = answer.get(0).toLong();
                      return answer.get(1).toLong() == 1
                          ? Future.succeededFuture(wait)
                          : Future.failedFuture(
                              new TooManyException(Duration.ofNanos(wait * 1_000)));
                    }));
  }

  /** More is asked for than the pot lets through. */
  public static final class TooManyException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Duration retryAfter;

    TooManyException(Duration retryAfter) {
      super("too many calls; the next place is free in " + retryAfter.toMillis() + " ms");
      this.retryAfter = retryAfter;
    }

    /** When a place would be free, if nobody else asked. */
    public Duration retryAfter() {
      return retryAfter;
    }
  }

  /**
   * @param longest the most that the caller would wait
   * @return done when the call may go, which it must then do within {@link Pot#good}. Fails at once
   *     with {@link TooManyException}, or within seconds with {@code UNAVAILABLE}
   */
  public Future<Void> take(Pot pot, Duration longest) {
    return Rules.here(inTime(pot, System.nanoTime(), longest.toNanos()));
  }

  private Future<Void> inTime(Pot pot, long startNanos, long longestNanos) {
    long askedNanos = System.nanoTime();
    long leftNanos = Math.max(0, longestNanos - (askedNanos - startNanos));
    return taker
        .waitMicros(pot, pot.micros() + pot.stretchMicros(), leftNanos / 1_000)
        .compose(
            micros ->
                after(micros)
                    .compose(
                        come -> {
                          // More than it was late, since the answer was on its way for a while.
                          long lateNanos = System.nanoTime() - askedNanos - micros * 1_000;
                          return lateNanos <= 2 * pot.good().toNanos()
                              ? Future.succeededFuture()
                              : inTime(pot, startNanos, longestNanos);
                        }));
  }

  private Future<Void> after(long micros) {
    if (micros <= 0) {
      return Future.succeededFuture();
    }
    Promise<Void> promise = Promise.promise();
    vertx.setTimer(TimeUnit.MICROSECONDS.toMillis(micros) + 1, v -> promise.complete());
    return promise.future();
  }

  /**
   * Asks whether it is the caller's turn at what is done so often over all instances; it need not
   * be done at once.
   *
   * @return never waits for a turn; fails with {@code UNAVAILABLE} within seconds
   */
  public Future<Boolean> claim(Pot pot) {
    return Rules.here(
        taker
            .waitMicros(pot, pot.micros(), 0)
            .transform(
                place ->
                    place.succeeded()
                        ? Future.succeededFuture(true)
                        : place.cause() instanceof TooManyException
                            ? Future.succeededFuture(false)
                            : Future.failedFuture(place.cause())));
  }
}
