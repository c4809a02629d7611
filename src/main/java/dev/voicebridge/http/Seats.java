package dev.voicebridge.http;

import java.util.HashMap;
import java.util.Map;

/** Counts the open sessions of this instance, in all and per key. Any thread. */
final class Seats {
  private final int max;
  private int taken;
  private final Map<String, Integer> takenByKey = new HashMap<>();

  /**
   * @param max most sessions at once, whoever holds them
   */
  Seats(int max) {
    this.max = max;
  }

  /** One more session of nobody yet; false when the house is full. */
  synchronized boolean take() {
    if (taken >= max) {
      return false;
    }
    taken++;
    return true;
  }

  synchronized void leave() {
    taken--;
  }

  /** Names the holder of a seat; false when that key holds all it may. */
  synchronized boolean take(KeyRing.Key key) {
    String name = key.caller().name();
    int held = takenByKey.getOrDefault(name, 0);
    if (held >= key.maxSessions()) {
      return false;
    }
    takenByKey.put(name, held + 1);
    return true;
  }

  synchronized void leave(KeyRing.Key key) {
    takenByKey.computeIfPresent(key.caller().name(), (name, held) -> held == 1 ? null : held - 1);
  }
}
