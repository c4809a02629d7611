package dev.voicebridge.sample;

/**
 * An echo leaves a comb in the spectrum of the whole sound, which is a peak in its cepstrum at the
 * echo's delay. The voice's own pitch changes and lies at shorter times.
 *
 * @param delayMs of the strongest echo, milliseconds
 * @param strength of the echo over the direct sound, about 0–1
 */
record Echo(int delayMs, double strength) {
  static final int MIN_DELAY_MS = 45;
  static final int MAX_DELAY_MS = 600;

  /** An echo this much weaker than the voice is heard, about −14 dB. */
  static final double AUDIBLE = 0.2;

  /** A minute at 8000 Hz is enough. */
  private static final int MAX_SAMPLES = 1 << 19;

  /**
   * @param sound at 8000 Hz or so
   */
  static Echo of(Sound sound) {
    int length = Math.min(sound.samples.length, MAX_SAMPLES);
    int size = Math.max(2, Integer.highestOneBit(Math.max(1, length - 1)) * 2);
    double[] re = new double[size];
    double[] im = new double[size];
    double before = 0;
    double power = 0;
    for (int i = 0; i < length; i++) {
      // The treble raised, so that all of the spectrum counts.
      re[i] = sound.samples[i] - 0.95 * before;
      before = sound.samples[i];
      power += re[i] * re[i];
    }
    Fourier.transform(re, im);
    // 60 dB under the mean counts as nothing: no echo is heard there.
    double least = power * 1e-6 + 1;
    for (int i = 0; i < size; i++) {
      re[i] = Math.log(re[i] * re[i] + im[i] * im[i] + least);
      im[i] = 0;
    }
    Fourier.transform(re, im);
    int best = 0;
    double strength = 0;
    int to = Math.min(size / 2, sound.sample(MAX_DELAY_MS));
    for (int i = sound.rateHz * MIN_DELAY_MS / 1000; i < to; i++) {
      // Neighbours together: a delay needn't be a whole number of samples.
      double peak = (re[i - 1] + re[i] + re[i + 1]) / size;
      if (peak > strength) {
        strength = peak;
        best = i;
      }
    }
    return new Echo(sound.ms(best), strength);
  }
}
