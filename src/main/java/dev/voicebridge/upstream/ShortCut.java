package dev.voicebridge.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.util.concurrent.FastThreadLocal;
import io.vertx.core.http.WebSocket;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.http.WebSocketInternal;
import org.jspecify.annotations.Nullable;

/**
 * Takes whole text messages out of the pipeline before the WebSocket layer copies and queues them.
 * It may do so only while that layer holds nothing: what is paused, fragmented or not text goes the
 * long way, and until all of that has come out at its end, everything behind it does, too. Event
 * loop only.
 */
final class ShortCut extends ChannelInboundHandlerAdapter {
  /** What comes out. */
  interface Exit {
    /**
     * @param utf8 to be read now; it is overwritten with the next message
     */
    void onText(byte[] utf8);
  }

  /** Deltas of one length follow each other, so this nearly always fits. */
  private static final FastThreadLocal<byte[]> LAST =
      new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
          return new byte[0];
        }
      };

  private final ContextInternal context;
  private final Exit exit;

  /** Data frames that took the long way and have not arrived. */
  private int underway;

  private boolean open;

  /** The layer held something before this was there, so nobody knows what it holds. */
  private boolean lost;

  private ShortCut(ContextInternal context, Exit exit) {
    this.context = context;
    this.exit = exit;
  }

  /**
   * @return closed at first; null where there can be none, because the caller is not on the event
   *     loop of the socket
   */
  static @Nullable ShortCut install(WebSocket socket, Exit exit) {
    ContextInternal context = ContextInternal.current();
    if (context == null || !(socket instanceof WebSocketInternal internal)) {
      return null;
    }
    ChannelHandlerContext layer = internal.channelHandlerContext();
    if (!layer.executor().inEventLoop()) {
      return null;
    }
    ShortCut shortCut = new ShortCut(context, exit);
    layer.pipeline().addBefore(layer.name(), "voicebridge-short-cut", shortCut);
    return shortCut;
  }

  /**
   * @param open false: everything takes the long way
   */
  void open(boolean open) {
    this.open = open;
  }

  /** A data frame has come out at the end of the long way. */
  void arrived() {
    if (underway == 0) {
      lost = true;
    } else {
      underway--;
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof TextWebSocketFrame text
        && open
        && !lost
        && underway == 0
        && text.isFinalFragment()) {
      byte[] utf8;
      try {
        utf8 = bytes(text.content());
      } finally {
        text.release();
      }
      context.dispatch(utf8, exit::onText);
      return;
    }
    if (message instanceof TextWebSocketFrame
        || message instanceof BinaryWebSocketFrame
        || message instanceof ContinuationWebSocketFrame) {
      underway++;
    }
    ctx.fireChannelRead(message);
  }

  private static byte[] bytes(ByteBuf content) {
    byte[] bytes = LAST.get();
    if (bytes.length != content.readableBytes()) {
      bytes = new byte[content.readableBytes()];
      LAST.set(bytes);
    }
    content.readBytes(bytes);
    return bytes;
  }
}
