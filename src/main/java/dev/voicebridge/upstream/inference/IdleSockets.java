package dev.voicebridge.upstream.inference;

import dev.voicebridge.upstream.ServiceSocket;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketClient;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sockets whose last task is done: the next task may use them, whoever it belongs to, as long as
 * the key is the same. Event loop only.
 */
final class IdleSockets {
  /** The vendor closes after about 60 s. */
  private static final long KEEP_MS = 50_000;

  private static final int MAX_PER_KEY = 32;

  private final Vertx vertx;
  private final WebSocketClient client;
  private final String uri;
  private final Map<ServiceSocket.Secret, Deque<Idle>> byKey = new HashMap<>();

  IdleSockets(Vertx vertx, WebSocketClient client, String uri) {
    this.vertx = vertx;
    this.client = client;
    this.uri = uri;
  }

  Future<ServiceSocket> take(ServiceSocket.Secret key) {
    Deque<Idle> sockets = byKey.get(key);
    Idle idle = sockets == null ? null : sockets.pollLast();
    if (sockets != null && sockets.isEmpty()) {
      byKey.remove(key);
    }
    if (idle != null) {
      vertx.cancelTimer(idle.timer);
      return Future.succeededFuture(idle.socket);
    }
    return ServiceSocket.connect(client, uri, key);
  }

  void giveBack(ServiceSocket.Secret key, ServiceSocket socket) {
    Deque<Idle> sockets = byKey.computeIfAbsent(key, first -> new ArrayDeque<>());
    if (!socket.isOpen() || sockets.size() >= MAX_PER_KEY) {
      socket.close();
      if (sockets.isEmpty()) {
        byKey.remove(key);
      }
      return;
    }
    Idle idle = new Idle(key, socket);
    sockets.addLast(idle);
    socket.receiver(idle);
  }

  private final class Idle implements ServiceSocket.Receiver {
    private final ServiceSocket.Secret key;
    private final ServiceSocket socket;
    private final long timer;

    Idle(ServiceSocket.Secret key, ServiceSocket socket) {
      this.key = key;
      this.socket = socket;
      this.timer = vertx.setTimer(KEEP_MS, late -> forget());
    }

    private void forget() {
      Deque<Idle> sockets = byKey.get(key);
      if (sockets != null && sockets.remove(this) && sockets.isEmpty()) {
        byKey.remove(key);
      }
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
