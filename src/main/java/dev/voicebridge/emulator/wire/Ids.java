package dev.voicebridge.emulator.wire;

import java.util.concurrent.ThreadLocalRandom;

/** Opaque ids: unique, not secret. */
final class Ids {
  private Ids() {}

  static String next(String prefix) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return prefix + "_" + hex(random.nextLong()) + hex(random.nextLong());
  }

  private static String hex(long value) {
    String digits = Long.toHexString(value);
    return "0".repeat(16 - digits.length()) + digits;
  }
}
