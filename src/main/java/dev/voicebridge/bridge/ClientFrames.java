package dev.voicebridge.bridge;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketFrame;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Puts a client's frames together to messages, and refuses what the WebSocket layer would let pass:
 * text that is not UTF-8 (RFC 6455 §8.1), and messages that are too long, which it would drop in
 * silence. Event loop only.
 */
final class ClientFrames implements Handler<WebSocketFrame> {
  /** Who gets the messages; {@code broken} is the last call. */
  interface Receiver {
    void onText(String text);

    void onBinary();

    void broken(CloseCode why);
  }

  private final int maxMessageBytes;
  private final Receiver receiver;

  /** The frames of a message so far; null between messages. */
  private @Nullable Buffer fragments;

  private boolean inText;
  private boolean done;

  ClientFrames(int maxMessageBytes, Receiver receiver) {
    this.maxMessageBytes = maxMessageBytes;
    this.receiver = receiver;
  }

  @Override
  public void handle(WebSocketFrame frame) {
    if (done || !(frame.isText() || frame.isBinary() || frame.isContinuation())) {
      return;
    }
    Buffer message = frame.binaryData();
    Buffer earlier = fragments;
    if (!frame.isContinuation()) {
      inText = frame.isText();
    } else if (earlier != null) {
      message = earlier.appendBuffer(message);
    }
    if (message.length() > maxMessageBytes) {
      end(CloseCode.TOO_BIG);
    } else if (!frame.isFinal()) {
      fragments = message == earlier ? earlier : Buffer.buffer().appendBuffer(message);
    } else {
      fragments = null;
      deliver(message);
    }
  }

  private void deliver(Buffer message) {
    if (!inText) {
      receiver.onBinary();
      return;
    }
    String text;
    try {
      text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(message.getBytes()))
              .toString();
    } catch (CharacterCodingException notUtf8) {
      end(CloseCode.BAD_UTF8);
      return;
    }
    receiver.onText(text);
  }

  private void end(CloseCode why) {
    done = true;
    fragments = null;
    receiver.broken(why);
  }
}
