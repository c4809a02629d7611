package dev.voicebridge.emulator;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.voicebridge.emulator.engine.SpeechEngine;
import dev.voicebridge.emulator.wire.Faults;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.core.shareddata.LocalMap;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** A guest on a free port, with a tone for a voice. */
final class GuestHouse implements AutoCloseable {
  static final String KEY = "sk-test";

  /** Of another account. */
  static final String OTHER_KEY = "sk-other";

  private final Vertx vertx = Vertx.vertx();
  private final Faults faults = new Faults();
  private final int port;

  GuestHouse(JsonObject extra, Supplier<SpeechEngine> engine) throws Exception {
    vertx
        .deployVerticle(
            () -> new EmulatorVerticle(engine, faults),
            new DeploymentOptions().setConfig(config(extra)))
        .await(10, SECONDS);
    LocalMap<String, Integer> said = vertx.sharedData().getLocalMap(EmulatorVerticle.SHARED_MAP);
    port = Objects.requireNonNull(said.get(EmulatorVerticle.PORT));
  }

  GuestHouse(JsonObject extra) throws Exception {
    this(extra, ToneEngine::new);
  }

  GuestHouse() throws Exception {
    this(new JsonObject());
  }

  private static JsonObject config(JsonObject extra) {
    return new JsonObject()
        .put("key", KEY)
        .put("keys", new JsonObject().put(OTHER_KEY, "other"))
        .put("deployMs", 0)
        .mergeIn(extra);
  }

  /** Starts the second guest beside the first; faults are shared. */
  String siliconFlow(JsonObject extra, Supplier<SpeechEngine> engine) throws Exception {
    vertx
        .deployVerticle(
            () -> new SiliconFlowVerticle(engine, faults),
            new DeploymentOptions().setConfig(config(extra)))
        .await(10, SECONDS);
    LocalMap<String, Integer> said = vertx.sharedData().getLocalMap(EmulatorVerticle.SHARED_MAP);
    return "http://127.0.0.1:" + said.get(SiliconFlowVerticle.PORT) + "/v1";
  }

  Vertx vertx() {
    return vertx;
  }

  Faults faults() {
    return faults;
  }

  int port() {
    return port;
  }

  String realtimeUrl() {
    return "ws://127.0.0.1:" + port + "/api-ws/v1/realtime";
  }

  String httpUrl() {
    return "http://127.0.0.1:" + port + "/api/v1";
  }

  String inferenceUrl() {
    return "ws://127.0.0.1:" + port + "/api-ws/v1/inference/";
  }

  @Override
  public void close() {
    try {
      vertx.close().await(10, SECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }
}
