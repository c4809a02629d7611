package dev.voicebridge.http;

import dev.voicebridge.bridge.Caller;
import dev.voicebridge.bridge.OpenSession;
import dev.voicebridge.bridge.Session;
import dev.voicebridge.bridge.SessionHost;
import io.vertx.core.http.ServerWebSocket;
import org.jspecify.annotations.Nullable;

/** Takes over an upgraded socket: {@link Session#open}, or a test's stand-in. */
@FunctionalInterface
interface SessionOpener {
  /** As {@link Session#open}. */
  OpenSession open(
      SessionHost host,
      ServerWebSocket client,
      Session.Framing framing,
      @Nullable String model,
      @Nullable String voice,
      @Nullable Caller caller);
}
