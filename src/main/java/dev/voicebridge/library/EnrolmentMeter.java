package dev.voicebridge.library;

import dev.voicebridge.enrolment.EnrolmentException;
import dev.voicebridge.enrolment.Provider;
import io.vertx.core.AsyncResult;

/** Counts what became of orders for voices. Called on the library's loop. */
public interface EnrolmentMeter {
  EnrolmentMeter NONE = (provider, outcome) -> {};

  /** What becomes of a clone, a design, or another sample. */
  enum Outcome {
    /** The vendor said yes; it may still be at work on the voice. */
    MADE,
    /** This sample already had a voice. */
    EXISTING,
    /** Nothing was made: refused here, or by the vendor. */
    REFUSED,
    /** The vendor may have made it: the refresh will see. */
    UNKNOWN,
    /** Trouble of our own. */
    FAILED;

    static Outcome of(AsyncResult<Made> result) {
      if (result.succeeded()) {
        return result.result().existing() ? EXISTING : MADE;
      }
      if (result.cause() instanceof EnrolmentException refused) {
        return refused.mayHaveHappened() ? UNKNOWN : REFUSED;
      }
      return result.cause() instanceof LibraryException ? REFUSED : FAILED;
    }
  }

  void enrolled(Provider provider, Outcome outcome);
}
