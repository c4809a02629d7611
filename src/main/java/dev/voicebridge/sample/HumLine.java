package dev.voicebridge.sample;

import java.util.Arrays;

/**
 * One line of hum, listened to in windows of 250 ms, one every 50 ms. Mains turns evenly, so the
 * moments in which the line stands out from its neighbours tell what it is like, phase included, in
 * those in which a voice covers it; a voice that crosses the line is strong there but not like it.
 */
final class HumLine {
  /** A steady line vanishes 4 / 250 ms × n away from itself in a Hann window, n ≥ 2. */
  static final int WINDOW_MS = 250;

  static final int STEP_MS = 50;

  /** Of those the nearest, Hz away. */
  private static final double[] NEIGHBOURS = {-12, -8, 8, 12};

  /** How far a line stands out to be taken for one, dB. */
  private static final double PROMINENCE_DB = 12;

  /** Less of it isn't known to be one, ms. */
  private static final int MIN_MS = 1000;

  /** Silence itself, mean square: less than the steps of 16 bits make. */
  private static final double NOTHING = 1e-11;

  /** The line may change its strength and phase slowly against this, in steps: 2 s. */
  private static final double MEMORY = 40;

  /** Steps between two moments whose phases are compared, coarse before fine. */
  private static final int[] LAGS = {5, 20, 80};

  private final double[] re;
  private final double[] im;

  /** Power beside the line: what a voice or noise has on the line, too. */
  private final double[] around;

  private final boolean[] stands;

  /** Median power where it stands out, 1 at full scale; 0 for no line. */
  final double power;

  /**
   * @param count windows that fit into the sound
   */
  HumLine(Sound sound, double hz, int count) {
    re = new double[count];
    im = new double[count];
    around = new double[count];
    stands = new boolean[count];
    Arrays.fill(around, NOTHING);
    for (double away : NEIGHBOURS) {
      listen(sound, hz + away);
      for (int i = 0; i < count; i++) {
        around[i] = Math.max(around[i], power(i));
      }
    }
    listen(sound, hz);
    for (int i = 0; i < count; i++) {
      stands[i] = 10 * Math.log10(power(i) / around[i]) > PROMINENCE_DB;
    }
    power = typical();
    for (int i = 0; i < count; i++) {
      stands[i] &= power(i) > power / 4 && power(i) < power * 4;
    }
  }

  private double power(int i) {
    return re[i] * re[i] + im[i] * im[i];
  }

  /** Fills in amplitude and phase, such that a steady tone of that frequency keeps its phase. */
  private void listen(Sound sound, double hz) {
    int length = sound.rateHz * WINDOW_MS / 1000;
    int step = sound.rateHz * STEP_MS / 1000;
    double turn = -2 * Math.PI * hz / sound.rateHz;
    double[] cos = new double[length];
    double[] sin = new double[length];
    for (int j = 0; j < length; j++) {
      // Twice the mean of Hann's window is 1; the root of 2 makes mean squares of amplitudes.
      double hann = (1 - Math.cos(2 * Math.PI * (j + 0.5) / length)) / length;
      cos[j] = Math.sqrt(2) / 32768 * hann * Math.cos(turn * j);
      sin[j] = Math.sqrt(2) / 32768 * hann * Math.sin(turn * j);
    }
    for (int i = 0; i < re.length; i++) {
      re[i] = 0;
      im[i] = 0;
      for (int j = 0; j < length; j++) {
        re[i] += cos[j] * sound.samples[i * step + j];
        im[i] += sin[j] * sound.samples[i * step + j];
      }
    }
    turn(turn * step);
  }

  /** Turns the phases, each moment's by so much more than that before, radians. */
  private void turn(double perStep) {
    for (int i = 0; i < re.length; i++) {
      double cos = Math.cos(perStep * i);
      double sin = Math.sin(perStep * i);
      double turned = re[i] * cos - im[i] * sin;
      im[i] = re[i] * sin + im[i] * cos;
      re[i] = turned;
    }
  }

  /** 0 unless it stands out for long and without swaying. */
  private double typical() {
    double[] sorted = new double[re.length];
    int count = 0;
    for (int i = 0; i < re.length; i++) {
      if (stands[i]) {
        sorted[count++] = power(i);
      }
    }
    if (count * STEP_MS < MIN_MS) {
      return 0;
    }
    Arrays.sort(sorted, 0, count);
    // Half of all moments within 3 dB: a voice that crosses the line sways far more.
    boolean steady = sorted[count * 3 / 4] < 2 * sorted[count / 4];
    return steady ? sorted[count / 2] : 0;
  }

  /**
   * For each window how much more likely it is with the line than without, as a logarithm: above 0
   * where it is heard, below 0 where it is heard to be missing, about 0 where something louder
   * covers it. A window with half of the line in it is neither, so the edge lies in its middle.
   */
  double[] evidence() {
    for (int lag : LAGS) {
      turn(-phaseDrift(lag) / lag);
    }
    double[] lineRe = expected(re);
    double[] lineIm = expected(im);
    double[] evidence = new double[re.length];
    for (int i = 0; i < evidence.length; i++) {
      double restRe = re[i] - lineRe[i];
      double restIm = im[i] - lineIm[i];
      // Heavy tails, as a voice has them: what is far louder than the line says nothing.
      evidence[i] =
          Math.log((around[i] + power(i)) / (around[i] + restRe * restRe + restIm * restIm));
    }
    return evidence;
  }

  /** Mains is seldom 50 Hz exactly: how far the line's phase comes in that many steps. */
  private double phaseDrift(int lag) {
    double cos = 0;
    double sin = 0;
    for (int i = lag; i < re.length; i++) {
      if (stands[i] && stands[i - lag]) {
        cos += re[i] * re[i - lag] + im[i] * im[i - lag];
        sin += im[i] * re[i - lag] - re[i] * im[i - lag];
      }
    }
    return Math.atan2(sin, cos);
  }

  /** The mean over the moments in which the line stands out, the near ones above all. */
  private double[] expected(double[] part) {
    int count = part.length;
    double keep = Math.exp(-1 / MEMORY);
    double[] sum = new double[count];
    double[] weight = new double[count];
    for (boolean forward : new boolean[] {true, false}) {
      double heard = 0;
      double heardWeight = 0;
      for (int j = 0; j < count; j++) {
        int i = forward ? j : count - 1 - j;
        heard *= keep;
        heardWeight *= keep;
        if (stands[i]) {
          heard += part[i];
          heardWeight++;
        }
        sum[i] += heard;
        weight[i] += heardWeight;
      }
    }
    for (int i = 0; i < count; i++) {
      sum[i] /= weight[i];
    }
    return sum;
  }
}
