package dev.voicebridge.bridge;

import dev.voicebridge.catalogue.Catalogue;
import dev.voicebridge.llm.ChatClient;
import dev.voicebridge.metrics.Metrics;
import dev.voicebridge.upstream.Upstreams;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

/**
 * What every session of one verticle shares.
 *
 * @param chat who writes text for speech; null: nobody
 */
public record SessionHost(
    Vertx vertx,
    Upstreams upstreams,
    Catalogue catalogue,
    VoiceBook voices,
    Doorkeeper doorkeeper,
    Metrics metrics,
    Patience patience,
    @Nullable ChatClient chat) {
  public SessionHost(
      Vertx vertx,
      Upstreams upstreams,
      Catalogue catalogue,
      VoiceBook voices,
      Doorkeeper doorkeeper,
      Metrics metrics,
      @Nullable ChatClient chat) {
    this(vertx, upstreams, catalogue, voices, doorkeeper, metrics, Patience.DEFAULTS, chat);
  }
}
