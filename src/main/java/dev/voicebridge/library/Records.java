package dev.voicebridge.library;

import dev.voicebridge.library.LibraryException.Reason;
import dev.voicebridge.voice.CachedVoices;
import dev.voicebridge.voice.Voice;
import dev.voicebridge.voice.VoiceStore;
import dev.voicebridge.voice.VoiceStoreException;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The records: found by any of their names, changed without losing what others changed. */
final class Records {
  private static final int TRIES = 5;

  private final VoiceStore store;
  private final CachedVoices voices;

  Records(VoiceStore store, CachedVoices voices) {
    this.store = store;
    this.voices = voices;
  }

  VoiceStore store() {
    return store;
  }

  CachedVoices voices() {
    return voices;
  }

  /** From memory, by our id or the provider's. */
  @Nullable Voice find(String name) {
    Voice ours = voices.get(name);
    if (ours != null) {
      return ours;
    }
    Voice dashScope = voices.byProviderId(Voice.DASHSCOPE, name);
    return dashScope != null ? dashScope : voices.byProviderId(Voice.SILICONFLOW, name);
  }

  /**
   * @return fails with {@code NOT_FOUND}
   */
  Future<Voice> need(Asker asker, String name) {
    Voice here = find(name);
    Future<@Nullable Voice> found =
        here != null
            ? Future.succeededFuture(here)
            : Voice.isId(name)
                ? voices
                    .find(name)
                    .compose(
                        voice ->
                            voice != null
                                ? Future.succeededFuture(voice)
                                : store.byProviderId(Voice.DASHSCOPE, name))
                : store
                    .byProviderId(Voice.DASHSCOPE, name)
                    .compose(
                        voice ->
                            voice != null
                                ? Future.succeededFuture(voice)
                                : store.byProviderId(Voice.SILICONFLOW, name));
    return found.compose(
        voice ->
            voice != null && asker.sees(voice)
                ? Future.succeededFuture(voice)
                : Future.failedFuture(missing()));
  }

  static LibraryException missing() {
    return LibraryException.of(Reason.NOT_FOUND, "", "没有这个声音", "there is no such voice");
  }

  /**
   * Reads, changes, writes; again where somebody else was quicker.
   *
   * @param change must do for any version of the record
   */
  Future<Voice> change(Voice voice, UnaryOperator<Voice.Editor> change) {
    return change(voice, change, TRIES);
  }

  private Future<Voice> change(Voice voice, UnaryOperator<Voice.Editor> change, int tries) {
    return store
        .put(change.apply(voice.edit()).modified(Instant.now()).done())
        .recover(
            failure ->
                asItIsNow(voice, failure, tries)
                    .compose(
                        now ->
                            now == null
                                ? Future.failedFuture(missing())
                                : change(now, change, tries - 1)));
  }

  /** Deletes whatever version there is. */
  Future<Void> delete(Voice voice) {
    return delete(voice, TRIES);
  }

  private Future<Void> delete(Voice voice, int tries) {
    return store
        .delete(voice.id(), voice.version())
        .<Void>mapEmpty()
        .recover(
            failure ->
                asItIsNow(voice, failure, tries)
                    .compose(
                        now -> now == null ? Future.succeededFuture() : delete(now, tries - 1)));
  }

  /** The record that somebody else changed meanwhile; any other failure stays one. */
  private Future<@Nullable Voice> asItIsNow(Voice voice, Throwable failure, int tries) {
    return tries > 1
            && failure instanceof VoiceStoreException known
            && known.kind() == VoiceStoreException.Kind.CONFLICT
        ? store.get(voice.id()).map(now -> now)
        : Future.failedFuture(failure);
  }
}
