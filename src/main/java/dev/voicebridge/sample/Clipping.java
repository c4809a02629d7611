package dev.voicebridge.sample;

import java.util.ArrayList;
import java.util.List;

/** Flat tops: several samples in a row at the very same peak, again and again. */
final class Clipping {
  /** This near to the plateau, in parts of it and in steps of 16 bits, is on it. */
  private static final double PLATEAU_SHARE = 0.0005;

  private static final int PLATEAU_STEPS = 2;

  /** A plateau below this peak isn't looked for: nothing clips there. */
  private static final int MIN_PEAK = 3000;

  private static final int MIN_RUNS = 5;

  /** Flat tops nearer than this to each other are one stretch. */
  private static final int JOIN_MS = 1000;

  private Clipping() {}

  /** Where it clips; empty when it doesn't. */
  static List<Stretch> of(Sound sound) {
    int peak = peak(sound);
    if (peak < MIN_PEAK) {
      return List.of();
    }
    // A tone of 100 Hz stays this near to its peak for a hundredth of its period.
    int runSamples = Math.max(3, sound.rateHz / 8000);
    List<Stretch> runs = new ArrayList<>();
    findRuns(sound, peak(sound, 1), 1, runSamples, runs);
    findRuns(sound, peak(sound, -1), -1, runSamples, runs);
    if (runs.size() < MIN_RUNS) {
      return List.of();
    }
    runs.sort((a, b) -> Integer.compare(a.beginMs(), b.beginMs()));
    return SpeechParts.joined(runs, JOIN_MS);
  }

  /** Largest distance from zero, 0–32768. */
  static int peak(Sound sound) {
    return Math.max(peak(sound, 1), peak(sound, -1));
  }

  private static int peak(Sound sound, int sign) {
    int peak = 0;
    for (short sample : sound.samples) {
      peak = Math.max(peak, sign * sample);
    }
    return peak;
  }

  private static void findRuns(
      Sound sound, int peak, int sign, int runSamples, List<Stretch> runs) {
    double plateau = peak * (1 - PLATEAU_SHARE) - PLATEAU_STEPS;
    if (peak < MIN_PEAK) {
      return;
    }
    int length = 0;
    for (int i = 0; i <= sound.samples.length; i++) {
      if (i < sound.samples.length && sign * sound.samples[i] >= plateau) {
        length++;
      } else {
        if (length >= runSamples) {
          runs.add(new Stretch(sound.ms(i - length), sound.ms(i) + 1));
        }
        length = 0;
      }
    }
  }
}
