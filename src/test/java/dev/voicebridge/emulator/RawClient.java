package dev.voicebridge.emulator;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A plain WebSocket that keeps what it hears. Every wait is bounded. */
final class RawClient implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 10;

  private final WebSocketClient client;
  private final LinkedBlockingQueue<Object> heard = new LinkedBlockingQueue<>();
  private final List<String> types = new ArrayList<>();
  private final Buffer audio = Buffer.buffer();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final ClientWebSocket socket;

  /**
   * @param uri path and query
   */
  RawClient(GuestHouse house, String uri) throws Exception {
    this(house, uri, "Bearer " + GuestHouse.KEY);
  }

  RawClient(GuestHouse house, String uri, @Nullable String authorization) throws Exception {
    client =
        house
            .vertx()
            .createWebSocketClient(
                new WebSocketClientOptions().setMaxFrameSize(8 << 20).setMaxMessageSize(8 << 20));
    WebSocketConnectOptions options =
        new WebSocketConnectOptions().setHost("127.0.0.1").setPort(house.port()).setURI(uri);
    if (authorization != null) {
      options.putHeader("Authorization", authorization);
    }
    socket = client.webSocket();
    socket.textMessageHandler(heard::add);
    socket.binaryMessageHandler(heard::add);
    socket.closeHandler(v -> closed.countDown());
    socket.connect(options).await(PATIENCE_SECONDS, SECONDS);
  }

  static RawClient realtime(GuestHouse house, String model) throws Exception {
    return new RawClient(house, "/api-ws/v1/realtime?model=" + model, "Bearer " + GuestHouse.KEY);
  }

  static RawClient inference(GuestHouse house) throws Exception {
    return new RawClient(house, "/api-ws/v1/inference", "bearer " + GuestHouse.KEY);
  }

  RawClient send(String frame) throws TimeoutException {
    socket.writeTextMessage(frame).await(PATIENCE_SECONDS, SECONDS);
    return this;
  }

  RawClient send(JsonObject message) throws TimeoutException {
    return send(message.encode());
  }

  /** Stops reading from the socket. */
  void pause() {
    socket.pause();
  }

  void resume() {
    socket.resume();
  }

  /** A realtime event without further fields. */
  RawClient event(String type) throws TimeoutException {
    return send(new JsonObject().put("type", type));
  }

  RawClient append(String text) throws TimeoutException {
    return send(new JsonObject().put("type", "input_text_buffer.append").put("text", text));
  }

  RawClient update(JsonObject session) throws TimeoutException {
    return send(new JsonObject().put("type", "session.update").put("session", session));
  }

  /** The next frame, a String or a Buffer. */
  Object next() throws InterruptedException {
    Object frame = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (frame == null) {
      throw new AssertionError("nothing more after " + types);
    }
    if (frame instanceof Buffer bytes) {
      types.add("binary");
      audio.appendBuffer(bytes);
    } else if (frame instanceof String text && text.startsWith("{")) {
      types.add(typeOf(new JsonObject(text)));
    } else {
      types.add("garbage");
    }
    return frame;
  }

  /** The next JSON message of that type; those before it show in {@link #types()}. */
  JsonObject await(String type) throws InterruptedException {
    while (true) {
      if (next() instanceof String text
          && text.startsWith("{")
          && typeOf(new JsonObject(text)).equals(type)) {
        return new JsonObject(text);
      }
    }
  }

  /** Types of what was awaited so far; inference results carry their output type. */
  List<String> types() {
    return types;
  }

  /** The binary frames awaited so far. */
  byte[] audio() {
    return audio.getBytes();
  }

  /** Whether something is there already. */
  boolean hasMore() {
    return !heard.isEmpty();
  }

  /**
   * @return the close code; 1006 when the connection was cut
   */
  int awaitClose() throws InterruptedException {
    if (!closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("not closed after " + types);
    }
    Short code = socket.closeStatusCode();
    return code == null ? 1006 : code;
  }

  @Nullable String closeReason() {
    return socket.closeReason();
  }

  private static String typeOf(JsonObject message) {
    JsonObject header = message.getJsonObject("header");
    if (header == null) {
      return message.getString("type", "?");
    }
    JsonObject output = message.getJsonObject("payload", new JsonObject()).getJsonObject("output");
    return output != null && output.getString("type") != null
        ? output.getString("type")
        : header.getString("event", "?");
  }

  @Override
  public void close() {
    try {
      client.close().await(PATIENCE_SECONDS, SECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }
}
