package dev.voicebridge.bridge;

import io.vertx.core.http.ServerWebSocket;

/** Turns a socket away before there is a session, in the words that a session would use. */
public final class Refusal {
  private Refusal() {}

  /**
   * Says why in an {@code error} event, then closes.
   *
   * @param code one that has an error code of its own
   * @param message what exactly, for the caller's eyes
   */
  public static void say(ServerWebSocket socket, CloseCode code, String message) {
    ErrorCode error = code.error();
    if (error == null) {
      throw new IllegalArgumentException(code + " is no refusal");
    }
    new ServerEvents(socket, Session.Framing.BINARY)
        .error(new SessionError(error, null, message, code.hint()), null);
    socket.close(code.number(), code.reason());
  }
}
