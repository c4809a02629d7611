package dev.voicebridge.enrolment;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A custom voice as its provider tells of it. Null: the provider didn't say.
 *
 * @param providerVoiceId what the provider calls it, taken as it is
 * @param targetModel the model it speaks with; taken from the id where the provider says it nowhere
 *     else
 * @param name the prefix, preferred name or custom name it was made with, where it can be told
 * @param description what a designed voice was asked for with
 * @param previewText what a designed voice's preview says
 * @param transcript what the sample of a clone says
 */
public record EnrolledVoice(
    String providerVoiceId,
    @Nullable String targetModel,
    Status status,
    @Nullable Instant created,
    @Nullable Instant modified,
    @Nullable String language,
    @Nullable String name,
    @Nullable String description,
    @Nullable String previewText,
    @Nullable String transcript) {

  /** Whether it can be spoken with. */
  public enum Status {
    /** Being made; ask again. */
    DEPLOYING,
    OK,
    /** Rejected or withdrawn; it will never speak. */
    UNDEPLOYED
  }

  static EnrolledVoice of(String id, @Nullable String targetModel, Status status) {
    return new EnrolledVoice(id, targetModel, status, null, null, null, null, null, null, null);
  }
}
