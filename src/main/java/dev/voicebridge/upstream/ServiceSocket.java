package dev.voicebridge.upstream;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket to a service, with whole messages as bytes: a text frame is not made a String before
 * somebody needs one. Event loop only.
 */
public final class ServiceSocket {
  /** Longest message that is put together from fragments, bytes. */
  public static final int MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

  /** What comes in. The last call is {@link #onClosed}, once, and never after {@link #close()}. */
  public interface Receiver {
    /**
     * @param utf8 to be read before the call returns, and not to be changed
     */
    void onText(byte[] utf8);

    void onBinary(Buffer bytes);

    /**
     * @param reason what the peer said, perhaps empty
     */
    void onClosed(int code, String reason);
  }

  private final WebSocket socket;
  private final Secret secret;

  /** Null until somebody listens; the socket is paused until then. */
  private @Nullable Receiver receiver;

  /** Collects the fragments of one message; null between messages. */
  private @Nullable Buffer fragments;

  /** Null where there is none. */
  private final @Nullable ShortCut shortCut;

  private boolean fragmentsAreText;
  private boolean closed;

  /** A key, and the promise that it shows in no message. */
  public record Secret(String value) {
    String removedFrom(String text) {
      return value.isEmpty() ? text : text.replace(value, "***");
    }

    @Override
    public String toString() {
      return "***";
    }
  }

  /** How the service closed while it was paused; null: it has not. */
  private @Nullable Goodbye goodbye;

  private boolean paused;

  private record Goodbye(int code, String reason) {}

  private ServiceSocket(WebSocket socket, Secret secret) {
    this.socket = socket;
    this.secret = secret;
    // The first event of a service may share a segment with the upgrade.
    socket.pause();
    socket.frameHandler(this::onFrame);
    shortCut = ShortCut.install(socket, this::onWholeText);
    socket.exceptionHandler(failure -> end(1006, String.valueOf(failure.getMessage())));
    socket.closeHandler(
        gone -> {
          Short code = socket.closeStatusCode();
          String reason = socket.closeReason();
          Goodbye said = new Goodbye(code == null ? 1005 : code, reason == null ? "" : reason);
          if (paused) {
            // What came before it still waits here, perhaps all that is left of the speech.
            goodbye = said;
          } else {
            end(said.code, said.reason);
          }
        });
  }

  /**
   * Connects with {@code Authorization: Bearer}.
   *
   * @param uri {@code ws://} or {@code wss://}
   * @param deadline for the answer to the upgrade
   * @return fails with {@link UpstreamException}: UNREACHABLE, TIMEOUT, or REFUSED with the
   *     vendor's code where the upgrade was refused
   */
  public static Future<ServiceSocket> connect(
      WebSocketClient client, String uri, Secret key, Duration deadline) {
    WebSocketConnectOptions options = new WebSocketConnectOptions().setAbsoluteURI(uri);
    options.addHeader(HttpHeaderNames.AUTHORIZATION.toString(), "Bearer " + key.value());
    Future<WebSocket> connecting = client.connect(options);
    return connecting
        .map(socket -> new ServiceSocket(socket, key))
        .timeout(deadline.toMillis(), TimeUnit.MILLISECONDS)
        .recover(
            failure -> {
              // A connection that comes after its deadline is nobody's.
              connecting.onSuccess(WebSocket::close);
              return Future.failedFuture(explain(failure, key));
            });
  }

  private static UpstreamException explain(Throwable failure, Secret key) {
    if (failure instanceof UpgradeRejectedException rejected) {
      int status = rejected.getStatus();
      JsonObject body = bodyOf(rejected);
      String said = textOf(body, "message");
      String message = said == null ? "the service answered HTTP " + status : key.removedFrom(said);
      String code = textOf(body, "code");
      if (code != null) {
        code = key.removedFrom(code);
      }
      if (status == 429) {
        return new UpstreamException(UpstreamException.Kind.RATE_LIMITED, code, message);
      }
      return new UpstreamException(
          status >= 500 ? UpstreamException.Kind.SERVICE : UpstreamException.Kind.REFUSED,
          code,
          message);
    }
    if (failure instanceof TimeoutException) {
      return new UpstreamException(
          UpstreamException.Kind.TIMEOUT, "the service did not accept the connection in time");
    }
    return new UpstreamException(
        UpstreamException.Kind.UNREACHABLE, "the service cannot be reached");
  }

