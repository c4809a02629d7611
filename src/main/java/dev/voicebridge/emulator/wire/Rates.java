package dev.voicebridge.emulator.wire;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/** The vendor's request rates, as sliding windows. The guest's event loop only. */
final class Rates {
  private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Window realtime = new Window(180, MINUTE_NANOS);
  private final Window cosyVoice = new Window(3, SECOND_NANOS);
  private final Window sambert = new Window(20, SECOND_NANOS);
  private final Window enrolment = new Window(10, SECOND_NANOS);
  private final Window qwenEnrolment = new Window(180, MINUTE_NANOS);
  private final Window generation = new Window(180, MINUTE_NANOS);
  private final Window policies = new Window(100, SECOND_NANOS);

  boolean admitRealtime() {
    return realtime.admit(System.nanoTime());
  }

  boolean admitTask(boolean isSambert) {
    return (isSambert ? sambert : cosyVoice).admit(System.nanoTime());
  }

  boolean admitEnrolment(boolean isQwen) {
    return (isQwen ? qwenEnrolment : enrolment).admit(System.nanoTime());
  }

  boolean admitGeneration() {
    return generation.admit(System.nanoTime());
  }

  boolean admitPolicy() {
    return policies.admit(System.nanoTime());
  }

  private static final class Window {
    private final ArrayDeque<Long> admitted = new ArrayDeque<>();
    private final int most;
    private final long lengthNanos;

    Window(int most, long lengthNanos) {
      this.most = most;
      this.lengthNanos = lengthNanos;
    }

    boolean admit(long now) {
      while (!admitted.isEmpty() && now - admitted.element() >= lengthNanos) {
        admitted.remove();
      }
      if (admitted.size() >= most) {
        return false;
      }
      admitted.add(now);
      return true;
    }
  }
}
