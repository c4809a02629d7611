package dev.voicebridge.sample;

import java.time.Duration;

/**
 * How much work a file may make, whatever it claims about itself.
 *
 * @param seconds decoding stops after that much audio
 * @param samples decoding stops after that many samples of one channel
 * @param time decoding stops after that long, looked at between frames
 */
record Limits(int seconds, int samples, Duration time) {
  /** Five times what the providers take; 16 M samples are 32 MB. */
  static final Limits USUAL = new Limits(300, 16 << 20, Duration.ofSeconds(10));

  int samples(int rateHz) {
    return (int) Math.min(samples, (long) seconds * rateHz);
  }
}
