package dev.voicebridge.scripted;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Watches a number that should stop growing. */
final class Flow {
  private static final long STILL_MS = 150;

  private Flow() {}

  /**
   * Waits until the number has stood still for a while.
   *
   * @return where it stands
   */
  static long untilStill(AtomicLong number) {
    long[] last = {-1, System.nanoTime()};
    Eventually.holds(
        "it stops growing",
        () -> {
          long now = number.get();
          if (now != last[0]) {
            last[0] = now;
            last[1] = System.nanoTime();
          }
          return System.nanoTime() - last[1] > TimeUnit.MILLISECONDS.toNanos(STILL_MS);
        });
    return last[0];
  }
}
