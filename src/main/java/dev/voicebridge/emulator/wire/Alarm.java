package dev.voicebridge.emulator.wire;

import io.vertx.core.Vertx;
import java.time.Duration;

/** One deadline that can be put off. Event loop only. */
final class Alarm {
  private static final long NONE = -1;

  private final Vertx vertx;
  private final Runnable ring;
  private long timer = NONE;

  Alarm(Vertx vertx, Runnable ring) {
    this.vertx = vertx;
    this.ring = ring;
  }

  void set(Duration delay) {
    clear();
    timer =
        vertx.setTimer(
            Math.max(1, delay.toMillis()),
            id -> {
              timer = NONE;
              ring.run();
            });
  }

  void clear() {
    if (timer != NONE) {
      vertx.cancelTimer(timer);
      timer = NONE;
    }
  }
}
