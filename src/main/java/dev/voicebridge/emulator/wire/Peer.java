package dev.voicebridge.emulator.wire;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.http.WebSocketInternal;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;

/** The client's socket, safe to write to at any time. Its event loop only. */
final class Peer {
  /** RFC 6455 §5.5: a control frame holds 125 bytes, two of which are the code. */
  private static final int LONGEST_REASON_BYTES = 123;

  private final ServerWebSocket socket;
  private boolean closing;

  Peer(ServerWebSocket socket) {
    this.socket = socket;
  }

  void send(JsonObject message) {
    sendText(message.encode());
  }

  void sendText(String frame) {
    if (isOpen()) {
      socket.writeTextMessage(frame);
    }
  }

  void sendBinary(byte[] bytes) {
    if (isOpen()) {
      socket.writeBinaryMessage(Buffer.buffer(bytes));
    }
  }

  boolean isOpen() {
    return !closing && !socket.isClosed();
  }

  /** Whether the client reads too slowly to be given more now. */
  boolean isFull() {
    return isOpen() && socket.writeQueueFull();
  }

  void onDrain(Runnable go) {
    if (isOpen()) {
      socket.drainHandler(
          v -> {
            socket.drainHandler(null);
            go.run();
          });
    }
  }

  void close(int code, String reason) {
    if (isOpen()) {
      closing = true;
      socket.close((short) code, clipped(reason));
    }
  }

  /** Drops the connection without a word. */
  void cut() {
    closing = true;
    if (!socket.isClosed() && socket instanceof WebSocketInternal internal) {
      // from the wire's end of the pipeline, so that no handler adds a Close frame
      var unused = internal.channelHandlerContext().pipeline().firstContext().close();
    }
  }

  private static String clipped(String reason) {
    String clipped = reason;
    while (clipped.getBytes(StandardCharsets.UTF_8).length > LONGEST_REASON_BYTES) {
      clipped = clipped.substring(0, clipped.offsetByCodePoints(clipped.length(), -1));
    }
    return clipped;
  }
}
