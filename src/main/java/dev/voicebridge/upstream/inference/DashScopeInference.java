package dev.voicebridge.upstream.inference;

import dev.voicebridge.catalogue.Dialect;
import dev.voicebridge.upstream.Deadlines;
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
  private final Deadlines deadlines;

  private DashScopeInference(
      Vertx vertx, String apiKey, IdleSockets idle, Dialect dialect, Deadlines deadlines) {
    this.vertx = vertx;
    this.apiKey = apiKey;
    this.idle = idle;
    this.dialect = dialect;
    this.deadlines = deadlines;
  }

  /** The two dialects of one address; they share their idle sockets. */
  public record Pair(Upstream cosyVoice, Upstream sambert) {
    /**
     * @param baseUri {@code ws(s)://host[:port]}, without a path
     * @param apiKey the server's own key
     */
    public static Pair at(
        Vertx vertx, WebSocketClient client, String baseUri, String apiKey, Deadlines deadlines) {
      IdleSockets idle =
          new IdleSockets(
              vertx,
              client,
              baseUri + "/api-ws/v1/inference",
              new ServiceSocket.Secret(apiKey),
              deadlines);
      return new Pair(
          new DashScopeInference(vertx, apiKey, idle, Dialect.COSYVOICE, deadlines),
          new DashScopeInference(vertx, apiKey, idle, Dialect.SAMBERT, deadlines));
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
                    ? new SambertSession(
                        vertx, idle, key, socket, request.settings(), listener, deadlines)
                    : new CosyVoiceSession(
                        vertx, idle, key, socket, request.settings(), listener, deadlines));
  }
}
