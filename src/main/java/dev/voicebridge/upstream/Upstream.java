package dev.voicebridge.upstream;

import io.vertx.core.Future;

/**
 * A speech service. Stateless towards its callers; one per verticle. Every call and callback
 * happens on the caller's event loop.
 */
public interface Upstream {
  /**
   * Opens a conversation with fixed settings.
   *
   * @return completes when the service can be given text; fails with {@link UpstreamException}, in
   *     at most ten seconds
   */
  Future<UpstreamSession> open(SpeechRequest request, UpstreamListener listener);
}
