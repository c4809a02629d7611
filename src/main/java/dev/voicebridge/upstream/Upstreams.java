package dev.voicebridge.upstream;

import dev.voicebridge.config.Config;
import io.vertx.core.Vertx;

/** Config → Upstream: the only place that lists the dialects. One per verticle, event loop only. */
public final class Upstreams {
  public Upstreams(Vertx vertx, Config.DashScope dashScope) {}
}
