package dev.voicebridge.voice;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/**
 * Keeps the records of the library. Callable from any thread and never blocking; every future ends
 * within a bounded time, on the caller's context if it has one. Failures are {@link
 * VoiceStoreException}s.
 *
 * <p>Who may see a voice is the caller's question: a store answers everyone alike, but for the
 * owner in a {@link VoiceQuery}.
 */
public interface VoiceStore {
  /**
   * Writes a record whose version is the one that was read (0: a new voice), and not otherwise.
   * {@code lastUsed} is not taken from it, see {@link #used}.
   *
   * <p>A {@linkplain Voice.Origin#FOUND found} voice without owner gives way: when a record that is
   * not such a one names its provider voice id, the found one is deleted in the same step. So an
   * enrolment and a refresh that meet leave one record, the owner's.
   *
   * @return the record as stored, with its new version, when it is durable. Fails with {@code
   *     CONFLICT} (another version is stored; {@code current} has it), {@code GONE} (deleted since;
   *     ids are never reused), {@code TAKEN} (the provider voice id belongs to {@code current}) or
   *     {@code UNAVAILABLE} (nothing is known about the write: read before trying again)
   */
  Future<Voice> put(Voice voice);

  /**
   * @return null: there is none. While the store is away, the answer comes from memory
   */
  Future<Voice> get(String id);

  /**
   * @return null: there is none. While the store is away, the answer comes from memory
   */
  Future<Voice> byProviderId(String provider, String providerVoiceId);

  /** From memory: the voices of the library as this instance knows them, newest first. */
  Future<VoicePage> list(VoiceQuery query);

  /**
   * @param version that was read
   * @return whether there was one to delete. Fails with {@code CONFLICT} or {@code UNAVAILABLE}
   */
  Future<Boolean> delete(String id, long version);

  /**
   * @return what is {@linkplain Voice.State#PENDING pending} and was last modified before that
   *     moment, oldest first: somebody may have crashed over it
   */
  Future<List<Voice>> pending(Instant modifiedBefore);

  /**
   * Notes that a voice spoke. Cheap: written at most once a minute for each voice. Changes no
   * version and wakes no watcher. What the store can't note now is forgotten.
   */
  void used(String id, Instant at);

  /**
   * Tells of every change from now on, made here or by another instance, as soon as this instance
   * knows; what was missed while the store was away is told when it is back. The listener is called
   * by one thread at a time, must not block, and may hear of the same version twice.
   */
  Watch watch(Consumer<VoiceChange> listener);

  /**
   * Keeps a preview beside a record, in place of an earlier one, until the record is deleted.
   *
   * @return fails with {@code GONE} (there is no such record) or {@code UNAVAILABLE}
   */
  Future<Void> keepPreview(String id, Buffer audio);

  /**
   * @return null: none is kept. Fails with {@code UNAVAILABLE}
   */
  Future<Buffer> preview(String id);

  /** Now, from memory. */
  StoreHealth health();

  /**
   * Lets go of connections and files; idempotent. What is asked afterwards is {@code UNAVAILABLE}.
   */
  Future<Void> close();

  /** Ends what {@link #watch} began. */
  interface Watch extends AutoCloseable {
    @Override
    void close();
  }
}
