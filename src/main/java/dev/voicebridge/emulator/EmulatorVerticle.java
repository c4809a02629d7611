package dev.voicebridge.emulator;

import dev.voicebridge.emulator.engine.EspeakEngine;
import dev.voicebridge.emulator.engine.SpeechEngine;
import dev.voicebridge.emulator.library.SampleFetch;
import dev.voicebridge.emulator.library.VoiceLibrary;
import dev.voicebridge.emulator.wire.Accounts;
import dev.voicebridge.emulator.wire.Faults;
import dev.voicebridge.emulator.wire.Narrator;
import dev.voicebridge.emulator.wire.Uploads;
import dev.voicebridge.emulator.wire.WireDoor;
import dev.voicebridge.emulator.wire.WireSettings;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.shareddata.LocalMap;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * The guest on its address. One instance is enough: it speaks faster than many sockets can play.
 *
 * <p>Configuration: {@code host} (127.0.0.1), {@code port} (0 takes any free one), {@code key}
 * (required), {@code account} and {@code keys} (see {@link Accounts}), {@code uploadPort} (0; the
 * temporary storage has a port of its own), {@code data} (a folder in which voices last; without it
 * they are gone with the guest), {@code mostVoices} (1000 of an account and family), and what
 * {@link WireSettings#parse} reads.
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

  /** Lets go of all that was opened. */
  private Supplier<Future<Void>> release = Future::succeededFuture;

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
    Accounts accounts;
    WireSettings settings;
    try {
      accounts = new Accounts(config);
      settings = WireSettings.parse(config);
    } catch (IllegalArgumentException wrong) {
      return Future.failedFuture(wrong);
    }
    String host = config.getString("host", "127.0.0.1");
    VoiceLibrary library = library(vertx, config, "dashscope-voices.json");
    Uploads uploads = new Uploads(vertx, faults, settings);
    HttpServer storing = vertx.createHttpServer().requestHandler(uploads::handle);
    HttpServer listening =
        vertx.createHttpServer(
            new HttpServerOptions()
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false)
                .setMaxWebSocketFrameSize(MOST_MESSAGE_BYTES)
                .setMaxWebSocketMessageSize(MOST_MESSAGE_BYTES));
    Narrator speaker = new Narrator(vertx, engine);
    SampleFetch fetching = new SampleFetch(vertx);
    release =
        () ->
            listening
                .close()
                .eventually(storing::close)
                .eventually(fetching::close)
                .eventually(speaker::close);
    return speaker
        .open()
        .compose(opened -> library.open())
        .compose(read -> storing.listen(config.getInteger("uploadPort", 0), host))
        .compose(
            stored -> {
              WireDoor door =
                  new WireDoor(
                      vertx,
                      speaker,
                      settings,
                      faults,
                      accounts,
                      library,
                      fetching,
                      uploads,
                      stored.actualPort());
              return listening
                  .requestHandler(door::handle)
                  .listen(config.getInteger("port", 0), host);
            })
        .onSuccess(bound -> said().put(PORT, bound.actualPort()))
        // a verticle that didn't start isn't stopped either
        .recover(cause -> release.get().transform(released -> Future.failedFuture(cause)));
  }

  /** In the folder that the configuration names, if it names one. */
  static VoiceLibrary library(Vertx vertx, JsonObject config, String file) {
    String folder = config.getString("data", "");
    return new VoiceLibrary(
        vertx,
        folder.isEmpty() ? null : Path.of(folder, file),
        config.getInteger("mostVoices", VoiceLibrary.MOST_VOICES));
  }

  @Override
  public Future<?> stop() {
    said().remove(PORT);
    return release.get();
  }

  private LocalMap<String, Integer> said() {
    return vertx.sharedData().getLocalMap(SHARED_MAP);
  }
}
