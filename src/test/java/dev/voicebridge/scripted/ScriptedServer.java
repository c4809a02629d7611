package dev.voicebridge.scripted;

import static dev.voicebridge.scripted.ScriptedUpstream.within;

import dev.voicebridge.catalogue.Catalogue;
import dev.voicebridge.config.Config;
import dev.voicebridge.http.BridgeVerticle;
import dev.voicebridge.http.Instance;
import dev.voicebridge.library.TestLibrary;
import dev.voicebridge.metrics.Metrics;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Every door of a bridge on a free port, in front of a {@link ScriptedUpstream}. */
final class ScriptedServer implements AutoCloseable {
  final ScriptedUpstream upstream = new ScriptedUpstream();
  final Metrics metrics = new Metrics();
  final Vertx vertx = Vertx.vertx();
  private final Map<String, String> settings = new HashMap<>();
  private @Nullable BridgeVerticle verticle;

  /**
   * @param namesAndValues settings besides the port and the upstream
   */
  ScriptedServer(String... namesAndValues) {
    settings.put("VOICEBRIDGE_PORT", "0");
    settings.put("DASHSCOPE_API_KEY", ScriptedUpstream.KEY);
    settings.put("DASHSCOPE_BASE_URL", upstream.baseUrl());
    set(namesAndValues);
  }

  private void set(String... namesAndValues) {
    for (int i = 0; i < namesAndValues.length; i += 2) {
      if (namesAndValues[i + 1].isEmpty()) {
        settings.remove(namesAndValues[i]);
      } else {
        settings.put(namesAndValues[i], namesAndValues[i + 1]);
      }
    }
  }

  /**
   * Starts it, once.
   *
   * @param namesAndValues further settings; an empty value takes one away
   */
  int port(String... namesAndValues) {
    set(namesAndValues);
    return verticle().port();
  }

  /** Deployed. */
  BridgeVerticle verticle() {
    BridgeVerticle deployed = verticle;
    if (deployed == null) {
      Config config = Config.load(settings, Map.of());
      deployed =
          new BridgeVerticle(
              new Instance(config, Catalogue.load(), metrics, TestLibrary.empty(vertx, config)));
      verticle = deployed;
      within(vertx.deployVerticle(deployed));
    }
    return deployed;
  }

  @Override
  public void close() {
    within(vertx.close());
    upstream.close();
  }
}
