package dev.voicebridge.sample;

import java.util.Arrays;

/** Takes a decoder's samples up to the limits. Not thread-safe. */
final class SampleSink {
  private final Limits limits;
  private final long deadlineNanos;
  private short[] samples = new short[1 << 16];
  private int length;
  private int rateHz;

  SampleSink(Limits limits) {
    this.limits = limits;
    deadlineNanos = System.nanoTime() + limits.time().toNanos();
  }

  /** To be asked before each frame: false when a limit has been reached. */
  boolean wantsMore() {
    return (rateHz == 0 || length < limits.samples(rateHz))
        && System.nanoTime() - deadlineNanos < 0;
  }

  /**
   * @param sampleRateHz of this frame; only the first frame's counts
   */
  void add(int sampleRateHz, short sample) {
    rateHz = rateHz == 0 ? sampleRateHz : rateHz;
    if (length >= limits.samples(rateHz)) {
      return;
    }
    if (length == samples.length) {
      samples = Arrays.copyOf(samples, 2 * samples.length);
    }
    samples[length++] = sample;
  }

  int length() {
    return length;
  }

  Sound sound() {
    return new Sound(rateHz, Arrays.copyOf(samples, length));
  }
}
