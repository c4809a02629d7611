package dev.voicebridge;

import dev.voicebridge.emulator.EmulatorVerticle;
import dev.voicebridge.emulator.SiliconFlowVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.core.shareddata.LocalMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Both guests as vendors with two accounts: the server's, and that of a visitor. */
final class VendorGuests {
  static final String SERVERS = "sk-the-servers-own-key";
  static final String VISITORS = "sk-the-visitors-own-key";

  private VendorGuests() {}

  /**
   * @param vertx closes them with itself
   * @return the settings of a server that has an account there
   */
  static Map<String, String> start(Vertx vertx) throws Exception {
    DeploymentOptions guest =
        new DeploymentOptions()
            .setConfig(
                new JsonObject()
                    .put("key", SERVERS)
                    .put("keys", new JsonObject().put(VISITORS, "visitor"))
                    .put("deployMs", 500));
    vertx.deployVerticle(new EmulatorVerticle(), guest).await(30, TimeUnit.SECONDS);
    vertx.deployVerticle(new SiliconFlowVerticle(), guest).await(30, TimeUnit.SECONDS);
    LocalMap<String, Integer> said = vertx.sharedData().getLocalMap(EmulatorVerticle.SHARED_MAP);
    return Map.of(
        "DASHSCOPE_API_KEY",
        SERVERS,
        "DASHSCOPE_BASE_URL",
        "http://127.0.0.1:" + said.get(EmulatorVerticle.PORT),
        "SILICONFLOW_API_KEY",
        SERVERS,
        "SILICONFLOW_BASE_URL",
        "http://127.0.0.1:" + said.get(SiliconFlowVerticle.PORT) + "/v1");
  }
}
