package dev.voicebridge.bridge;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VertxException;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.http.WebSocketInternal;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The socket under a conversation: its messages, its ticks and the one way out. Event loop only.
 */
final class ClientSocket {
  /** Whose conversation it is. */
  interface Owner extends ClientFrames.Receiver {
    /** Lets go of everything: it closes, and once more when it is gone. Idempotent. */
    void release();
  }

  /** For a voice that only the other instances may know. */
  private static final long ASK_MS = 1_000;

  private static final short NORMAL = 1000;

  private final SessionHost host;
  private final ServerWebSocket client;
  private final Owner owner;
  private final Promise<CloseCode> closed = Promise.promise();

  /** Null until it closes, whoever began it. */
  private @Nullable CloseCode code;

  private long tickTimer = -1;
  private long cutTimer = -1;

  ClientSocket(SessionHost host, ServerWebSocket client, Owner owner) {
    this.host = host;
    this.client = client;
    this.owner = owner;
  }

  void listen(int maxMessageBytes) {
    client.frameHandler(new ClientFrames(maxMessageBytes, owner));
    client.exceptionHandler(this::onBroken);
    client.closeHandler(gone -> onGone());
  }

  /** Until it closes. */
  void tick(Runnable action) {
    // All sessions tick together: the event loop wakes up once for it and not once for each.
    long tickMs = host.patience().tick().toMillis();
    long toFullTickMs = tickMs - TimeUnit.NANOSECONDS.toMillis(System.nanoTime()) % tickMs;
    tickTimer = host.vertx().setPeriodic(toFullTickMs, tickMs, tick -> action.run());
  }

  boolean isOpen() {
    return code == null;
  }

  /** Completes once, when the socket is closed. */
  Future<CloseCode> closed() {
    return closed.future();
  }

  /**
   * Does not listen to the client until a voice has been looked up, so that everything it says is
   * taken in its order.
   *
   * @param on not called when it has closed meanwhile; null: there is no such voice, or nobody said
   *     so in time
   */
  void lookUp(Future<@Nullable CustomVoice> asked, Consumer<@Nullable CustomVoice> on) {
    client.pause();
    asked
        .timeout(ASK_MS, TimeUnit.MILLISECONDS)
        .onComplete(
            answer -> {
              if (isOpen()) {
                on.accept(answer.result());
              }
              client.resume();
            });
  }

  /**
   * Idempotent: the first reason counts.
   *
   * @param number what the client is told
   * @param reason likewise, at most 123 bytes
   */
  void close(CloseCode why, short number, String reason) {
    if (code != null) {
      return;
    }
    code = why;
    release();
    if (!client.isClosed()) {
      // Whoever set one wants to hear of a shutdown, and our own close would wait for him.
      client.shutdownHandler(null);
      client.close(number, reason);
      // A client that reads nothing never gets to the close frame, which waits behind the audio.
      cutTimer = host.vertx().setTimer(host.patience().farewell().toMillis(), late -> cut());
    }
  }

  private void cut() {
    if (client instanceof WebSocketInternal socket) {
      var unused = socket.channelHandlerContext().close();
    }
  }

  private void onBroken(Throwable failure) {
    // A connection that broke tells the close handler; what else goes wrong here is a size.
    if (!(failure instanceof IOException) && !(failure instanceof VertxException)) {
      owner.broken(CloseCode.TOO_BIG);
    }
  }

  private void onGone() {
    CloseCode end = code;
    if (end == null) {
      Short theirs = client.closeStatusCode();
      end = theirs != null && theirs == NORMAL ? CloseCode.DONE : CloseCode.GOING_AWAY;
      code = end;
    }
    release();
    host.vertx().cancelTimer(cutTimer);
    closed.tryComplete(end);
  }

  private void release() {
    host.vertx().cancelTimer(tickTimer);
    owner.release();
  }
}
