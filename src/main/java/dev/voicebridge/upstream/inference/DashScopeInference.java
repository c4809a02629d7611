package dev.voicebridge.upstream.inference;

import dev.voicebridge.catalogue.Dialect;
import dev.voicebridge.upstream.ServiceSocket;
import dev.voicebridge.upstream.SpeechRequest;
import dev.voicebridge.upstream.Upstream;
import dev.voicebridge.upstream.UpstreamListener;
import dev.voicebridge.upstream.UpstreamSession;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;

/**
 * The task socket {@code /api-ws/v1/inference}: CosyVoice streams text in, Sambert takes it whole.
 */
public final class DashScopeInference implements Upstream {
  private final Vertx vertx;
  private final String apiKey;
  private final IdleSockets idle;
  private final Dialect dialect;

  private DashScopeInference(Vertx vertx, String apiKey, IdleSockets idle, Dialect dialect) {
    this.vertx = vertx;
    this.apiKey = apiKey;
    this.idle = idle;
    this.dialect = dialect;
  }

  /** The two dialects of one address; they share their idle sockets. */
  public record Pair(Upstream cosyVoice, Upstream sambert) {
    /**
     * @param baseUri {@code ws(s)://host[:port]}, without a path
     * @param apiKey the server's own key
     */
    public static Pair at(Vertx vertx, WebSocketClient client, String baseUri, String apiKey) {
      IdleSockets idle = new IdleSockets(vertx, client, baseUri + "/api-ws/v1/inference");
      return new Pair(
          new DashScopeInference(vertx, apiKey, idle, Dialect.COSYVOICE),
          new DashScopeInference(vertx, apiKey, idle, Dialect.SAMBERT));
    }
  }

  @Override
  public Future<UpstreamSession> open(SpeechRequest request, UpstreamListener listener) {
    String own = request.providerKey();
    ServiceSocket.Secret key = new ServiceSocket.Secret(own == null ? apiKey : own);
    return idle.take(key)
        .map(
            socket ->
                dialect == Dialect.SAMBERT
                    ? new SambertSession(vertx, idle, key, socket, request.settings(), listener)
                    : new CosyVoiceSession(vertx, idle, key, socket, request.settings(), listener));
  }
}
