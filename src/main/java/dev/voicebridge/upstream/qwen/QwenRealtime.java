package dev.voicebridge.upstream.qwen;

import dev.voicebridge.upstream.Deadlines;
import dev.voicebridge.upstream.ServiceSocket;
import dev.voicebridge.upstream.SpeechRequest;
import dev.voicebridge.upstream.Upstream;
import dev.voicebridge.upstream.UpstreamListener;
import dev.voicebridge.upstream.UpstreamMeter;
import dev.voicebridge.upstream.UpstreamSession;
import io.vertx.core.Future;
import io.vertx.core.http.WebSocketClient;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Qwen-TTS-Realtime: {@code /api-ws/v1/realtime?model=…}. */
public final class QwenRealtime implements Upstream {
  private final WebSocketClient client;
  private final String uri;
  private final String apiKey;
  private final UpstreamMeter meter;
  private final Deadlines deadlines;

  /**
   * @param baseUri {@code ws(s)://host[:port]}, without a path
   * @param apiKey the server's own key
   */
  public QwenRealtime(
      WebSocketClient client,
      String baseUri,
      String apiKey,
      UpstreamMeter meter,
      Deadlines deadlines) {
    this.client = client;
    this.uri = baseUri + "/api-ws/v1/realtime?model=";
    this.apiKey = apiKey;
    this.meter = meter;
    this.deadlines = deadlines;
  }

  @Override
  public Future<UpstreamSession> open(SpeechRequest request, UpstreamListener listener) {
    String own = request.providerKey();
    String model = URLEncoder.encode(request.settings().model(), StandardCharsets.UTF_8);
    return ServiceSocket.connect(
            client,
            uri + model,
            new ServiceSocket.Secret(own == null ? apiKey : own),
            deadlines.connect())
        .map(socket -> new QwenSession(socket, request.settings(), listener, meter));
  }
}
