package dev.voicebridge.scripted;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what no event tells. */
final class Eventually {
  private Eventually() {}

  /** Waits for at most ten seconds. */
  static void holds(String what, BooleanSupplier condition) {
    holds(what, 10_000, condition);
  }

  static void holds(String what, long withinMs, BooleanSupplier condition) {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(withinMs);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > until) {
        throw new AssertionError("never came true: " + what);
      }
      LockSupport.parkNanos(1_000_000);
    }
  }
}
