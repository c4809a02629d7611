package dev.voicebridge.http;

import dev.voicebridge.bridge.SessionLimits;
import dev.voicebridge.bridge.VoiceBook;
import dev.voicebridge.config.Config;
import dev.voicebridge.llm.ChatClient;
import dev.voicebridge.llm.ChatDeadlines;
import dev.voicebridge.llm.ChatService;
import dev.voicebridge.upstream.Upstreams;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The doors, the sessions and their upstream sockets of one event loop. */
public final class BridgeVerticle extends VerticleBase {
  private static final int HTTP_IDLE_SECONDS = 75;
  private static final int GRACE_SECONDS = 5;
  private static final int MAX_REQUEST_LINE_BYTES = 8 * 1024;
  private static final int MAX_HEADER_BYTES = 16 * 1024;

  private final Instance instance;

  // Servers and clients stay in fields: what is unreachable gets closed.
  private @Nullable HttpServer server;
  private @Nullable HttpServer admin;
  private @Nullable RealtimeEndpoint realtime;
  private @Nullable OpsEndpoint ops;

  public BridgeVerticle(Instance instance) {
    this.instance = instance;
  }

  @Override
  public Future<?> start() {
    Config config = instance.config();
    Answers answers = new Answers(instance.metrics());
    Upstreams upstreams = new Upstreams(vertx, config, instance.metrics()::delta);
    VoiceBook voices = new LibraryVoices(instance.library(), config.dashScope().baseUrl());
    ChatClient chat = new ChatClient(vertx, chatService(config), ChatDeadlines.DEFAULTS);
    RealtimeEndpoint realtime = new RealtimeEndpoint(instance, vertx, upstreams, voices, chat);
    SpeechEndpoint speech = new SpeechEndpoint(instance, vertx, upstreams, voices, chat);
    OpsEndpoint ops = new OpsEndpoint(instance);
    this.realtime = realtime;
    this.ops = ops;

    HttpServer server =
        vertx
            .createHttpServer(options())
            .requestHandler(
                answers.before(Routes.doors(vertx, instance, realtime, speech, ops, answers)))
            .invalidRequestHandler(answers::invalid);
    this.server = server;
    Future<HttpServer> listening = listen(server, config.host(), config.port(), -1);
    Integer adminPort = config.adminPort();
    if (adminPort == null) {
      return listening;
    }
    HttpServer admin =
        vertx
            .createHttpServer(options())
            .requestHandler(answers.before(Routes.admin(vertx, ops, answers)))
            .invalidRequestHandler(answers::invalid);
    this.admin = admin;
    return listening.compose(v -> listen(admin, config.host(), adminPort, -2));
  }

  private static ChatService chatService(Config config) {
    Config.LanguageModel model = config.languageModel();
    return new ChatService(
        model.baseUrl(), model.apiKey(), model.model(), config.dashScope().has(model.baseUrl()));
  }

  /**
   * @param anyFree what stands for port 0: to Vert.x a negative port is any free one, the same for
   *     all verticles of a deployment that ask for that number
   */
  private static Future<HttpServer> listen(HttpServer server, String host, int port, int anyFree) {
    return server
        .listen(port == 0 ? anyFree : port, host)
        .recover(cause -> Future.failedFuture(new ListenException(host, port, cause)));
  }

  private static HttpServerOptions options() {
    int maxMessageBytes = SessionLimits.DEFAULTS.maxMessageBytes();
    return new HttpServerOptions()
        // PCM does not shrink, and the attempt costs three times the relay.
        .setPerMessageWebSocketCompressionSupported(false)
        .setPerFrameWebSocketCompressionSupported(false)
        .setWebSocketSubProtocols(List.of(RealtimeEndpoint.SUBPROTOCOL))
        // Above the limit of a message, so that the guard can say 1009; a longer frame is cut off.
        .setMaxWebSocketFrameSize(2 * maxMessageBytes)
        .setMaxWebSocketMessageSize(2 * maxMessageBytes)
        .setWebSocketClosingTimeout(GRACE_SECONDS)
        .setHttp2ClearTextEnabled(false)
        .setMaxInitialLineLength(MAX_REQUEST_LINE_BYTES)
        .setMaxHeaderSize(MAX_HEADER_BYTES)
        .setIdleTimeout(HTTP_IDLE_SECONDS)
        .setIdleTimeoutUnit(TimeUnit.SECONDS)
        .setTcpNoDelay(true);
  }

  /** The port in use, once started. */
  public int port() {
    return actualPort(server);
  }

  int adminPort() {
    return actualPort(admin);
  }

  private static int actualPort(@Nullable HttpServer server) {
    if (server == null) {
      throw new IllegalStateException("not listening");
    }
    return server.actualPort();
  }

  /** Tells every session to come back elsewhere, lets requests end, then closes. */
  @Override
  public Future<?> stop() {
    if (ops != null) {
      ops.stopping();
    }
    if (realtime != null) {
      realtime.restart();
    }
    return Future.join(shutdown(server), shutdown(admin));
  }

  private static Future<Void> shutdown(@Nullable HttpServer server) {
    return server == null
        ? Future.succeededFuture()
        : server.shutdown(GRACE_SECONDS, TimeUnit.SECONDS);
  }
}
