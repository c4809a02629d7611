package dev.voicebridge.upstream.inference;

import dev.voicebridge.upstream.Deadlines;
import dev.voicebridge.upstream.ServiceSocket;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketClient;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Sockets whose last task is done: the next task may use them, whoever it belongs to, as long as it
 * is spoken on the server's own key. Event loop only.
 */
final class IdleSockets {
  private static final int MAX_SOCKETS = 32;

  private final Vertx vertx;
  private final WebSocketClient client;
  private final String uri;
  private final ServiceSocket.Secret ours;
  private final Deadlines deadlines;
  private final Deque<Idle> sockets = new ArrayDeque<>();

  /**
   * @param ours the server's own key: a visitor's key is not to outlive his session
   */
  IdleSockets(
      Vertx vertx,
      WebSocketClient client,
      String uri,
      ServiceSocket.Secret ours,
      Deadlines deadlines) {
    this.vertx = vertx;
    this.client = client;
    this.uri = uri;
    this.ours = ours;
    this.deadlines = deadlines;
  }

  Future<ServiceSocket> take(ServiceSocket.Secret key) {
    Idle idle = key.equals(ours) ? sockets.pollLast() : null;
    if (idle != null) {
      vertx.cancelTimer(idle.timer);
      return Future.succeededFuture(idle.socket);
    }
    return ServiceSocket.connect(client, uri, key, deadlines.connect());
  }

  void giveBack(ServiceSocket.Secret key, ServiceSocket socket) {
    if (key.equals(ours) && socket.isOpen() && sockets.size() < MAX_SOCKETS) {
      Idle idle = new Idle(socket);
      sockets.addLast(idle);
      socket.receiver(idle);
    } else {
      socket.close();
    }
  }

  private final class Idle implements ServiceSocket.Receiver {
    private final ServiceSocket socket;
    private final long timer;

    Idle(ServiceSocket socket) {
      this.socket = socket;
      this.timer = vertx.setTimer(deadlines.keepIdle().toMillis(), late -> forget());
    }

    private void forget() {
      sockets.remove(this);
      vertx.cancelTimer(timer);
      socket.close();
    }

    @Override
    public void onText(byte[] utf8) {
      // A late event of a task that is over.
    }

    @Override
    public void onBinary(Buffer bytes) {
      // Late audio: whose it is cannot be said, so the socket is of no further use.
      forget();
    }

    @Override
    public void onClosed(int code, @Nullable String reason) {
      forget();
    }
  }
}
