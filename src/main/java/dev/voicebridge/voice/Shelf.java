package dev.voicebridge.voice;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A copy of the library in memory. Of two records of one voice the higher version stays, deleted
 * ones count too, so changes may be told in any order and more than once. Any thread; reads never
 * wait.
 */
final class Shelf {
  /** How long a deleted id is remembered: longer than any copy may be out of touch. */
  static final Duration REMEMBERED = Duration.ofDays(40);

  private static final Comparator<Voice> NEWEST_FIRST =
      Comparator.comparing(Voice::created).reversed().thenComparing(Voice::id);

  private final Map<String, Voice> voices = new ConcurrentHashMap<>();
  private final Map<ProviderId, String> ids = new ConcurrentHashMap<>();
  private final Map<String, Gone> gone = new ConcurrentHashMap<>();

  /** Null: something changed since. */
  private volatile @Nullable List<Voice> sorted;

  private record ProviderId(String provider, String id) {}

  /**
   * A deleted voice.
   *
   * @param version one more than the last record's
   */
  record Gone(String id, long version, Instant at) {
    boolean forgotten(Instant now) {
      return at.plus(REMEMBERED).isBefore(now);
    }
  }

  @Nullable Voice get(String id) {
    return voices.get(id);
  }

  @Nullable Voice byProviderId(String provider, String providerVoiceId) {
    String id = ids.get(new ProviderId(provider, providerVoiceId));
    return id == null ? null : voices.get(id);
  }

  @Nullable Gone gone(String id) {
    return gone.get(id);
  }

  Collection<Voice> voices() {
    return voices.values();
  }

  Collection<Gone> gone() {
    return gone.values();
  }

  VoicePage list(VoiceQuery query) {
    List<Voice> fitting = sorted().stream().filter(query::fits).toList();
    int from = Math.min(query.offset(), fitting.size());
    int to = (int) Math.min((long) from + query.limit(), fitting.size());
    return new VoicePage(fitting.subList(from, to), fitting.size());
  }

  List<Voice> pending(Instant modifiedBefore) {
    return voices.values().stream()
        .filter(voice -> voice.state() == Voice.State.PENDING)
        .filter(voice -> voice.modified().isBefore(modifiedBefore))
        .sorted(Comparator.comparing(Voice::modified))
        .toList();
  }

  private List<Voice> sorted() {
    List<Voice> known = sorted;
    if (known == null) {
      synchronized (this) {
        known = voices.values().stream().sorted(NEWEST_FIRST).toList();
        sorted = known;
      }
    }
    return known;
  }

  /**
   * @return whether that was news
   */
  synchronized boolean put(Voice voice) {
    Voice known = voices.get(voice.id());
    Gone deleted = gone.get(voice.id());
    if ((known != null && known.version() >= voice.version())
        || (deleted != null && deleted.version() >= voice.version())) {
      return false;
    }
    set(known, voice);
    return true;
  }

  /** Takes it whatever is known. */
  synchronized void replace(Voice voice) {
    gone.remove(voice.id());
    set(voices.get(voice.id()), voice);
  }

  private void set(@Nullable Voice known, Voice voice) {
    Voice stored = voice;
    if (known != null) {
      unlink(known);
      stored = later(voice, known.lastUsed());
    }
    voices.put(stored.id(), stored);
    ProviderId providerId = providerId(stored);
    // What gives way in the store must not take the place of its better here.
    Voice holder = providerId == null ? null : voices.get(ids.getOrDefault(providerId, ""));
    if (providerId != null && (holder == null || !Rules.nobodys(stored))) {
      ids.put(providerId, stored.id());
    }
    sorted = null;
  }

  /**
   * @return whether that was news
   */
  synchronized boolean remove(Gone deleted) {
    Gone before = gone.get(deleted.id());
    if (before != null && before.version() >= deleted.version()) {
      return false;
    }
    Voice known = voices.get(deleted.id());
    if (known != null && known.version() > deleted.version()) {
      return false;
    }
    gone.put(deleted.id(), deleted);
    return forget(deleted.id());
  }

  /** Takes a voice away as if it had never been. */
  synchronized boolean forget(String id) {
    Voice known = voices.remove(id);
    if (known != null) {
      unlink(known);
      sorted = null;
    }
    return known != null;
  }

  synchronized void forgetGone(String id) {
    gone.remove(id);
  }

  synchronized void used(String id, Instant at) {
    Voice known = voices.get(id);
    if (known != null) {
      Voice later = later(known, at);
      if (!later.equals(known)) {
        voices.put(id, later);
        sorted = null;
      }
    }
  }

  private static Voice later(Voice voice, @Nullable Instant at) {
    Instant known = voice.lastUsed();
    return at == null || (known != null && !at.isAfter(known))
        ? voice
        : voice.edit().lastUsed(at).done();
  }

  private void unlink(Voice voice) {
    ProviderId providerId = providerId(voice);
    if (providerId != null) {
      ids.remove(providerId, voice.id());
    }
  }

  private static @Nullable ProviderId providerId(Voice voice) {
    String id = voice.providerVoiceId();
    return id == null ? null : new ProviderId(voice.provider(), id);
  }
}
