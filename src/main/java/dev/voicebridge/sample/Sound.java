package dev.voicebridge.sample;

import dev.voicebridge.audio.Resampler;
import java.util.Arrays;

/** Decoded audio: the first channel as 16-bit samples. Immutable: nobody writes to the array. */
final class Sound {
  /**
   * Rates are taken to the next multiple of this: nobody hears 0.1 %, and it keeps the resampler's
   * filters small and few.
   */
  private static final int RATE_STEP_HZ = 25;

  final int rateHz;
  final short[] samples;

  Sound(int rateHz, short[] samples) {
    this.rateHz = rateHz;
    this.samples = samples;
  }

  int durationMs() {
    return ms(samples.length);
  }

  int ms(int sample) {
    return (int) (sample * 1000L / rateHz);
  }

  int sample(int ms) {
    return (int) Math.min(samples.length, (long) ms * rateHz / 1000);
  }

  Sound part(int from, int to) {
    return new Sound(rateHz, Arrays.copyOfRange(samples, from, to));
  }

  /** The same sound at another rate. */
  Sound at(int toHz) {
    int fromHz = Math.max(RATE_STEP_HZ, Math.round((float) rateHz / RATE_STEP_HZ) * RATE_STEP_HZ);
    if (fromHz == toHz) {
      return this;
    }
    Resampler resampler = new Resampler(fromHz, toHz);
    short[] body = resampler.process(samples);
    short[] tail = resampler.finish();
    short[] all = Arrays.copyOf(body, body.length + tail.length);
    System.arraycopy(tail, 0, all, body.length, tail.length);
    return new Sound(toHz, all);
  }
}
