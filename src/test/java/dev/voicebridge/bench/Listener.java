package dev.voicebridge.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;

/** One session that orders speech and verifies every byte of it. */
// Netty's void promises report to the pipeline; nothing is lost by not looking at them.
@SuppressWarnings("FutureReturnValueIgnored")
final class Listener extends SimpleChannelInboundHandler<WebSocketFrame> {
  /** What is on the other side. */
  enum Wire {
    /** The bridge: binary frames. */
    BRIDGE("/v1/realtime"),
    /** The service itself, perhaps behind a proxy: base64 in events. */
    QWEN("/api-ws/v1/realtime");

    private final String path;

    Wire(String path) {
      this.path = path;
    }
  }

  private final Wire wire;
  private final Speech speech;
  private final LongAdder pcmBytes;
  private final CompletableFuture<Listener> opened = new CompletableFuture<>();
  private Channel channel;

  // Of the response that speaks; event loop only.
  private Speech.Order order = new Speech.Order(Speech.Shape.STANDARD, 0, 0);
  private CompletableFuture<Long> spoken = new CompletableFuture<>();
  private long committedNanos;
  private long firstAudioNanos;
  private int chunks;

  private Listener(Wire wire, Speech speech, LongAdder pcmBytes) {
    this.wire = wire;
    this.speech = speech;
    this.pcmBytes = pcmBytes;
  }

  /**
   * Connects and sends the settings.
   *
   * @param pcmBytes counts the verified samples, in bytes
   * @return completes when the settings are acknowledged
   */
  static CompletableFuture<Listener> open(
      EventLoopGroup loop, Wire wire, int port, Speech speech, LongAdder pcmBytes) {
    Listener listener = new Listener(wire, speech, pcmBytes);
    URI uri = URI.create("ws://127.0.0.1:" + port + wire.path + "?model=qwen3-tts-flash-realtime");
    WebSocketClientProtocolConfig config =
        WebSocketClientProtocolConfig.newBuilder()
            .webSocketUri(uri)
            .version(WebSocketVersion.V13)
            .customHeaders(new DefaultHttpHeaders().add("authorization", "Bearer bench"))
            .maxFramePayloadLength(1024 * 1024)
            .build();
    new Bootstrap()
        .group(loop)
        .channel(EpollSocketChannel.class)
        .option(ChannelOption.TCP_NODELAY, true)
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                channel
                    .pipeline()
                    .addLast(
                        new HttpClientCodec(),
                        new HttpObjectAggregator(65_536),
                        new WebSocketClientProtocolHandler(config),
                        listener);
              }
            })
        .connect("127.0.0.1", port)
        .addListener(
            connecting -> {
              if (!connecting.isSuccess()) {
                listener.opened.completeExceptionally(connecting.cause());
              }
            });
    return listener.opened;
  }

  /**
   * Orders speech and commits.
   *
   * @return completes when all of it has come, with the time from the commit to the first audio,
   *     nanoseconds; fails when anything else has come
   */
  CompletableFuture<Long> speak(Speech.Order order) {
    CompletableFuture<Long> spoken = new CompletableFuture<>();
    channel
        .eventLoop()
        .execute(
            () -> {
              this.order = order;
              this.spoken = spoken;
              chunks = 0;
              firstAudioNanos = 0;
              say("{\"type\":\"input_text_buffer.append\",\"text\":\"" + order.text() + "\"}");
              committedNanos = System.nanoTime();
              say("{\"type\":\"input_text_buffer.commit\"}");
            });
    return spoken;
  }

  private void say(String event) {
    channel.writeAndFlush(
        new TextWebSocketFrame(ByteBufUtil.writeUtf8(channel.alloc(), event)),
        channel.voidPromise());
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == WebSocketClientProtocolHandler.ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
      channel = ctx.channel();
      say(
          "{\"type\":\"session.update\",\"session\":{\"voice\":\"Cherry\",\"mode\":\"commit\","
              + "\"response_format\":\"pcm\",\"sample_rate\":24000}}");
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) {
    if (frame instanceof BinaryWebSocketFrame) {
      audio(frame.content(), speech.pcm(chunks));
    } else if (frame instanceof TextWebSocketFrame) {
      if (wire == Wire.QWEN && frame.content().readableBytes() > speech.chunkBytes()) {
        audio(frame.content(), speech.event(order.shape(), chunks));
      } else {
        event(frame.content().toString(StandardCharsets.UTF_8));
      }
    }
  }

  private void audio(ByteBuf came, ByteBuf expected) {
    if (firstAudioNanos == 0) {
      firstAudioNanos = System.nanoTime();
    }
    if (!ByteBufUtil.equals(came, expected)) {
      fail("chunk " + chunks + " is not what was spoken");
    } else {
      chunks++;
      pcmBytes.add(speech.chunkBytes());
    }
  }

  private void event(String event) {
    if (event.contains("\"type\":\"session.updated\"")) {
      opened.complete(this);
    } else if (event.contains("\"type\":\"response.done\"")) {
      if (chunks == order.chunks() && event.contains("\"completed\"")) {
        spoken.complete(firstAudioNanos - committedNanos);
      } else {
        fail(chunks + " of " + order.chunks() + " chunks came: " + event);
      }
    } else if (event.contains("\"type\":\"error\"")) {
      fail(event);
    }
  }

  private void fail(String why) {
    IllegalStateException failure = new IllegalStateException(wire + ": " + why);
    opened.completeExceptionally(failure);
    spoken.completeExceptionally(failure);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    fail("the connection was closed");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    fail(cause.toString());
  }
}
