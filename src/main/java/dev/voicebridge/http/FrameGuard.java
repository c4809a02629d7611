package dev.voicebridge.http;

import dev.voicebridge.bridge.CloseCode;
import io.vertx.core.Handler;
import io.vertx.core.http.WebSocketFrame;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Looks at a client's frames for what the WebSocket layer lets pass: text that is not UTF-8 (RFC
 * 6455 §8.1) and messages that are too long, which it would drop in silence. Event loop only.
 */
final class FrameGuard implements Handler<WebSocketFrame> {
  private final int maxMessageBytes;
  private final Consumer<CloseCode> broken;
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);
  private final CharBuffer scratch = CharBuffer.allocate(1024);

  /** Bytes of a character that the last frame left unfinished; at most three. */
  private byte[] carried = {};

  private boolean inText;
  private long messageBytes;
  private boolean done;

  /**
   * @param broken called once, with what the socket is to be closed with
   */
  FrameGuard(int maxMessageBytes, Consumer<CloseCode> broken) {
    this.maxMessageBytes = maxMessageBytes;
    this.broken = broken;
  }

  @Override
  public void handle(WebSocketFrame frame) {
    if (done || !(frame.isText() || frame.isBinary() || frame.isContinuation())) {
      return;
    }
    byte[] bytes = frame.binaryData().getBytes();
    if (!frame.isContinuation()) {
      inText = frame.isText();
      messageBytes = 0;
      carried = new byte[0];
      decoder.reset();
    }
    messageBytes += bytes.length;
    if (messageBytes > maxMessageBytes) {
      end(CloseCode.TOO_BIG);
    } else if (inText && !isUtf8(bytes, frame.isFinal())) {
      end(CloseCode.BAD_UTF8);
    }
  }

  private void end(CloseCode code) {
    done = true;
    broken.accept(code);
  }

  private boolean isUtf8(byte[] bytes, boolean last) {
    ByteBuffer in =
        ByteBuffer.allocate(carried.length + bytes.length).put(carried).put(bytes).flip();
    CoderResult result;
    do {
      scratch.clear();
      result = decoder.decode(in, scratch, last);
      if (result.isError()) {
        return false;
      }
    } while (result.isOverflow());
    carried = new byte[in.remaining()];
    in.get(carried);
    return true;
  }
}
