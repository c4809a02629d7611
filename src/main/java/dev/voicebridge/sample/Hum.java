package dev.voicebridge.sample;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Mains hum: lines at 50 or 60 Hz and their multiples that stand out from their neighbours and
 * don't move, as no voice does.
 *
 * @param mainsHz 50 or 60
 * @param levelDb of all its lines together, dB of full scale
 */
record Hum(int mainsHz, double levelDb, List<Stretch> where) {
  /** Long enough to tell a line from its neighbours 6 Hz away. */
  private static final int WINDOW_MS = 500;

  private static final int STEP_MS = 50;

  /** Neighbours of a line, Hz away. */
  private static final double[] NEIGHBOURS = {-11, -8, 8, 11};

  private static final int LINES = 6;

  /** How far a line stands out to count, dB. */
  private static final double PROMINENCE_DB = 12;

  /** Hum this far under the speech isn't worth a word, dB. */
  private static final double INAUDIBLE_DB = 46;

  private static final int MIN_MS = 1000;

  /** A voice can cover hum for this long. */
  private static final int COVERED_MS = 1500;

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
    int window = sound.sample(WINDOW_MS);
    int step = sound.rateHz * STEP_MS / 1000;
    int count = sound.samples.length < window ? 0 : (sound.samples.length - window) / step + 1;
    if (window < sound.rateHz * WINDOW_MS / 1000 || count < MIN_MS / STEP_MS) {
      return null;
    }
    double[] hann = hann(window);
    double[][] level = new double[LINES][count];
    double[][] around = new double[LINES][count];
    boolean[][] stands = new boolean[LINES][count];
    for (int line = 0; line < LINES; line++) {
      double hz = (line + 1) * mainsHz;
      for (int i = 0; i < count; i++) {
        level[line][i] = power(sound, i * step, hann, hz);
        around[line][i] = 1e-11;
        for (double away : NEIGHBOURS) {
          around[line][i] = Math.max(around[line][i], power(sound, i * step, hann, hz + away));
        }
        stands[line][i] = 10 * Math.log10(level[line][i] / around[line][i]) > PROMINENCE_DB;
      }
    }
    // The line that stands out most of the time, measured where it does.
    boolean[] humming = new boolean[count];
    boolean[] missing = new boolean[count];
    double total = 0;
    for (int line = 0; line < LINES; line++) {
      double typical = typical(level[line], stands[line]);
      if (typical > 0 && 10 * Math.log10(typical) > speechDb - INAUDIBLE_DB) {
        total += typical;
        for (int i = 0; i < count; i++) {
          humming[i] |= stands[line][i] && level[line][i] > typical / 4;
          // Neighbours as loud as that could hide the line, or cancel it.
          missing[i] |= Math.max(level[line][i], around[line][i]) < typical / 4;
        }
      }
    }
    upToTheEnds(humming, missing);
    List<Stretch> where = stretches(humming, sound.durationMs());
    return where.isEmpty() ? null : new Hum(mainsHz, 10 * Math.log10(total), where);
  }

  /** Median power where the line stands out; 0 unless it does so for long and without swaying. */
  private static double typical(double[] level, boolean[] stands) {
    double[] standing = new double[level.length];
    int count = 0;
    for (int i = 0; i < level.length; i++) {
      if (stands[i]) {
        standing[count++] = level[i];
      }
    }
    if (count * STEP_MS < MIN_MS) {
      return 0;
    }
    double[] sorted = Arrays.copyOf(standing, count);
    Arrays.sort(sorted);
    // Half of all moments within 3 dB: a voice that crosses the line sways far more.
    boolean steady = sorted[count * 3 / 4] < 2 * sorted[count / 4];
    return steady ? sorted[count / 2] : 0;
  }

  /**
   * Hum that a voice covers at the start or the end of the sample goes on there, as it does between
   * two stretches of it, unless a line is heard to be missing.
   */
  private static void upToTheEnds(boolean[] humming, boolean[] missing) {
    int first = 0;
    while (first < humming.length && !humming[first] && !missing[first]) {
      first++;
    }
    if (first < humming.length && humming[first] && first * STEP_MS <= COVERED_MS) {
      Arrays.fill(humming, 0, first, true);
    }
    int last = humming.length - 1;
    while (last >= 0 && !humming[last] && !missing[last]) {
      last--;
    }
    if (last >= 0 && humming[last] && (humming.length - 1 - last) * STEP_MS <= COVERED_MS) {
      Arrays.fill(humming, last, humming.length, true);
    }
  }

  private static List<Stretch> stretches(boolean[] humming, int durationMs) {
    List<Stretch> found = new ArrayList<>();
    int begin = -1;
    for (int i = 0; i <= humming.length; i++) {
      boolean on = i < humming.length && humming[i];
      if (on && begin < 0) {
        begin = i;
      } else if (!on && begin >= 0) {
        // A window hums when half of it does, so its middle is the edge.
        int from = begin == 0 ? 0 : begin * STEP_MS + WINDOW_MS / 2;
        int to =
            i == humming.length ? durationMs : Math.max(from, (i - 1) * STEP_MS + WINDOW_MS / 2);
        found.add(new Stretch(from, to));
        begin = -1;
      }
    }
    return SpeechParts.joined(found, COVERED_MS).stream()
        .filter(stretch -> stretch.lengthMs() >= MIN_MS)
        .toList();
  }

  private static double[] hann(int length) {
    double[] window = new double[length];
    double sum = 0;
    for (int i = 0; i < length; i++) {
      window[i] = 0.5 - 0.5 * Math.cos(2 * Math.PI * (i + 0.5) / length);
      sum += window[i];
    }
    for (int i = 0; i < length; i++) {
      window[i] /= sum * 32768;
    }
    return window;
  }

  /** Mean square of the line (Goertzel), 1 at full scale. */
  private static double power(Sound sound, int from, double[] window, double hz) {
    double coefficient = 2 * Math.cos(2 * Math.PI * hz / sound.rateHz);
    double s1 = 0;
    double s2 = 0;
    for (int i = 0; i < window.length; i++) {
      double s = window[i] * sound.samples[from + i] + coefficient * s1 - s2;
      s2 = s1;
      s1 = s;
    }
    return 2 * (s1 * s1 + s2 * s2 - coefficient * s1 * s2);
  }
}
