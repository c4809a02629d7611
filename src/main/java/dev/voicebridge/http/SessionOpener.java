package dev.voicebridge.http;

import dev.voicebridge.bridge.Caller;
import dev.voicebridge.bridge.CloseCode;
import dev.voicebridge.bridge.InferenceSession;
import dev.voicebridge.bridge.Session;
import dev.voicebridge.bridge.SessionHost;
import io.vertx.core.Future;
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

  /** What the door keeps of a session. Event loop only. */
  interface OpenSession {
    /** As {@link Session#close}. */
    void close(CloseCode code);

    /** As {@link Session#closed}. */
    Future<CloseCode> closed();
  }

  /** The real one. */
  SessionOpener REAL =
      (host, client, framing, model, voice, caller) -> {
        Session session = Session.open(host, client, framing, model, voice, caller);
        return new OpenSession() {
          @Override
          public void close(CloseCode code) {
            session.close(code);
          }

          @Override
          public Future<CloseCode> closed() {
            return session.closed();
          }
        };
      };

  /** As {@link InferenceSession#open}. */
  static OpenSession tasks(SessionHost host, ServerWebSocket client, Caller caller) {
    InferenceSession session = InferenceSession.open(host, client, caller);
    return new OpenSession() {
      @Override
      public void close(CloseCode code) {
        session.close(code);
      }

      @Override
      public Future<CloseCode> closed() {
        return session.closed();
      }
    };
  }
}
