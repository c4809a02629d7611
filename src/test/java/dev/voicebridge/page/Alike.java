package dev.voicebridge.page;

import dev.voicebridge.audio.Resampler;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Whether a recording is of a sound that was played again and again. */
final class Alike {
  private static final int RATE = 16_000;
  private static final int HEADER = 44;

  /** Loudness is compared before waves are: each of so many samples. */
  private static final int COARSE = 160;

  /** So far a clock may run away from another, samples. */
  private static final int DRIFT = 800;

  private Alike() {}

  /**
   * The median correlation of the recording's seconds with the sound, each at its best place within
   * 50 ms of where it should be: 1 is the same wave. A hiccup of a busy machine spoils one second.
   *
   * @param played 16-bit mono WAV
   * @param recorded 16-bit mono WAV, of any rate and loudness
   */
  static double of(byte[] played, byte[] recorded) {
    double[] once = samples(played);
    double[] heard = samples(recorded);
    double[] loop = new double[2 * once.length + heard.length + RATE];
    for (int i = 0; i < loop.length; i++) {
      loop[i] = once[i % once.length];
    }
    int place = COARSE * place(loudness(loop), loudness(heard));
    double[] seconds = new double[heard.length / RATE];
    for (int i = 0; i < seconds.length; i++) {
      int at = best(loop, place + i * RATE, heard, i * RATE);
      seconds[i] = correlation(loop, at, heard, i * RATE, RATE);
      // A jump stays: what follows is looked for from there.
      place = at - i * RATE;
    }
    Arrays.sort(seconds);
    return seconds[seconds.length / 2];
  }

  /** Where in the loop a second of the recording fits best. */
  private static int best(double[] loop, int expected, double[] heard, int from) {
    int place = Math.max(0, expected);
    double best = -1;
    for (int at = Math.max(0, expected - DRIFT); at <= expected + DRIFT; at++) {
      double found = correlation(loop, at, heard, from, RATE);
      if (found > best) {
        best = found;
        place = at;
      }
    }
    return place;
  }

  private static int place(double[] loop, double[] heard) {
    int place = 0;
    double best = -1;
    for (int at = 0; at <= loop.length / 2 && at + heard.length <= loop.length; at++) {
      double found = correlation(loop, at, heard, 0, heard.length);
      if (found > best) {
        best = found;
        place = at;
      }
    }
    return place;
  }

  private static double correlation(double[] a, int fromA, double[] b, int fromB, int length) {
    double ab = 0;
    double aa = 1e-9;
    double bb = 1e-9;
    for (int i = 0; i < length; i++) {
      ab += a[fromA + i] * b[fromB + i];
      aa += a[fromA + i] * a[fromA + i];
      bb += b[fromB + i] * b[fromB + i];
    }
    return ab / Math.sqrt(aa * bb);
  }

  /** Less its mean, so that silence and speech are told apart. */
  private static double[] loudness(double[] samples) {
    double[] loud = new double[samples.length / COARSE];
    for (int i = 0; i < loud.length; i++) {
      for (int at = i * COARSE; at < (i + 1) * COARSE; at++) {
        loud[i] += Math.abs(samples[at]);
      }
    }
    double mean = Arrays.stream(loud).average().orElse(0);
    return Arrays.stream(loud).map(value -> value - mean).toArray();
  }

  private static double[] samples(byte[] wav) {
    ByteBuffer bytes = ByteBuffer.wrap(wav).order(ByteOrder.LITTLE_ENDIAN);
    int rate = bytes.getInt(24);
    short[] shorts = new short[(wav.length - HEADER) / 2];
    bytes.position(HEADER).asShortBuffer().get(shorts);
    Resampler resampler = new Resampler(rate, RATE);
    short[] body = resampler.process(shorts);
    short[] rest = resampler.finish();
    double[] samples = new double[body.length + rest.length];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = i < body.length ? body[i] : rest[i - body.length];
    }
    return samples;
  }
}
