package dev.voicebridge.bridge;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.ServerWebSocket;
import org.jspecify.annotations.Nullable;

/** One conversation with one client socket. Event loop only. */
public final class Session {
  /** How audio leaves. */
  public enum Framing {
    /** One binary frame per delta: {@code /v1/realtime}. */
    BINARY,
    /** {@code response.audio.delta} events with base64: {@code /api-ws/v1/realtime}. */
    BASE64
  }

  private final Promise<CloseCode> closed = Promise.promise();

  private Session() {}

  /**
   * Takes over an upgraded socket.
   *
   * @param model the {@code model} of the query as it came, null when it was missing
   * @param caller null: the first message must be {@code session.authenticate}, within 5 s
   */
  public static Session open(
      SessionHost host,
      ServerWebSocket client,
      Framing framing,
      @Nullable String model,
      @Nullable Caller caller) {
    throw new UnsupportedOperationException("the session engine");
  }

  /** Says why in an {@code error} event, then closes. Idempotent. */
  public void close(CloseCode code) {
    throw new UnsupportedOperationException();
  }

  /** Completes once, when the socket is closed. */
  public Future<CloseCode> closed() {
    return closed.future();
  }
}
