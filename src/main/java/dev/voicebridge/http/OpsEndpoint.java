package dev.voicebridge.http;

import dev.voicebridge.config.Config;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;

/** Health, readiness and metrics, for the operator. One per verticle. */
final class OpsEndpoint {
  private final Instance instance;

  /** Set when this verticle stops; event loop only. */
  private boolean stopping;

  OpsEndpoint(Instance instance) {
    this.instance = instance;
  }

  void stopping() {
    stopping = true;
  }

  /** The process answers. */
  void live(RoutingContext ctx) {
    Answers.json(ctx, 200, new JsonObject().put("status", "live"));
  }

  /** Sessions may come: there is somebody to speak, and this instance is not going away. */
  void ready(RoutingContext ctx) {
    Config.DashScope dashScope = instance.config().dashScope();
    if (stopping || dashScope.apiKey().isEmpty()) {
      Answers.json(
          ctx,
          503,
          new JsonObject()
              .put("status", "not ready")
              .put("reason", stopping ? "stopping" : "no upstream is configured"));
      return;
    }
    Answers.json(
        ctx,
        200,
        new JsonObject()
            .put("status", "ready")
            .put("upstream", instance.config().guest() == null ? "dashscope" : "embedded")
            // No reason to send sessions elsewhere: voices are found in memory.
            .put("library", instance.library().health().state().name().toLowerCase(Locale.ROOT)));
  }

  /** For everybody who reaches the admin port. */
  void metrics(RoutingContext ctx) {
    ctx.response()
        .putHeader("content-type", "text/plain; version=0.0.4; charset=utf-8")
        .putHeader("cache-control", "no-store")
        .end(instance.metrics().scrape());
  }

  /** For this machine only, and nowhere but on the admin port if there is one. */
  void metricsAtTheDoor(RoutingContext ctx) {
    if (instance.config().adminPort() != null) {
      throw Problem.NOT_FOUND.asException();
    }
    if (!instance.access().peer(ctx.request()).isLoopback()) {
      throw Problem.LOOPBACK_ONLY.asException();
    }
    metrics(ctx);
  }
}
