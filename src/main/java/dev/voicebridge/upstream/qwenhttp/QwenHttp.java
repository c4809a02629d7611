package dev.voicebridge.upstream.qwenhttp;

import dev.voicebridge.upstream.Deadlines;
import dev.voicebridge.upstream.SpeechRequest;
import dev.voicebridge.upstream.Upstream;
import dev.voicebridge.upstream.UpstreamException;
import dev.voicebridge.upstream.UpstreamListener;
import dev.voicebridge.upstream.UpstreamSession;
import dev.voicebridge.upstream.pieces.PieceSession;
import dev.voicebridge.upstream.pieces.Places;
import dev.voicebridge.upstream.pieces.WarmClient;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import java.util.List;

/** {@code POST …/multimodal-generation/generation}: Qwen-TTS without a socket. */
public final class QwenHttp implements Upstream {
  /** More than the vendor's budget lets begin while one speaks. */
  private static final int REQUESTS = 256;

  private static final String PATH = "/api/v1/services/aigc/multimodal-generation/generation";

  private final Vertx vertx;
  private final HttpClient client;
  private final Places places;
  private final SoundFiles files;
  private final String url;
  private final String apiKey;
  private final boolean stream;
  private final Deadlines deadlines;

  /**
   * @param baseUrl {@code http(s)://host[:port]}, without a path
   * @param apiKey the server's own key
   * @param stream whether the sound is asked for as it is made, or as a link to a whole file
   */
  public QwenHttp(Vertx vertx, String baseUrl, String apiKey, boolean stream, Deadlines deadlines) {
    this.vertx = vertx;
    this.client = WarmClient.of(vertx, REQUESTS, deadlines);
    this.places = Places.of(vertx, "multimodal-generation", REQUESTS);
    this.files = new SoundFiles(vertx, baseUrl);
    this.url = baseUrl + PATH;
    this.apiKey = apiKey;
    this.stream = stream;
    this.deadlines = deadlines;
  }

  @Override
  public Future<UpstreamSession> open(SpeechRequest request, UpstreamListener listener) {
    String own = request.providerKey();
    String key = own == null ? apiKey : own;
    if (key.isEmpty()) {
      return Future.failedFuture(
          new UpstreamException(UpstreamException.Kind.REFUSED, "no key of DashScope is set"));
    }
    GenerationService service = new GenerationService(client, places, files, url, key, stream);
    return Future.succeededFuture(
        new PieceSession(
            vertx,
            List.of(new PieceSession.Choice(service, request.settings())),
            listener,
            deadlines));
  }
}
