package dev.voicebridge.audio;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Changes the rate of a stream of 16-bit mono samples: a windowed sinc in polyphase form, linear in
 * phase, with about 80 dB of attenuation beyond the lower of the two Nyquist frequencies. The
 * chunks that it is given don't change what comes out. One per stream; not thread-safe.
 */
public final class Resampler {
  /** Half the filter's length, in samples of the lower of the two rates. */
  private static final int HALF_ZERO_CROSSINGS = 24;

  /** Kaiser's shape for about 80 dB. */
  private static final double BETA = 7.86;

  /** Where the pass band ends, in parts of the lower Nyquist frequency: leaves room to fall off. */
  private static final double CUTOFF = 0.91;

  /** Bound of the filter's memory; the rates in use need a tenth of it. */
  private static final int MAX_COEFFICIENTS = 4_000_000;

  private static final int CACHED_FILTERS = 64;

  /** Filters are the same for all streams and take milliseconds to make. */
  private static final Map<Long, Filter> FILTERS = new ConcurrentHashMap<>();

  private final int up;
  private final int down;
  private final Filter filter;

  /** Input that is still needed; its first sample has the stream's index {@link #historyStart}. */
  private short[] history;

  private int historyLength;
  private long historyStart;
  private long samplesIn;
  private long samplesOut;

  /**
   * @param fromHz rate of what goes in
   * @param toHz rate of what comes out
   * @throws IllegalArgumentException when a rate isn't positive or the ratio needs too many phases
   */
  public Resampler(int fromHz, int toHz) {
    if (fromHz <= 0 || toHz <= 0) {
      throw new IllegalArgumentException("rates must be positive: " + fromHz + ", " + toHz);
    }
    int divisor = gcd(fromHz, toHz);
    up = toHz / divisor;
    down = fromHz / divisor;
    filter = filter(up, down);
    history = new short[filter.taps];
    // Silence before the first sample, as far as the filter looks back.
    historyLength = filter.lookBehind();
    historyStart = -historyLength;
  }

  /** All of the array; see {@link #process(short[], int, int)}. */
  public short[] process(short[] samples) {
    return process(samples, 0, samples.length);
  }

  /**
   * @return the samples that can be told so far: what comes out lags about a millisecond or two
   *     behind what goes in, but is not shifted in time
   */
  public short[] process(short[] samples, int offset, int length) {
    if (up == down) {
      samplesIn += length;
      samplesOut += length;
      return Arrays.copyOfRange(samples, offset, offset + length);
    }
    samplesIn += length;
    append(samples, offset, length);
    return produce(Long.MAX_VALUE);
  }

  /**
   * @return the rest; all in all {@code samples in × to / from}, rounded up
   */
  public short[] finish() {
    if (up == down) {
      return new short[0];
    }
    append(new short[filter.taps], 0, filter.taps);
    return produce((samplesIn * up + down - 1) / down);
  }

  private void append(short[] samples, int offset, int length) {
    if (historyLength + length > history.length) {
      history = Arrays.copyOf(history, Math.max(2 * history.length, historyLength + length));
    }
    System.arraycopy(samples, offset, history, historyLength, length);
    historyLength += length;
  }

  private short[] produce(long limit) {
    long known = historyStart + historyLength;
    // Output n lies at input n·down/up and needs the inputs up to lookAhead after it.
    long lastBase = known - 1 - filter.lookAhead();
    long ready = lastBase < 0 ? 0 : ((lastBase + 1) * up - 1) / down + 1;
    int count = (int) Math.max(0, Math.min(ready, limit) - samplesOut);
    short[] out = new short[count];
    for (int i = 0; i < count; i++) {
      long position = (samplesOut + i) * down;
      long base = position / up;
      int phase = (int) (position % up);
      int first = (int) (base - filter.lookBehind() - historyStart);
      out[i] = filter.apply(phase, history, first);
    }
    samplesOut += count;
    long needed = samplesOut * down / up - filter.lookBehind();
    int drop = (int) Math.min(Math.max(0, needed - historyStart), historyLength);
    System.arraycopy(history, drop, history, 0, historyLength - drop);
    historyLength -= drop;
    historyStart += drop;
    return out;
  }

  private static Filter filter(int up, int down) {
    long key = (long) up << 32 | down;
    Filter known = FILTERS.get(key);
    if (known != null) {
      return known;
    }
    Filter made = Filter.of(up, down);
    if (FILTERS.size() < CACHED_FILTERS) {
      FILTERS.put(key, made);
    }
    return made;
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  /** The coefficients of every phase, one phase after the other. Immutable. */
  private static final class Filter {
    final int taps;
    private final float[] coefficients;

    private Filter(int taps, float[] coefficients) {
      this.taps = taps;
      this.coefficients = coefficients;
    }

    static Filter of(int up, int down) {
      if (up == down) {
        return new Filter(1, new float[] {1});
      }
      double scale = Math.min(1.0, (double) up / down);
      int half = (int) Math.ceil(HALF_ZERO_CROSSINGS / scale);
      int taps = 2 * half;
      if ((long) taps * up > MAX_COEFFICIENTS) {
        throw new IllegalArgumentException("no resampling by " + up + "/" + down);
      }
      float[] coefficients = new float[taps * up];
      double cutoff = CUTOFF * scale;
      double windowNorm = bessel(BETA);
      double[] phaseTaps = new double[taps];
      for (int phase = 0; phase < up; phase++) {
        double sum = 0;
        for (int tap = 0; tap < taps; tap++) {
          double distance = tap - (half - 1) - (double) phase / up;
          double edge = distance / half;
          double window =
              Math.abs(edge) >= 1 ? 0 : bessel(BETA * Math.sqrt(1 - edge * edge)) / windowNorm;
          phaseTaps[tap] = sinc(distance * cutoff) * window;
          sum += phaseTaps[tap];
        }
        for (int tap = 0; tap < taps; tap++) {
          // Every phase passes a constant unchanged.
          coefficients[phase * taps + tap] = (float) (phaseTaps[tap] / sum);
        }
      }
      return new Filter(taps, coefficients);
    }

    int lookBehind() {
      return taps / 2 - 1;
    }

    int lookAhead() {
      return taps / 2;
    }

    short apply(int phase, short[] samples, int first) {
      float sum = 0;
      int at = phase * taps;
      for (int tap = 0; tap < taps; tap++) {
        sum += coefficients[at + tap] * samples[first + tap];
      }
      return (short) Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, Math.round(sum)));
    }

    private static double sinc(double x) {
      return x == 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    }

    /** The modified Bessel function I₀ by its power series. */
    private static double bessel(double x) {
      double sum = 1;
      double term = 1;
      for (int k = 1; term > sum * 1e-12; k++) {
        term *= x / (2 * k) * (x / (2 * k));
        sum += term;
      }
      return sum;
    }
  }
}
