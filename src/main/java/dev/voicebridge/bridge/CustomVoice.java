package dev.voicebridge.bridge;

import dev.voicebridge.text.Pronunciations;

/**
 * A cloned or designed voice, as far as a session has to know it.
 *
 * @param id ours
 * @param providerVoiceId what its service calls it; empty until the service has said so, and never
 *     when ready
 * @param targetModel the model it was made for; empty: not known
 * @param foreign it is another key's: the caller may not use it, nor learn anything about it
 * @param otherAccount it was made with another account or in another region than this server speaks
 *     with
 * @param pronunciations how words are said with it, unless a session says otherwise
 */
public record CustomVoice(
    String id,
    String providerVoiceId,
    String targetModel,
    Readiness readiness,
    boolean foreign,
    boolean otherAccount,
    Pronunciations pronunciations) {

  /** A voice without words of its own. */
  public CustomVoice(
      String id,
      String providerVoiceId,
      String targetModel,
      Readiness readiness,
      boolean foreign,
      boolean otherAccount) {
    this(id, providerVoiceId, targetModel, readiness, foreign, otherAccount, Pronunciations.NONE);
  }

  /** Whether it can speak. */
  public enum Readiness {
    READY,
    /** Its service is at work on it. */
    NOT_YET,
    /** Its service refused it. */
    NEVER
  }

  /**
   * @throws IllegalArgumentException when it is ready and has no name at its service
   */
  public CustomVoice {
    if (readiness == Readiness.READY && providerVoiceId.isEmpty()) {
      throw new IllegalArgumentException("ready, but without a name at its service: " + id);
    }
  }
}
