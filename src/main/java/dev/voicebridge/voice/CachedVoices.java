package dev.voicebridge.voice;

import io.vertx.core.Future;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * All voices of the library in this process's memory: look-ups return at once, from any thread.
 * Kept fresh by {@link VoiceStore#watch}.
 */
public final class CachedVoices implements AutoCloseable {
  private static final Duration ASKING = Duration.ofSeconds(3);

  private final Shelf shelf = new Shelf();
  private final VoiceStore store;
  private final VoiceStore.Watch watch;
  private final SingleFlight<String, Voice> asking = new SingleFlight<>(ASKING);

  private CachedVoices(VoiceStore store) {
    this.store = store;
    this.watch = store.watch(this::take);
  }

  /**
   * @return when the voices that the store knows now are here; fails as {@link VoiceStore#list}
   *     does
   */
  public static Future<CachedVoices> of(VoiceStore store) {
    CachedVoices voices = new CachedVoices(store); // listens first, so that nothing falls between
    return store
        .list(VoiceQuery.all())
        .map(
            all -> {
              all.voices().forEach(voices.shelf::put);
              return voices;
            })
        .onFailure(e -> voices.close());
  }

  /**
   * The same at once, for a store that may not have been reached yet: empty until its voices come.
   */
  public static CachedVoices following(VoiceStore store) {
    CachedVoices voices = new CachedVoices(store);
    store.list(VoiceQuery.all()).onSuccess(all -> all.voices().forEach(voices.shelf::put));
    return voices;
  }

  private void take(VoiceChange change) {
    Voice voice = change.voice();
    if (voice == null) {
      shelf.forget(change.id());
    } else {
      shelf.put(voice);
    }
  }

  /** Null: not here, which a voice that another instance made a moment ago may be; see find. */
  public @Nullable Voice get(String id) {
    return shelf.get(id);
  }

  /** As {@link #get}, by the provider's own id. */
  public @Nullable Voice byProviderId(String provider, String providerVoiceId) {
    return shelf.byProviderId(provider, providerVoiceId);
  }

  /** Newest first. */
  public VoicePage list(VoiceQuery query) {
    return shelf.list(query);
  }

  /**
   * From memory, or else from the store: one question for all who ask at the same time.
   *
   * @return null: there is none
   */
  public Future<Voice> find(String id) {
    Voice here = shelf.get(id);
    return here != null
        ? Future.succeededFuture(here)
        : asking.run(id, () -> store.get(id)).map(this::newer);
  }

  /** As {@link #find}, by the provider's own id. */
  public Future<Voice> findByProviderId(String provider, String providerVoiceId) {
    Voice here = shelf.byProviderId(provider, providerVoiceId);
    return here != null
        ? Future.succeededFuture(here)
        : asking
            .run(
                provider + "\n" + providerVoiceId,
                () -> store.byProviderId(provider, providerVoiceId))
            .map(this::newer);
  }

  /** A change may have been told before an older answer came. */
  @SuppressWarnings("NullAway") // null: there is none
  private Voice newer(@Nullable Voice answer) {
    Voice here = answer == null ? null : shelf.get(answer.id());
    return here != null && here.version() > answer.version() ? here : answer;
  }

  /** The store's. */
  public StoreHealth health() {
    return store.health();
  }

  /** Stops following; the store stays open. */
  @Override
  public void close() {
    watch.close();
  }
}
