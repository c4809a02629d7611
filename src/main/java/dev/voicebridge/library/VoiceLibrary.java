package dev.voicebridge.library;

import dev.voicebridge.enrolment.Diagnosis;
import dev.voicebridge.sample.SampleReport;
import dev.voicebridge.voice.StoreHealth;
import dev.voicebridge.voice.Voice;
import dev.voicebridge.voice.VoicePage;
import dev.voicebridge.voice.VoiceQuery;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Clone, design, keep, find: one library over every provider. Callable from any event loop; every
 * future ends in bounded time, on the caller's context. What fails fails with {@link
 * LibraryException}, {@link dev.voicebridge.enrolment.EnrolmentException} (the vendor's refusal,
 * explained) or {@link dev.voicebridge.voice.VoiceStoreException}.
 */
public final class VoiceLibrary {
  /** Places that an account has for the voices of one family. */
  public static final int PLACES = 1000;

  public VoiceLibrary() {}

  /** Newest first, from memory; only what the asker may see. */
  public VoicePage list(Asker asker, VoiceQuery query) {
    return new VoicePage(List.of(), 0);
  }

  /**
   * From memory, at once.
   *
   * @param id ours or the provider's
   * @return null: there is none that the asker may see
   */
  public @Nullable Voice find(Asker asker, String id) {
    return null;
  }

  /**
   * As {@link #find}, but asks the store as well; fails with {@code NOT_FOUND}.
   *
   * @param longest while the vendor is at work on the voice, waits so long for the end of that;
   *     zero: does not wait
   */
  public Future<Voice> get(Asker asker, String id, Duration longest) {
    return missing();
  }

  /** What the doctor says; fails with {@code EnrolmentException} where a URL can't be fetched. */
  public Future<SampleReport> examine(SampleSource sample) {
    return missing();
  }

  /** Completes when the vendor has said yes: the voice may still be {@code DEPLOYING}. */
  public Future<Made> make(Asker asker, CloneOrder order) {
    return missing();
  }

  /** Completes with the preview. */
  public Future<Made> make(Asker asker, DesignOrder order) {
    return missing();
  }

  /** The vendor's request, which isn't sent; see {@code Enrolment.dryRun}. */
  public Future<JsonObject> dryRun(CloneOrder order) {
    return missing();
  }

  /** The vendor's request, which isn't sent; see {@code Enrolment.dryRun}. */
  public Future<JsonObject> dryRun(DesignOrder order) {
    return missing();
  }

  /**
   * Renames and tags.
   *
   * @param displayName null: as it is
   * @param tags null: as they are
   */
  public Future<Voice> edit(
      Asker asker, String id, @Nullable String displayName, @Nullable List<String> tags) {
    return missing();
  }

  /**
   * Another sample for a cloned voice: the vendor's own update where there is one, elsewhere
   * another clone under the same id of ours.
   */
  public Future<Made> resample(Asker asker, String id, CloneOrder order) {
    return missing();
  }

  /** Here and at the vendor. */
  public Future<Void> delete(Asker asker, String id) {
    return missing();
  }

  /** Everything that is known about how a voice came to be, fit for a file; no secrets. */
  public Future<JsonObject> evidence(Asker asker, String id) {
    return missing();
  }

  /** Why a voice is silent, the likeliest first. */
  public Future<List<Diagnosis>> whySilent(Asker asker, String id, @Nullable String model) {
    return missing();
  }

  /** Why a voice is unstable, the likeliest first. */
  public Future<List<Diagnosis>> whyUnstable(Asker asker, String id) {
    return missing();
  }

  /**
   * Places taken: {@code [{"provider", "family", "used", "places", "warning"}]}, as far as known
   * here.
   */
  public JsonArray quota() {
    return new JsonArray();
  }

  /** What the vendor gives for an upload to its temporary store, passed on as it is. */
  public Future<JsonObject> uploadPolicy(String model) {
    return missing();
  }

  /** A session spoke with it. Cheap. */
  public void used(String id) {}

  public StoreHealth health() {
    return new StoreHealth(StoreHealth.State.DOWN, java.time.Instant.EPOCH, null);
  }

  private static <T> Future<T> missing() {
    return Future.failedFuture(new IllegalStateException("not built yet"));
  }
}
