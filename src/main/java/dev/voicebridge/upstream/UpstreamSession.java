package dev.voicebridge.upstream;

import org.jspecify.annotations.Nullable;

/**
 * A conversation with a speech service: turns, one after the other. A turn begins with its first
 * {@link #append}, and ends with {@link UpstreamListener#onTurnDone} or {@code onFailed}; only then
 * may the next begin. Event loop only.
 */
public interface UpstreamSession {
  /** More to speak in this turn; how soon it is spoken is what the settings' mode says. */
  void append(String text);

  /** No more text in this turn: speak the rest, then call {@code onTurnDone}. */
  void endTurn();

  /** Whether another turn may begin here once this one is done. */
  boolean reusable();

  /** How the service calls this conversation or what it is at; null: it has not said. */
  default @Nullable String vendorRequest() {
    return null;
  }

  /** Stops now, whatever is under way; the service hears of it at once. No callback follows. */
  void close();

  /** Stops delivering audio; the service feels it through TCP. */
  void pause();

  void resume();
}
