package dev.voicebridge.enrolment;

import io.vertx.core.Future;

/** Who says when the next call may leave: vendors count calls of every kind. */
public interface Pace {
  /** Goes at once. */
  Pace UNHURRIED = (provider, operation) -> Future.succeededFuture();

  /**
   * Asked before every single call, pages too.
   *
   * @return completes when the call may be sent; a failure fails the call
   */
  Future<Void> turn(Provider provider, Operation operation);
}
