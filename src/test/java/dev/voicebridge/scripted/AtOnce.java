package dev.voicebridge.scripted;

import java.util.concurrent.TimeUnit;

/**
 * What is to be done in the turn of its cause. How long that takes on a busy machine says nothing
 * about the server; what it doesn't do in that turn, a timer of its own does, and the shortest that
 * ends a connection ({@code Patience.DEFAULTS.finishGrace}, 2.5 s) is longer than this bound.
 */
final class AtOnce {
  private static final long MOST_MS = 2_000;

  private AtOnce() {}

  /** Both as {@link System#nanoTime}. */
  static void followed(long causeNanos, long effectNanos) {
    long ms = TimeUnit.NANOSECONDS.toMillis(effectNanos - causeNanos);
    if (ms > MOST_MS) {
      throw new AssertionError("not at once but after " + ms + " ms: some timer did it");
    }
  }
}
