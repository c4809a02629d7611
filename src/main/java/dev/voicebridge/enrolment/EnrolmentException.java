package dev.voicebridge.enrolment;

import io.vertx.core.json.JsonObject;
import java.io.Serial;

/**
 * A provider's refusal, or that it couldn't be asked. Never holds a key.
 *
 * <p>Expected trouble, therefore without a stack trace.
 */
public final class EnrolmentException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final transient Diagnosis diagnosis;
  private final boolean mayHaveHappened;

  EnrolmentException(Diagnosis diagnosis, boolean mayHaveHappened) {
    super(diagnosis.code() + ": " + diagnosis.cause().en(), null, false, false);
    this.diagnosis = diagnosis;
    this.mayHaveHappened = mayHaveHappened;
  }

  /** What is bound to fail is not sent. */
  public static EnrolmentException refused(Diagnosis diagnosis) {
    return new EnrolmentException(diagnosis, false);
  }

  /** The vendor said yes, and nobody could write that down. */
  public static EnrolmentException notNoted(Provider provider) {
    return new EnrolmentException(
        Diagnosis.named("voice_not_noted", new JsonObject().put("provider", provider.id())), true);
  }

  public Diagnosis diagnosis() {
    return diagnosis;
  }

  /**
   * Whether the provider may have done what was asked although no answer says so: the request left
   * and the answer was lost, late or unreadable. After a create, look for the voice in the list
   * before asking again.
   */
  public boolean mayHaveHappened() {
    return mayHaveHappened;
  }
}
