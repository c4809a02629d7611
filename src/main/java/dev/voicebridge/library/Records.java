package dev.voicebridge.library;

import dev.voicebridge.library.LibraryException.Reason;
import dev.voicebridge.voice.CachedVoices;
import dev.voicebridge.voice.Voice;
import dev.voicebridge.voice.VoiceChange;
import dev.voicebridge.voice.VoiceQuery;
import dev.voicebridge.voice.VoiceStore;
import dev.voicebridge.voice.VoiceStoreException;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The records: found by any of their names, changed without losing what others changed. {@link
 * #add} and {@link #changed} on the library loop only.
 */
final class Records {
  private static final int TRIES = 5;
  private static final int MOST_GIVEN_UP = 1_000;

  private final VoiceStore store;
  private final CachedVoices voices;

  /** Our ids of drafts that were given up while nobody knew whether they are written. */
  private final Set<String> givenUp =
      Collections.newSetFromMap(
          new LinkedHashMap<>() {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
              return size() > MOST_GIVEN_UP;
            }
          });

  /** Our ids of those whose enrolment somebody here waits for, however long it takes. */
  private final Set<String> underWay = ConcurrentHashMap.newKeySet();

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

  /** From memory: those of one interface and one account. Any thread. */
  List<Voice> of(Vendors.Vendor vendor) {
    return voices.list(VoiceQuery.all().ofProvider(vendor.account().provider())).voices().stream()
        .filter(vendor::has)
        .toList();
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
    Future<@Nullable Voice> found = here != null ? Future.succeededFuture(here) : ask(name);
    return found.compose(
        voice ->
            voice != null && asker.sees(voice)
                ? Future.succeededFuture(voice)
                : Future.failedFuture(missing()));
  }

  /** From the store: one question for all who ask the same at the same time. */
  private Future<@Nullable Voice> ask(String name) {
    boolean perhapsOurs = Voice.isId(name);
    Future<@Nullable Voice> ours =
        perhapsOurs ? voices.find(name).map(voice -> voice) : Future.succeededFuture(null);
    return ours.compose(
            voice ->
                voice != null
                    ? Future.succeededFuture(voice)
                    : voices.findByProviderId(Voice.DASHSCOPE, name))
        .compose(
            voice ->
                voice != null || perhapsOurs
                    ? Future.succeededFuture(voice)
                    : voices.findByProviderId(Voice.SILICONFLOW, name));
  }

  static LibraryException missing() {
    return LibraryException.of(Reason.NOT_FOUND, "", "没有这个声音", "there is no such voice");
  }

  /**
   * Writes the first record of a voice. One that is refused because the store is away or slow may
   * have been written all the same: it is deleted as soon as it turns up.
   */
  Future<Voice> add(Voice draft) {
    return store
        .put(draft)
        .onFailure(
            failure -> {
              if (failure instanceof VoiceStoreException known
                  && known.kind() == VoiceStoreException.Kind.UNAVAILABLE) {
                givenUp.add(draft.id());
                Voice here = voices.get(draft.id());
                if (here != null) {
                  drop(here);
                }
              }
            });
  }

  /**
   * Until the enrolment ends, this instance doesn't give its record up. Any thread.
   *
   * @param enrolment begun now, the writing of its first record included
   */
  <T> Future<T> underWay(Voice draft, Supplier<Future<T>> enrolment) {
    underWay.add(draft.id());
    return enrolment.get().onComplete(done -> underWay.remove(draft.id()));
  }

  /** Our ids of the enrolments under way now. Any thread. */
  Set<String> underWay() {
    return Set.copyOf(underWay);
  }

  void changed(VoiceChange change) {
    Voice voice = change.voice();
    if (voice != null && givenUp.contains(change.id())) {
      drop(voice);
    }
  }

  /** What can't be dropped now is pending, and the refresh does it later. */
  private void drop(Voice givenUpOne) {
    var unused = delete(givenUpOne).onSuccess(gone -> givenUp.remove(givenUpOne.id()));
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
