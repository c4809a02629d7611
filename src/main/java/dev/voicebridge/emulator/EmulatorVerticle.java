package dev.voicebridge.emulator;

import dev.voicebridge.emulator.engine.EspeakEngine;
import dev.voicebridge.emulator.engine.SpeechEngine;
import dev.voicebridge.emulator.wire.Faults;
import dev.voicebridge.emulator.wire.Narrator;
import dev.voicebridge.emulator.wire.WireDoor;
import dev.voicebridge.emulator.wire.WireSettings;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.shareddata.LocalMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The guest on its address. One instance is enough: it speaks faster than many sockets can play.
 *
 * <p>Configuration: {@code host} (127.0.0.1), {@code port} (0 takes any free one), {@code key}
 * (required), and what {@link WireSettings#parse} reads.
 */
public final class EmulatorVerticle extends VerticleBase {
  /**
   * Name of the local map in which a running guest says under {@link #PORT} where it listens, so
   * that whoever deployed it by class name can find it.
   */
  public static final String SHARED_MAP = "voicebridge.guest";

  /** Key of the port, an Integer, in {@link #SHARED_MAP}. */
  public static final String PORT = "port";

  /** Room for 200,000 characters in one message, escaped. */
  private static final int MOST_MESSAGE_BYTES = 4 << 20;

  private final Supplier<SpeechEngine> engine;
  private final Faults faults;

  private @Nullable Narrator narrator;
  private @Nullable HttpServer server;

  /** With espeak-ng for a voice, and no faults. */
  public EmulatorVerticle() {
    this(EspeakEngine::open, new Faults());
  }

  /**
   * @param engine asked once, at start, off the event loop
   * @param faults how to misbehave, told at any time
   */
  public EmulatorVerticle(Supplier<SpeechEngine> engine, Faults faults) {
    this.engine = engine;
    this.faults = faults;
  }

  /** Fails when the key is missing, the engine doesn't open, or the address is taken. */
  @Override
  public Future<?> start() {
    JsonObject config = config();
    String key = config.getString("key", "");
    if (key.isEmpty()) {
      return Future.failedFuture(new IllegalArgumentException("the guest needs a key"));
    }
    WireSettings settings = WireSettings.parse(config);
    Narrator speaker = new Narrator(vertx, engine);
    narrator = speaker;
    WireDoor door = new WireDoor(vertx, speaker, settings, faults, key);
    HttpServer listening =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setPerMessageWebSocketCompressionSupported(false)
                    .setPerFrameWebSocketCompressionSupported(false)
                    .setMaxWebSocketFrameSize(MOST_MESSAGE_BYTES)
                    .setMaxWebSocketMessageSize(MOST_MESSAGE_BYTES))
            .requestHandler(door::handle);
    server = listening;
    return speaker
        .open()
        .compose(
            opened ->
                listening.listen(
                    config.getInteger("port", 0), config.getString("host", "127.0.0.1")))
        .onSuccess(bound -> said().put(PORT, bound.actualPort()))
        // a verticle that didn't start isn't stopped either
        .recover(cause -> release().transform(released -> Future.failedFuture(cause)));
  }

  @Override
  public Future<?> stop() {
    said().remove(PORT);
    return release();
  }

  private Future<Void> release() {
    Future<Void> closed = server == null ? Future.succeededFuture() : server.close();
    return closed.eventually(() -> narrator == null ? Future.succeededFuture() : narrator.close());
  }

  private LocalMap<String, Integer> said() {
    return vertx.sharedData().getLocalMap(SHARED_MAP);
  }
}
