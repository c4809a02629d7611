package dev.voicebridge.sample;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Mains hum: lines at 50 or 60 Hz and their multiples that stand out from their neighbours and
 * don't move, as no voice does.
 *
 * <p>It begins and ends where that explains best what is heard of all its lines together. Where a
 * voice covers them, for however long, they are neither there nor missing, and the hum goes on as
 * it was.
 *
 * @param mainsHz 50 or 60
 * @param levelDb of all its lines together, dB of full scale
 */
record Hum(int mainsHz, double levelDb, List<Stretch> where) {
  private static final int LINES = 6;

  /** Hum this far under the speech isn't worth a word, dB. */
  private static final double INAUDIBLE_DB = 46;

  private static final int MIN_MS = 1000;

  /** Hum seldom begins or ends: the evidence that it takes, as a logarithm of likelihood. */
  private static final double SELDOM = 7;

  /**
   * @param sound at 2000 Hz or so, unfiltered
   * @return null when there is none
   */
  static @Nullable Hum of(Sound sound, double speechDb) {
    Hum fifty = of(sound, 50, speechDb);
    Hum sixty = of(sound, 60, speechDb);
    if (fifty == null || sixty == null) {
      return fifty == null ? sixty : fifty;
    }
    return fifty.levelDb >= sixty.levelDb ? fifty : sixty;
  }

  private static @Nullable Hum of(Sound sound, int mainsHz, double speechDb) {
    if (sound.durationMs() < MIN_MS) {
      return null;
    }
    int window = sound.rateHz * HumLine.WINDOW_MS / 1000;
    int step = sound.rateHz * HumLine.STEP_MS / 1000;
    double[] evidence = new double[(sound.samples.length - window) / step + 1];
    double total = 0;
    for (int i = 1; i <= LINES; i++) {
      HumLine line = new HumLine(sound, i * mainsHz, evidence.length);
      if (line.power > 0 && 10 * Math.log10(line.power) > speechDb - INAUDIBLE_DB) {
        total += line.power;
        double[] more = line.evidence();
        for (int j = 0; j < more.length; j++) {
          evidence[j] += more[j];
        }
      }
    }
    List<Stretch> where = stretches(mostLikely(evidence), sound.durationMs());
    return where.isEmpty() ? null : new Hum(mainsHz, 10 * Math.log10(total), where);
  }

  /**
   * Viterbi's algorithm: the windows with hum that have most evidence, less what each end costs.
   */
  private static boolean[] mostLikely(double[] evidence) {
    int count = evidence.length;
    boolean[] beginsHere = new boolean[count];
    boolean[] endsHere = new boolean[count];
    double with = 0;
    double without = 0;
    for (int i = 0; i < count; i++) {
      beginsHere[i] = without - SELDOM > with;
      endsHere[i] = with - SELDOM > without;
      double before = with;
      with = Math.max(with, without - SELDOM) + evidence[i];
      without = Math.max(without, before - SELDOM);
    }
    boolean[] humming = new boolean[count];
    boolean on = with > without;
    for (int i = count - 1; i >= 0; i--) {
      humming[i] = on;
      on = on ? !beginsHere[i] : endsHere[i];
    }
    return humming;
  }

  private static List<Stretch> stretches(boolean[] humming, int durationMs) {
    List<Stretch> found = new ArrayList<>();
    int begin = -1;
    for (int i = 0; i <= humming.length; i++) {
      boolean on = i < humming.length && humming[i];
      if (on && begin < 0) {
        begin = i;
      } else if (!on && begin >= 0) {
        int from = begin == 0 ? 0 : edgeMs(begin);
        int to = i == humming.length ? durationMs : edgeMs(i);
        if (to - from >= MIN_MS) {
          found.add(new Stretch(from, to));
        }
        begin = -1;
      }
    }
    return found;
  }

  /** Between the middles of that window and the one before. */
  private static int edgeMs(int window) {
    return window * HumLine.STEP_MS + (HumLine.WINDOW_MS - HumLine.STEP_MS) / 2;
  }
}
