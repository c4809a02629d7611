package dev.voicebridge.emulator;

import dev.voicebridge.emulator.engine.EspeakEngine;
import dev.voicebridge.emulator.engine.SpeechEngine;
import dev.voicebridge.emulator.library.SampleFetch;
import dev.voicebridge.emulator.library.VoiceLibrary;
import dev.voicebridge.emulator.siliconflow.SiliconFlowDoor;
import dev.voicebridge.emulator.wire.Accounts;
import dev.voicebridge.emulator.wire.Faults;
import dev.voicebridge.emulator.wire.Narrator;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vertx.core.shareddata.LocalMap;
import java.util.function.Supplier;

/**
 * The second guest, which plays SiliconFlow; its base URL is {@code http://host:port/v1}.
 *
 * <p>Configuration: {@code host} (127.0.0.1), {@code port} (0 takes any free one), {@code key}
 * (required), {@code account} and {@code keys} (see {@link Accounts}), {@code data} (a folder in
 * which voices last), {@code mostVoices} (1000 of an account).
 */
public final class SiliconFlowVerticle extends VerticleBase {
  /** Key of the port, an Integer, in {@link EmulatorVerticle#SHARED_MAP}. */
  public static final String PORT = "siliconflow.port";

  private final Supplier<SpeechEngine> engine;
  private final Faults faults;

  /** Lets go of all that was opened. */
  private Supplier<Future<Void>> release = Future::succeededFuture;

  /** With espeak-ng for a voice, and no faults. */
  public SiliconFlowVerticle() {
    this(EspeakEngine::open, new Faults());
  }

  /**
   * @param engine asked once, at start, off the event loop
   * @param faults how to misbehave, told at any time
   */
  public SiliconFlowVerticle(Supplier<SpeechEngine> engine, Faults faults) {
    this.engine = engine;
    this.faults = faults;
  }

  /** Fails when the key is missing, the engine doesn't open, or the address is taken. */
  @Override
  public Future<?> start() {
    JsonObject config = config();
    Accounts accounts;
    try {
      accounts = new Accounts(config);
    } catch (IllegalArgumentException wrong) {
      return Future.failedFuture(wrong);
    }
    VoiceLibrary library = EmulatorVerticle.library(vertx, config, "siliconflow-voices.json");
    Narrator speaker = new Narrator(vertx, engine);
    SampleFetch fetching = new SampleFetch(vertx);
    SiliconFlowDoor door = new SiliconFlowDoor(vertx, speaker, accounts, library, fetching, faults);
    HttpServer listening = vertx.createHttpServer().requestHandler(door::handle);
    release = () -> listening.close().eventually(fetching::close).eventually(speaker::close);
    return speaker
        .open()
        .compose(opened -> library.open())
        .compose(
            read ->
                listening.listen(
                    config.getInteger("port", 0), config.getString("host", "127.0.0.1")))
        .onSuccess(bound -> said().put(PORT, bound.actualPort()))
        // a verticle that didn't start isn't stopped either
        .recover(cause -> release.get().transform(released -> Future.failedFuture(cause)));
  }

  @Override
  public Future<?> stop() {
    said().remove(PORT);
    return release.get();
  }

  private LocalMap<String, Integer> said() {
    return vertx.sharedData().getLocalMap(EmulatorVerticle.SHARED_MAP);
  }
}
