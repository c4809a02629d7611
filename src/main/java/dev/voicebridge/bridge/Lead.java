package dev.voicebridge.bridge;

import java.util.concurrent.TimeUnit;

/** How far the audio that was sent runs ahead of a listener who plays it as it comes. */
final class Lead {
  /** When a listener who never waited would have played everything; {@link System#nanoTime}. */
  private long playedAtNanos;

  private boolean any;

  void sent(long nowNanos, long micros) {
    long from = any && playedAtNanos - nowNanos > 0 ? playedAtNanos : nowNanos;
    playedAtNanos = from + TimeUnit.MICROSECONDS.toNanos(micros);
    any = true;
  }

  /** The listener has thrown away what it had. */
  void reset() {
    any = false;
  }

  long aheadMs(long nowNanos) {
    return any ? Math.max(0, TimeUnit.NANOSECONDS.toMillis(playedAtNanos - nowNanos)) : 0;
  }
}
