package dev.voicebridge.enrolment;

import io.vertx.core.Future;
import java.time.Duration;

/** Who says when the next call may leave: vendors count calls of every kind. */
public interface Pace {
  /** Goes at once. */
  Pace UNHURRIED = (provider, operation) -> Future.succeededFuture(Duration.ofDays(1));

  /**
   * Asked before every single call, pages too.
   *
   * @return completes when the call may be sent, with how long it may still take to leave: after
   *     that the turn is lost, and another one is asked for. A failure fails the call
   */
  Future<Duration> turn(Provider provider, Operation operation);
}
