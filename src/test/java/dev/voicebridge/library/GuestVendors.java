package dev.voicebridge.library;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.voicebridge.config.Config;
import dev.voicebridge.emulator.EmulatorVerticle;
import dev.voicebridge.emulator.SiliconFlowVerticle;
import dev.voicebridge.emulator.engine.EspeakEngine;
import dev.voicebridge.emulator.wire.Faults;
import dev.voicebridge.enrolment.Provider;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.core.shareddata.LocalMap;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/** Both guests, which outlive whoever calls them. */
public final class GuestVendors implements AutoCloseable {
  public final Faults faults = new Faults();
  private final Vertx vertx = Vertx.vertx();
  private final Map<String, String> settings;

  /**
   * @param deployMs how long CosyVoice works on a clone
   */
  public GuestVendors(int deployMs) throws TimeoutException {
    DeploymentOptions options =
        new DeploymentOptions()
            .setConfig(new JsonObject().put("key", "sk-vendor").put("deployMs", deployMs));
    vertx
        .deployVerticle(() -> new EmulatorVerticle(EspeakEngine::open, faults), options)
        .await(20, SECONDS);
    vertx
        .deployVerticle(() -> new SiliconFlowVerticle(EspeakEngine::open, faults), options)
        .await(20, SECONDS);
    LocalMap<String, Integer> said = vertx.sharedData().getLocalMap(EmulatorVerticle.SHARED_MAP);
    settings =
        Map.of(
            "DASHSCOPE_API_KEY",
            "sk-vendor",
            "DASHSCOPE_BASE_URL",
            "http://127.0.0.1:" + said.get(EmulatorVerticle.PORT),
            "SILICONFLOW_API_KEY",
            "sk-vendor",
            "SILICONFLOW_BASE_URL",
            "http://127.0.0.1:" + said.get(SiliconFlowVerticle.PORT) + "/v1");
  }

  /** Settings that lead to them. */
  public Map<String, String> settings() {
    return settings;
  }

  Config config(Path folder) {
    return config(settings, folder);
  }

  static Config config(Map<String, String> settings, Path folder) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("VOICEBRIDGE_DATA_DIR", folder.toString());
    return Config.load(Map.of(), all);
  }

  /** The ids of the provider's voices, by the vendor's own list. */
  public List<String> voices(Provider provider) throws TimeoutException {
    return LibraryHouse.atVendor(vertx, config(Path.of("unused")), provider);
  }

  @Override
  public void close() throws TimeoutException {
    vertx.close().await(20, SECONDS);
  }
}
