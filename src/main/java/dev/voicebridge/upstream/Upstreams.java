package dev.voicebridge.upstream;

import dev.voicebridge.catalogue.Dialect;
import dev.voicebridge.config.Config;
import dev.voicebridge.upstream.inference.DashScopeInference;
import dev.voicebridge.upstream.openai.Engine;
import dev.voicebridge.upstream.openai.OpenAiSpeech;
import dev.voicebridge.upstream.qwen.QwenRealtime;
import dev.voicebridge.upstream.qwenhttp.QwenHttp;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Config → Upstream: the only place that lists the dialects. One per verticle, event loop only. */
public final class Upstreams {
  /** A second of audio is about 64 KB of base64. */
  private static final int MAX_FRAME_BYTES = 1024 * 1024;

  /** Bounds what one read may bring before a pause bites. */
  private static final int RECEIVE_BUFFER_BYTES = 32 * 1024;

  private static final int CLOSING_SECONDS = 2;

  /** A field, because a client that nobody holds is closed. */
  private final WebSocketClient client;

  private final Upstream qwen;
  private final DashScopeInference.Pair inference;
  private final Upstream openAi;
  private final Upstream qwenStream;
  private final Upstream qwenFile;

  public Upstreams(Vertx vertx, Config config, UpstreamMeter meter) {
    this(vertx, config.dashScope(), engines(config), meter, Deadlines.DEFAULTS);
  }

  /**
   * @param engines what speaks over HTTP
   */
  public Upstreams(
      Vertx vertx,
      Config.DashScope dashScope,
      List<Engine> engines,
      UpstreamMeter meter,
      Deadlines deadlines) {
    client =
        vertx.createWebSocketClient(
            new WebSocketClientOptions()
                .setMaxConnections(Integer.MAX_VALUE)
                .setMaxFrameSize(MAX_FRAME_BYTES)
                .setMaxMessageSize(ServiceSocket.MAX_MESSAGE_BYTES)
                .setTryUsePerFrameCompression(false)
                .setTryUsePerMessageCompression(false)
                .setReceiveBufferSize(RECEIVE_BUFFER_BYTES)
                .setTcpNoDelay(true)
                .setConnectTimeout((int) deadlines.connect().toMillis())
                .setClosingTimeout(CLOSING_SECONDS));
    String baseUrl = dashScope.baseUrl().replaceFirst("/+$", "");
    String baseUri = baseUrl.replaceFirst("^http", "ws");
    qwen = new QwenRealtime(client, baseUri, dashScope.apiKey(), meter, deadlines);
    inference = DashScopeInference.Pair.at(vertx, client, baseUri, dashScope.apiKey(), deadlines);
    openAi = new OpenAiSpeech(vertx, engines, deadlines);
    qwenStream = new QwenHttp(vertx, baseUrl, dashScope.apiKey(), true, deadlines);
    qwenFile = new QwenHttp(vertx, baseUrl, dashScope.apiKey(), false, deadlines);
  }

  private static List<Engine> engines(Config config) {
    Config.SiliconFlow flow = config.siliconFlow();
    List<Engine> engines = new ArrayList<>();
    engines.add(Engine.siliconFlow(flow.baseUrl(), flow.apiKey()));
    for (Config.Engine more : config.upstreams()) {
      engines.add(
          new Engine(
              more.name(),
              more.baseUrl(),
              more.key(),
              Engine.Manner.OPENAI,
              Set.of(),
              more.sampleRateHz(),
              more.wav(),
              more.concurrency(),
              Set.copyOf(more.models())));
    }
    return engines;
  }

  public Upstream of(Dialect dialect) {
    return switch (dialect) {
      case QWEN_REALTIME -> qwen;
      case COSYVOICE -> inference.cosyVoice();
      case SAMBERT -> inference.sambert();
      case OPENAI -> openAi;
      case QWEN_HTTP -> qwenStream;
      case QWEN_FILE -> qwenFile;
    };
  }
}
