package dev.voicebridge.bridge;

/** How many messages a client may send: a burst is fine as long as the rate holds over it. */
final class MessageRate {
  private static final int BURST_SECONDS = 10;

  private final int perSecond;
  private double tokens;
  private long nanos = System.nanoTime();

  MessageRate(int perSecond) {
    this.perSecond = perSecond;
    this.tokens = perSecond * (double) BURST_SECONDS;
  }

  /**
   * @return false when that is one too many
   */
  boolean take() {
    long now = System.nanoTime();
    tokens =
        Math.min(perSecond * (double) BURST_SECONDS, tokens + (now - nanos) * 1e-9 * perSecond);
    nanos = now;
    if (tokens < 1) {
      return false;
    }
    tokens--;
    return true;
  }
}
