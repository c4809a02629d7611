package dev.voicebridge.bench;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler.HandshakeComplete;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A service that speaks Qwen's wire in commit mode and costs next to nothing: every event is
 * rendered beforehand, the text is the order what to send ({@link Speech.Order}). A process of its
 * own; prints its port.
 */
// Netty's void promises report to the pipeline; nothing is lost by not looking at them.
@SuppressWarnings("FutureReturnValueIgnored")
final class SyntheticQwen {
  private static final double GOLDEN = 0.618_033_988_749_895;
  private static final Pattern TEXT = Pattern.compile("\"text\"\\s*:\\s*\"([^\"]+)\"");
  private final Speech speech;
  private final Runnable onFirstAudio;
  private int connections;

  private SyntheticQwen(Speech speech, Runnable onFirstAudio) {
    this.speech = speech;
    this.onFirstAudio = onFirstAudio;
  }

  public static void main(String[] arguments) throws InterruptedException {
    EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    Channel door = open(loop, new Speech(Integer.parseInt(arguments[0])), () -> {});
    System.out.println(((InetSocketAddress) door.localAddress()).getPort());
    door.closeFuture().sync();
  }

  /**
   * In this process.
   *
   * @param onFirstAudio called on the loop before the first audio of a response is written
   */
  static Channel open(EventLoopGroup loop, Speech speech, Runnable onFirstAudio)
      throws InterruptedException {
    SyntheticQwen service = new SyntheticQwen(speech, onFirstAudio);
    return new ServerBootstrap()
        .group(loop)
        .channel(EpollServerSocketChannel.class)
        .option(ChannelOption.SO_BACKLOG, 4096)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                channel
                    .pipeline()
                    .addLast(
                        new HttpServerCodec(),
                        new HttpObjectAggregator(65_536),
                        new WebSocketServerProtocolHandler("/api-ws/v1/realtime", true),
                        service.new Conversation(service.connections++));
              }
            })
        .bind("127.0.0.1", 0)
        .sync()
        .channel();
  }

  private final class Conversation extends SimpleChannelInboundHandler<TextWebSocketFrame> {
    /** Where in the interval this session's chunks fall; the sessions are spread evenly. */
    private final double phase;

    private Speech.Order order = new Speech.Order(Speech.Shape.STANDARD, 1, 0);

    /** Every response has an id of its own: a second end of one that has ended is no end. */
    private int responses;

    private int sent;
    private long nextNanos;

    Conversation(int number) {
      phase = number * GOLDEN % 1;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof HandshakeComplete) {
        say(ctx, "session.created", "\"session\":{\"object\":\"realtime.session\",\"id\":\"s\"}");
        ctx.flush();
      }
    }

    /** Somebody hung up on what was still to be written. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, TextWebSocketFrame frame) {
      String event = frame.content().toString(StandardCharsets.UTF_8);
      if (event.contains("\"session.update\"")) {
        say(ctx, "session.updated", "\"session\":{\"object\":\"realtime.session\",\"id\":\"s\"}");
        ctx.flush();
      } else if (event.contains("\"input_text_buffer.append\"")) {
        Matcher text = TEXT.matcher(event);
        if (text.find()) {
          order = Speech.Order.parse(text.group(1));
        }
      } else if (event.contains("\"input_text_buffer.commit\"")) {
        speak(ctx);
      }
    }

    private void speak(ChannelHandlerContext ctx) {
      sent = 0;
      responses++;
      say(ctx, "input_text_buffer.committed", "\"item_id\":\"\"");
      say(
          ctx,
          "response.created",
          "\"response\":{\"id\":\""
              + responseId()
              + "\",\"object\":\"realtime.response\","
              + "\"conversation_id\":\"\",\"status\":\"in_progress\",\"voice\":\"Cherry\","
              + "\"output\":[]}");
      say(
          ctx,
          "response.output_item.added",
          "\"response_id\":\""
              + responseId()
              + "\",\"output_index\":0,\"item\":{\"id\":\"item_1\","
              + "\"object\":\"realtime.item\",\"type\":\"message\",\"status\":\"in_progress\","
              + "\"role\":\"assistant\",\"content\":[]}");
      say(
          ctx,
          "response.content_part.added",
          ids() + ",\"part\":{\"type\":\"audio\",\"text\":\"\"}");
      ctx.flush();
      if (order.everyMicros() == 0) {
        while (sent < order.chunks()) {
          delta(ctx);
        }
        done(ctx);
        ctx.flush();
      } else {
        long everyNanos = TimeUnit.MICROSECONDS.toNanos(order.everyMicros());
        nextNanos = System.nanoTime() + (long) (phase * everyNanos);
        next(ctx);
      }
    }

    private String responseId() {
      return "resp_" + responses;
    }

    private String ids() {
      return "\"response_id\":\""
          + responseId()
          + "\",\"item_id\":\"item_1\",\"output_index\":0,\"content_index\":0";
    }

    private void next(ChannelHandlerContext ctx) {
      ctx.executor().schedule(() -> tick(ctx), nextNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    private void tick(ChannelHandlerContext ctx) {
      if (!ctx.channel().isActive()) {
        return;
      }
      delta(ctx);
      nextNanos += TimeUnit.MICROSECONDS.toNanos(order.everyMicros());
      if (sent == order.chunks()) {
        done(ctx);
      } else {
        next(ctx);
      }
      ctx.flush();
    }

    private void delta(ChannelHandlerContext ctx) {
      if (sent == 0) {
        onFirstAudio.run();
      }
      ctx.write(new TextWebSocketFrame(speech.event(order.shape(), sent++)), ctx.voidPromise());
    }

    private void done(ChannelHandlerContext ctx) {
      say(ctx, "response.audio.done", ids());
      say(
          ctx,
          "response.content_part.done",
          ids() + ",\"part\":{\"type\":\"audio\",\"text\":\"\"}");
      say(
          ctx,
          "response.done",
          "\"response\":{\"id\":\""
              + responseId()
              + "\",\"object\":\"realtime.response\","
              + "\"conversation_id\":\"\",\"status\":\"completed\",\"voice\":\"Cherry\","
              + "\"output\":[],\"usage\":{\"characters\":9}}");
    }

    private static void say(ChannelHandlerContext ctx, String type, String rest) {
      String event = "{\"event_id\":\"event_1\",\"type\":\"" + type + "\"," + rest + "}";
      ctx.write(
          new TextWebSocketFrame(ByteBufUtil.writeUtf8(ctx.alloc(), event)), ctx.voidPromise());
    }
  }
}
