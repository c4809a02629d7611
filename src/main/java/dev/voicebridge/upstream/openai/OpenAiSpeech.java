package dev.voicebridge.upstream.openai;

import dev.voicebridge.upstream.Deadlines;
import dev.voicebridge.upstream.SpeechRequest;
import dev.voicebridge.upstream.Upstream;
import dev.voicebridge.upstream.UpstreamException;
import dev.voicebridge.upstream.UpstreamListener;
import dev.voicebridge.upstream.UpstreamSession;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All engines with {@code POST /audio/speech}; the model says which one is meant. */
public final class OpenAiSpeech implements Upstream {
  private static final int WAITING_PER_CONNECTION = 8;

  private final Vertx vertx;
  private final Deadlines deadlines;
  private final Map<String, Desk> byModel = new HashMap<>();

  /** Has every model that nobody else has; null: there is none. */
  private final @Nullable Desk other;

  /** An engine and its warm connections. */
  private record Desk(Engine engine, HttpClient client) {}

  /**
   * @param engines one without models has all that the others do not
   */
  public OpenAiSpeech(Vertx vertx, List<Engine> engines, Deadlines deadlines) {
    this.vertx = vertx;
    this.deadlines = deadlines;
    Desk forAll = null;
    for (Engine engine : engines) {
      Desk desk = new Desk(engine, client(engine));
      if (engine.models().isEmpty()) {
        forAll = desk;
      }
      engine.models().forEach(model -> byModel.put(model, desk));
    }
    other = forAll;
  }

  private HttpClient client(Engine engine) {
    return vertx.createHttpClient(
        new HttpClientOptions()
            .setDecompressionSupported(false)
            .setTcpNoDelay(true)
            .setConnectTimeout((int) deadlines.connect().toMillis())
            .setKeepAliveTimeout((int) deadlines.keepIdle().toSeconds()),
        new PoolOptions()
            .setHttp1MaxSize(engine.concurrency())
            .setMaxWaitQueueSize(engine.concurrency() * WAITING_PER_CONNECTION));
  }

  @Override
  public Future<UpstreamSession> open(SpeechRequest request, UpstreamListener listener) {
    Desk desk = byModel.getOrDefault(request.settings().model(), other);
    if (desk == null) {
      return refused("no engine here has the model " + request.settings().model());
    }
    String own = request.providerKey();
    if (own != null && desk.engine.manner() != Engine.Manner.SILICONFLOW) {
      // It is a vendor's key: no other host may see it, and nobody else pays for who brought it.
      return refused(
          "this engine is the operator's: it can't be used with a vendor key of one's own");
    }
    String key = own == null ? desk.engine.key() : own;
    if (key.isEmpty() && desk.engine.manner() == Engine.Manner.SILICONFLOW) {
      return refused("no key of SiliconFlow is set");
    }
    return Future.succeededFuture(
        new PieceSession(
            vertx, desk.client, desk.engine, key, request.settings(), listener, deadlines));
  }

  private static Future<UpstreamSession> refused(String why) {
    return Future.failedFuture(new UpstreamException(UpstreamException.Kind.REFUSED, why));
  }
}
