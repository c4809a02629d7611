package dev.voicebridge.library;

import dev.voicebridge.voice.StoreHealth;
import dev.voicebridge.voice.Voice;
import dev.voicebridge.voice.VoiceChange;
import dev.voicebridge.voice.VoicePage;
import dev.voicebridge.voice.VoiceQuery;
import dev.voicebridge.voice.VoiceStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A store whose owner dies at a moment that a test chooses: nothing that is asked from then on ever
 * happens, and nothing is answered.
 */
final class StagedStore implements VoiceStore {
  /** What becomes of a put. */
  interface Stage {
    /** Everything goes as it should. */
    Stage NOTHING_HAPPENS = (nth, store, put) -> put.get();

    /**
     * @param nth counted from 1
     * @param put does it
     */
    Future<Voice> put(int nth, StagedStore store, Supplier<Future<Voice>> put);

    /** Dies when that put is durable, before its owner hears of it. */
    static Stage deathAfter(int last) {
      return (nth, store, put) -> nth == last ? put.get().compose(done -> store.die()) : put.get();
    }

    /** Dies when that put is asked for. */
    static Stage deathBefore(int first) {
      return (nth, store, put) -> nth == first ? store.die() : put.get();
    }

    /** That put fails; life goes on. */
    static Stage failure(int failing, Throwable cause) {
      return (nth, store, put) -> nth == failing ? Future.failedFuture(cause) : put.get();
    }
  }

  private final VoiceStore real;
  private final Stage stage;
  private final AtomicInteger puts = new AtomicInteger();
  private final Promise<Void> death = Promise.promise();

  StagedStore(VoiceStore real, Stage stage) {
    this.real = real;
    this.stage = stage;
  }

  /** Never answers. */
  <T> Future<T> die() {
    death.tryComplete();
    return Future.future(never -> {});
  }

  Future<Void> death() {
    return death.future();
  }

  private <T> Future<T> alive(Supplier<Future<T>> ask) {
    return death.future().isComplete() ? die() : ask.get();
  }

  @Override
  public Future<Voice> put(Voice voice) {
    return alive(() -> stage.put(puts.incrementAndGet(), this, () -> real.put(voice)));
  }

  @Override
  public Future<Voice> get(String id) {
    return alive(() -> real.get(id));
  }

  @Override
  public Future<Voice> byProviderId(String provider, String providerVoiceId) {
    return alive(() -> real.byProviderId(provider, providerVoiceId));
  }

  @Override
  public Future<VoicePage> list(VoiceQuery query) {
    return alive(() -> real.list(query));
  }

  @Override
  public Future<Boolean> delete(String id, long version) {
    return alive(() -> real.delete(id, version));
  }

  @Override
  public Future<List<Voice>> pending(Instant modifiedBefore) {
    return alive(() -> real.pending(modifiedBefore));
  }

  @Override
  public Future<Void> keepPreview(String id, Buffer audio) {
    return real.keepPreview(id, audio);
  }

  @Override
  public Future<Buffer> preview(String id) {
    return real.preview(id);
  }

  @Override
  public void used(String id, Instant at) {
    real.used(id, at);
  }

  @Override
  public Watch watch(Consumer<VoiceChange> listener) {
    return real.watch(listener);
  }

  @Override
  public StoreHealth health() {
    return real.health();
  }

  @Override
  public Future<Void> close() {
    return real.close();
  }
}
