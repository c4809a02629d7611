package dev.voicebridge.bridge;

import dev.voicebridge.catalogue.Catalogue;
import dev.voicebridge.metrics.Metrics;
import dev.voicebridge.upstream.Upstreams;
import io.vertx.core.Vertx;

/** What every session of one verticle shares. */
public record SessionHost(
    Vertx vertx,
    Upstreams upstreams,
    Catalogue catalogue,
    VoiceBook voices,
    Doorkeeper doorkeeper,
    Metrics metrics,
    Patience patience) {
  public SessionHost(
      Vertx vertx,
      Upstreams upstreams,
      Catalogue catalogue,
      VoiceBook voices,
      Doorkeeper doorkeeper,
      Metrics metrics) {
    this(vertx, upstreams, catalogue, voices, doorkeeper, metrics, Patience.DEFAULTS);
  }
}
