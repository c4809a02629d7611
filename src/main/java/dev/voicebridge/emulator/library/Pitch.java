package dev.voicebridge.emulator.library;

import dev.voicebridge.audio.Resampler;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** How high somebody speaks. */
final class Pitch {
  private static final int RATE = 8000;
  private static final int FRAME = RATE / 25;
  private static final int LOWEST_HZ = 60;
  private static final int HIGHEST_HZ = 500;
  private static final double VOICED_FIT = 0.75;
  private static final double LEAST_RMS = 160;

  /** More tells nothing more. */
  private static final int MOST_SECONDS = 20;

  private Pitch() {}

  /**
   * Median of the fundamental over the voiced parts, by autocorrelation.
   *
   * @return 0 when nothing is voiced
   */
  static double medianHz(short[] samples, int sampleRateHz) {
    short[] part = Arrays.copyOf(samples, Math.min(samples.length, MOST_SECONDS * sampleRateHz));
    short[] all = new Resampler(sampleRateHz, RATE).process(part);
    List<Double> pitches = new ArrayList<>();
    for (int at = 0; at + FRAME + RATE / LOWEST_HZ + 1 < all.length; at += FRAME / 2) {
      double energy = correlation(all, at, 0);
      if (energy / FRAME < LEAST_RMS * LEAST_RMS) {
        continue;
      }
      double best = 0;
      int bestLag = 0;
      for (int lag = RATE / HIGHEST_HZ; lag <= RATE / LOWEST_HZ; lag++) {
        double fit =
            correlation(all, at, lag) / Math.sqrt(energy * correlation(all, at + lag, 0) + 1);
        // the shorter lag wins when a multiple fits as well
        if (fit > best * 1.03) {
          best = fit;
          bestLag = lag;
        }
      }
      if (best > VOICED_FIT) {
        pitches.add((double) RATE / bestLag);
      }
    }
    pitches.sort(null);
    return pitches.isEmpty() ? 0 : pitches.get(pitches.size() / 2);
  }

  private static double correlation(short[] samples, int at, int lag) {
    double sum = 0;
    for (int i = at; i < at + FRAME; i++) {
      sum += (double) samples[i] * samples[i + lag];
    }
    return sum;
  }
}
