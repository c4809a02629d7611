package dev.voicebridge.upstream.openai;

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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All engines with {@code POST /audio/speech}; the model says which one is meant. */
public final class OpenAiSpeech implements Upstream {
  private final Vertx vertx;
  private final Deadlines deadlines;
  private final Map<String, Desk> byModel = new HashMap<>();

  /** Has every model that nobody else has; null: there is none. */
  private final @Nullable Desk other;

  /** An engine and its warm connections. */
  private record Desk(Engine engine, HttpClient client, Places places) {}

  /**
   * @param engines one without models has all that the others do not
   */
  public OpenAiSpeech(Vertx vertx, List<Engine> engines, Deadlines deadlines) {
    this.vertx = vertx;
    this.deadlines = deadlines;
    Desk forAll = null;
    for (Engine engine : engines) {
      Desk desk =
          new Desk(
              engine,
              WarmClient.of(vertx, engine.concurrency(), deadlines),
              Places.of(vertx, "engine " + engine.name(), engine.concurrency()));
      if (engine.models().isEmpty()) {
        forAll = desk;
      }
      engine.models().forEach(model -> byModel.put(model, desk));
    }
    other = forAll;
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
    EngineService service = new EngineService(desk.engine, desk.client, desk.places, key);
    return Future.succeededFuture(
        new PieceSession(
            vertx,
            List.of(new PieceSession.Choice(service, request.settings())),
            listener,
            deadlines));
  }

  private static Future<UpstreamSession> refused(String why) {
    return Future.failedFuture(new UpstreamException(UpstreamException.Kind.REFUSED, why));
  }
}