  private static @Nullable String textOf(JsonObject body, String field) {
    return body.getValue(field) instanceof String text ? text : null;
  }

  private static JsonObject bodyOf(UpgradeRejectedException rejected) {
    Buffer body = rejected.getBody();
    if (body == null) {
      return new JsonObject();
    }
    try {
      return body.toJsonObject();
    } catch (RuntimeException notJson) {
      // A gateway's HTML page says nothing that the status does not.
      return new JsonObject();
    }
  }

  /** Names who gets what comes from now on, and lets it come. */
  public void receiver(Receiver receiver) {
    this.receiver = receiver;
    resume();
  }

  public boolean isOpen() {
    return !closed && !socket.isClosed();
  }

  /** A text the vendor wrote, without our key. */
  public String clean(String text) {
    return secret.removedFrom(text);
  }

  /** An error the vendor put into words, without our key. */
  public UpstreamException vendorError(@Nullable String code, @Nullable String message) {
    return UpstreamException.ofVendor(
        code == null ? null : clean(code), message == null ? null : clean(message));
  }

  public void write(JsonObject message) {
    if (isOpen()) {
      socket.writeTextMessage(message.encode());
    }
  }

  public void pause() {
    if (!closed) {
      paused = true;
      openShortCut(false);
      socket.pause();
    }
  }

  public void resume() {
    if (closed) {
      return;
    }
    paused = false;
    Context context = Vertx.currentContext();
    if (goodbye == null || context == null) {
      openShortCut(true);
      socket.resume();
    } else {
      socket.resume();
      // Behind everything that waited, unless there is so much that it is paused again.
      context.runOnContext(drained -> sayGoodbye());
    }
  }

  private void sayGoodbye() {
    Goodbye said = goodbye;
    if (said != null && !paused) {
      end(said.code, said.reason);
    }
  }

  private void openShortCut(boolean open) {
    if (shortCut != null) {
      shortCut.open(open);
    }
  }

  /** Says goodbye; nothing is received any more. Idempotent. */
  public void close() {
    receiver = null;
    fragments = null;
    if (!closed) {
      closed = true;
      if (!socket.isClosed()) {
        socket.close((short) 1000, "bye");
        // Reads on, into nothing, to see the peer's answer to the close frame.
        socket.resume();
      }
    }
  }

  private void end(int code, String reason) {
    if (closed) {
      return;
    }
    closed = true;
    Receiver last = receiver;
    receiver = null;
    fragments = null;
    if (!socket.isClosed()) {
      socket.close();
    }
    if (last != null) {
      last.onClosed(code, secret.removedFrom(reason));
    }
  }

  private void onWholeText(byte[] utf8) {
    Receiver to = receiver;
    if (to != null) {
      to.onText(utf8);
    }
  }

  private void onFrame(WebSocketFrame frame) {
    if (shortCut != null && (frame.isText() || frame.isBinary() || frame.isContinuation())) {
      shortCut.arrived();
    }
    Receiver to = receiver;
    if (to == null || frame.isClose() || frame.isPing()) {
      return;
    }
    if (frame.isContinuation()) {
      Buffer soFar = fragments;
      if (soFar == null) {
        return;
      }
      soFar.appendBuffer(frame.binaryData());
      if (soFar.length() > MAX_MESSAGE_BYTES) {
        end(1009, "message too big");
      } else if (frame.isFinal()) {
        fragments = null;
        if (fragmentsAreText) {
          to.onText(soFar.getBytes());
        } else {
          to.onBinary(soFar);
        }
      }
    } else if (!frame.isFinal()) {
      fragmentsAreText = frame.isText();
      fragments = Buffer.buffer().appendBuffer(frame.binaryData());
    } else if (frame.isText()) {
      to.onText(Bytes.of(frame.binaryData()));
    } else if (frame.isBinary()) {
      to.onBinary(frame.binaryData());
    }
  }

  /** Parses a message that ought to be a JSON object. */
  public static @Nullable JsonObject parse(byte[] utf8) {
    try {
      return new JsonObject(new String(utf8, StandardCharsets.UTF_8));
    } catch (RuntimeException notAnObject) {
      // The caller turns null into the one error that it is.
      return null;
    }
  }
}
