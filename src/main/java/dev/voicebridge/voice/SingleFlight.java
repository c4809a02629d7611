package dev.voicebridge.voice;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * One call for all who want the same at the same time. Any thread.
 *
 * @param <K> what is wanted
 * @param <V> what comes of it; may be null
 */
public final class SingleFlight<K, V> {
  private final ConcurrentMap<K, Future<V>> flying = new ConcurrentHashMap<>();
  private final Duration deadline;

  /**
   * @param deadline a call that takes longer has failed for all who wait ({@link
   *     java.util.concurrent.TimeoutException}), and the next one starts anew
   */
  public SingleFlight(Duration deadline) {
    this.deadline = deadline;
  }

  /**
   * @param call started only if none for that key is under way
   * @return its result, good or bad, on the caller's context if it has one
   */
  public Future<V> run(K key, Supplier<Future<V>> call) {
    Promise<V> promise = Promise.promise();
    Future<V> bounded = promise.future().timeout(deadline.toMillis(), TimeUnit.MILLISECONDS);
    Future<V> before = flying.putIfAbsent(key, bounded);
    if (before != null) {
      promise.tryComplete(); // ends the timer
      return Rules.here(before);
    }
    Future<V> landed = bounded.andThen(result -> flying.remove(key, bounded));
    try {
      call.get()
          .onComplete(
              result -> {
                if (result.succeeded()) {
                  promise.tryComplete(result.result());
                } else {
                  promise.tryFail(result.cause());
                }
              });
    } catch (RuntimeException e) {
      promise.tryFail(e);
    }
    return Rules.here(landed);
  }
}
