package dev.voicebridge.enrolment;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Set;

/**
 * One provider's enrolment API with one account's key. Cheap to make, keeps no state between calls.
 *
 * <p>Call it on an event loop; the futures complete there. Every call ends in bounded time. A
 * failure is always an {@link EnrolmentException}: its diagnosis is fit for the caller's eyes, the
 * key is in none of its texts. What {@link Impossible} knows to be bound to fail fails before
 * anything is sent, and so does an operation that isn't among {@link #operations()}.
 */
public interface Enrolment {
  Provider provider();

  Set<Operation> operations();

  /**
   * @return the voice as the provider reports it: {@link EnrolledVoice.Status#DEPLOYING} where it
   *     has to be followed with {@link #query}
   */
  Future<Enrolled> create(CloneRequest request);

  /**
   * @return the voice with its preview
   */
  Future<Enrolled> create(DesignRequest request);

  Future<FoundVoice> query(String providerVoiceId);

  /**
   * All custom voices of the account, every page. Never a part: if one page can't be had, or there
   * are more pages than any account may fill, it fails. Yet the vendors page by position, so a
   * voice deleted elsewhere meanwhile can hide another: one list without a voice is no proof that
   * the voice is gone.
   */
  Future<VoiceList> list();

  /** Gives a cloned voice another sample; its id stays. */
  Future<Receipt> update(String providerVoiceId, Sample sample);

  Future<Receipt> delete(String providerVoiceId);

  /**
   * The request that {@link #create} would send, made by the same code, with the key left out and
   * the audio shortened to its length and hash. Sends nothing.
   *
   * @return {@code method}, {@code url}, {@code headers}, {@code body}; {@code sample} (how it
   *     travels, bytes, hash); {@code left_out}: wishes that the model has no field for; {@code
   *     problems}: diagnoses for which {@link #create} would refuse
   */
  JsonObject dryRun(EnrolmentRequest request);
}
