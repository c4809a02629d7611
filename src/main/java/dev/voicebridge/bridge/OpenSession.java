package dev.voicebridge.bridge;

import io.vertx.core.Future;

/** What a door keeps of a session. Event loop only. */
public interface OpenSession {
  /** Says why, then closes. Idempotent. */
  void close(CloseCode why);

  /** Completes once, when the socket is closed. */
  Future<CloseCode> closed();
}
