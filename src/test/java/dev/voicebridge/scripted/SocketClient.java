package dev.voicebridge.scripted;

import io.vertx.core.http.WebSocket;
import java.util.List;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A client of a WebSocket that writes down what it hears, and notes each breach of what always
 * holds; closing it fails where there was one.
 *
 * @param <H> what it hears
 */
abstract class SocketClient<H> implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 10;

  final WebSocket socket;

  /** Every text frame as it came. */
  final List<String> raw = new CopyOnWriteArrayList<>();

  /** Bytes of audio so far. */
  final AtomicLong audioBytes = new AtomicLong();

  /** What must never be, and was. */
  final List<String> breaches = new CopyOnWriteArrayList<>();

  final BlockingDeque<H> heard = new LinkedBlockingDeque<>();

  SocketClient(WebSocket socket) {
    this.socket = socket;
  }

  final void check(boolean holds, String breach) {
    if (!holds) {
      breaches.add(breach);
    }
  }

  /** How the socket was closed. */
  final Heard.Closed farewell() {
    Short code = socket.closeStatusCode();
    String reason = socket.closeReason();
    return new Heard.Closed(code == null ? 1006 : code, reason == null ? "" : reason);
  }

  /** What is heard next, within 10 s. */
  final H next() {
    try {
      H next = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("nothing more was heard; " + account());
      }
      return next;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }

  private String account() {
    return "breaches: "
        + breaches
        + " last: "
        + raw.subList(Math.max(0, raw.size() - 3), raw.size());
  }

  @Override
  public void close() {
    // A paused socket never sees the answer to its close.
    socket.resume();
    socket.close();
    if (!breaches.isEmpty()) {
      throw new AssertionError(account());
    }
  }
}
