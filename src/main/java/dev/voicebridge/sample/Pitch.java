package dev.voicebridge.sample;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The voice's pitch over time by autocorrelation, one value every 20 ms. */
final class Pitch {
  static final int STEP_MS = 20;
  private static final int WINDOW_MS = 40;
  private static final int MIN_HZ = 70;
  private static final int MAX_HZ = 500;
  private static final double VOICED = 0.8;

  /** A note of a song stays within this, semitones, for {@link #NOTE_MS}. */
  private static final double NOTE_SEMITONES = 0.4;

  private static final int NOTE_MS = 360;

  /** Further apart than this, semitones, are two people more likely than one. */
  private static final double TWO_PEOPLE_SEMITONES = 7;

  private static final int MIN_TURN_MS = 1500;

  /** Semitones over 1 Hz; not a number where nothing is voiced. */
  final double[] semitones;

  private Pitch(double[] semitones) {
    this.semitones = semitones;
  }

  /**
   * @param sound at 8000 Hz or so
   */
  static Pitch of(Sound sound, double speechDb) {
    int window = sound.rateHz * WINDOW_MS / 1000;
    int step = sound.rateHz * STEP_MS / 1000;
    int longest = sound.rateHz / MIN_HZ;
    int count = Math.max(0, (sound.samples.length - window - longest) / Math.max(1, step));
    double[] out = new double[count];
    double quiet = window * Math.pow(10, (speechDb - 20) / 10) * 32768.0 * 32768.0;
    for (int i = 0; i < count; i++) {
      out[i] = pitch(sound, i * step, window, quiet);
    }
    return new Pitch(out);
  }

  private static double pitch(Sound sound, int at, int window, double quiet) {
    double energy = correlation(sound.samples, at, window, 0);
    if (energy < quiet) {
      return Double.NaN;
    }
    int shortest = sound.rateHz / MAX_HZ;
    int longest = sound.rateHz / MIN_HZ;
    double best = 0;
    int bestLag = 0;
    double shifted = correlation(sound.samples, at + shortest, window, 0);
    for (int lag = shortest; lag <= longest; lag++) {
      double fit = correlation(sound.samples, at, window, lag) / Math.sqrt(energy * shifted + 1);
      // The shorter lag wins where a multiple fits as well.
      if (fit > best * 1.04) {
        best = fit;
        bestLag = lag;
      }
      double out = sound.samples[at + lag];
      double in = sound.samples[at + lag + window];
      shifted += in * in - out * out;
    }
    return best < VOICED
        ? Double.NaN
        : 12 * Math.log((double) sound.rateHz / bestLag) / Math.log(2);
  }

  private static double correlation(short[] samples, int at, int length, int lag) {
    double sum = 0;
    for (int i = at; i < at + length; i++) {
      sum += (double) samples[i] * samples[i + lag];
    }
    return sum;
  }

  /** Share of the voiced time that is held notes, 0–1. */
  double heldShare() {
    int voiced = 0;
    int held = 0;
    int begin = 0;
    double low = Double.NaN;
    double high = Double.NaN;
    for (int i = 0; i <= semitones.length; i++) {
      double now = i < semitones.length ? semitones[i] : Double.NaN;
      voiced += Double.isNaN(now) ? 0 : 1;
      double newLow = Math.min(low, now);
      double newHigh = Math.max(high, now);
      if (Double.isNaN(now) || Double.isNaN(low) || newHigh - newLow > NOTE_SEMITONES) {
        if (!Double.isNaN(low) && (i - begin) * STEP_MS >= NOTE_MS) {
          held += i - begin;
        }
        begin = i;
        low = now;
        high = now;
      } else {
        low = newLow;
        high = newHigh;
      }
    }
    return voiced == 0 ? 0 : (double) held / voiced;
  }

  /** The part that sounds like somebody else; empty when one voice explains it all. */
  List<Stretch> secondSpeaker(List<Stretch> parts) {
    List<double[]> medians = new ArrayList<>();
    List<Stretch> heard = new ArrayList<>();
    for (Stretch part : parts) {
      double[] voiced =
          Arrays.stream(
                  semitones,
                  Math.min(semitones.length, part.beginMs() / STEP_MS),
                  Math.min(semitones.length, part.endMs() / STEP_MS))
              .filter(value -> !Double.isNaN(value))
              .sorted()
              .toArray();
      if (voiced.length >= 15) {
        medians.add(new double[] {voiced[voiced.length / 2]});
        heard.add(part);
      }
    }
    if (heard.size() < 2) {
      return List.of();
    }
    double[] sorted = medians.stream().mapToDouble(median -> median[0]).sorted().toArray();
    int split = 1;
    for (int i = 1; i < sorted.length; i++) {
      if (sorted[i] - sorted[i - 1] > sorted[split] - sorted[split - 1]) {
        split = i;
      }
    }
    if (sorted[split] - sorted[split - 1] < TWO_PEOPLE_SEMITONES) {
      return List.of();
    }
    List<Stretch> lower = new ArrayList<>();
    List<Stretch> upper = new ArrayList<>();
    for (int i = 0; i < heard.size(); i++) {
      (medians.get(i)[0] < sorted[split] ? lower : upper).add(heard.get(i));
    }
    int lowerMs = lower.stream().mapToInt(Stretch::lengthMs).sum();
    int upperMs = upper.stream().mapToInt(Stretch::lengthMs).sum();
    if (Math.min(lowerMs, upperMs) < MIN_TURN_MS) {
      return List.of();
    }
    return lowerMs < upperMs ? lower : upper;
  }
}
