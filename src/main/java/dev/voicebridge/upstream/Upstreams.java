package dev.voicebridge.upstream;

import dev.voicebridge.catalogue.Dialect;
import dev.voicebridge.config.Config;
import dev.voicebridge.upstream.inference.DashScopeInference;
import dev.voicebridge.upstream.qwen.QwenRealtime;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;

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

  public Upstreams(Vertx vertx, Config.DashScope dashScope, UpstreamMeter meter) {
    this(vertx, dashScope, meter, Deadlines.DEFAULTS);
  }

  public Upstreams(
      Vertx vertx, Config.DashScope dashScope, UpstreamMeter meter, Deadlines deadlines) {
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
    String baseUri = dashScope.baseUrl().replaceFirst("^http", "ws").replaceFirst("/+$", "");
    qwen = new QwenRealtime(client, baseUri, dashScope.apiKey(), meter, deadlines);
    inference = DashScopeInference.Pair.at(vertx, client, baseUri, dashScope.apiKey(), deadlines);
  }

  public Upstream of(Dialect dialect) {
    return switch (dialect) {
      case QWEN_REALTIME -> qwen;
      case COSYVOICE -> inference.cosyVoice();
      case SAMBERT -> inference.sambert();
    };
  }
}
