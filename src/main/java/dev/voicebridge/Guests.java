package dev.voicebridge;

import dev.voicebridge.config.Config;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.core.shareddata.LocalMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The embedded vendors, which speak when no vendor's key is set. They are known by their class
 * names alone, so that they can be left out of a build.
 */
final class Guests {
  private static final int START_SECONDS = 30;
  private static final String HOST = "127.0.0.1";

  /** Where the guests write their ports. */
  private static final String MAP = "voicebridge.guest";

  private static final String DASHSCOPE_PORT = "port";
  private static final String SILICONFLOW_PORT = "siliconflow.port";

  private Guests() {}

  /**
   * Deploys the guests, if there are to be any, and waits for them. They keep their voices under
   * the data folder.
   *
   * @return the settings with the guests for vendors; the same settings when vendors are set
   * @throws Voicebridge.StartException when their key cannot be kept
   */
  static Config welcome(Vertx vertx, Config config) throws TimeoutException {
    Config.Guest guest = config.guest();
    if (guest == null) {
      return config;
    }
    String key = GuestKey.in(config.dataDir());
    DeploymentOptions options =
        new DeploymentOptions()
            .setConfig(
                new JsonObject()
                    .put("host", HOST)
                    .put("port", 0)
                    .put("key", key)
                    .put("data", config.dataDir().resolve("guest").toString()));
    // Both to their end: Vert.x, closed while one of them is still failing, tells of it at length.
    Future.join(
            vertx.deployVerticle(guest.dashScope(), options),
            vertx.deployVerticle(guest.siliconFlow(), options))
        .await(START_SECONDS, TimeUnit.SECONDS);
    return config.withVendors(
        new Config.DashScope(key, address(vertx, DASHSCOPE_PORT)),
        new Config.SiliconFlow(key, address(vertx, SILICONFLOW_PORT) + "/v1"));
  }

  private static String address(Vertx vertx, String name) {
    LocalMap<String, Integer> ports = vertx.sharedData().getLocalMap(MAP);
    Integer port = ports.get(name);
    if (port == null) {
      throw new IllegalStateException("an embedded guest did not say its " + name);
    }
    return "http://" + HOST + ":" + port;
  }
}
