package dev.voicebridge.voice;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Keeps nothing longer than the process lives: for tests and for trying out. */
public final class MemoryVoiceStore implements VoiceStore {
  private final Shelf shelf = new Shelf();
  private final Map<String, Buffer> previews = new HashMap<>();
  private final Watchers watchers;
  private final Instant since = Instant.now();
  private volatile boolean closed;

  public MemoryVoiceStore(Vertx vertx) {
    this.watchers = new Watchers(vertx.getOrCreateContext());
  }

  @Override
  public Future<Voice> put(Voice voice) {
    return attempt(
        () -> {
          Rules.Put put = Rules.put(shelf, voice, Instant.now());
          if (put.yielding() != null) {
            shelf.remove(put.yielding());
          }
          shelf.put(put.stored());
          Rules.changes(put).forEach(watchers::tell);
          return put.stored();
        });
  }

  @Override
  @SuppressWarnings("NullAway") // a future of null
  public Future<Voice> get(String id) {
    return attempt(() -> shelf.get(id));
  }

  @Override
  @SuppressWarnings("NullAway") // a future of null
  public Future<Voice> byProviderId(String provider, String providerVoiceId) {
    return attempt(() -> shelf.byProviderId(provider, providerVoiceId));
  }

  @Override
  public Future<VoicePage> list(VoiceQuery query) {
    return attempt(() -> shelf.list(query));
  }

  @Override
  public Future<Boolean> delete(String id, long version) {
    return attempt(
        () -> {
          Shelf.Gone gone = Rules.delete(shelf, id, version, Instant.now());
          if (gone != null) {
            shelf.remove(gone);
            previews.remove(id);
            watchers.tell(new VoiceChange(id, null));
          }
          return gone != null;
        });
  }

  @Override
  public Future<List<Voice>> pending(Instant modifiedBefore) {
    return attempt(() -> shelf.pending(modifiedBefore));
  }

  @Override
  public Future<Void> keepPreview(String id, Buffer audio) {
    return this.<Boolean>attempt(
            () -> {
              if (shelf.get(id) == null) {
                throw Rules.gone();
              }
              previews.put(id, audio.copy());
              return true;
            })
        .mapEmpty();
  }

  @Override
  @SuppressWarnings("NullAway") // a future of null
  public Future<Buffer> preview(String id) {
    return attempt(() -> previews.get(id));
  }

  @Override
  public void used(String id, Instant at) {
    shelf.used(id, at);
  }

  @Override
  public Watch watch(Consumer<VoiceChange> listener) {
    return watchers.add(listener);
  }

  @Override
  public StoreHealth health() {
    return new StoreHealth(
        closed ? StoreHealth.State.DOWN : StoreHealth.State.OK, since, "kept in memory only");
  }

  @Override
  public Future<Void> close() {
    closed = true;
    return Future.succeededFuture();
  }

  private interface Task<T> {
    T run();
  }

  private <T> Future<T> attempt(Task<T> task) {
    if (closed) {
      return Future.failedFuture(VoiceStoreException.unavailable("closed"));
    }
    synchronized (shelf) {
      try {
        return Future.succeededFuture(task.run());
      } catch (VoiceStoreException e) {
        return Future.failedFuture(e);
      }
    }
  }
}
