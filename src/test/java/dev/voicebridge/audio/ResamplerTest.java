package dev.voicebridge.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResamplerTest {
  @ParameterizedTest
  @CsvSource({
    "22050, 8000",
    "22050, 16000",
    "22050, 22050",
    "22050, 24000",
    "22050, 44100",
    "22050, 48000",
    "44100, 48000",
    "48000, 8000",
    "8000, 48000"
  })
  void aToneKeepsItsPitchLoudnessAndLength(int from, int to) {
    short[] tone = Tone.of(1000, from, 1000);

    short[] out = resampled(from, to, tone, 512);

    assertEquals(Math.ceil((double) tone.length * to / from), out.length);
    Decoded result = new Decoded(to, out);
    assertTrue(result.purity(1000) > 0.99999, "purity " + result.purity(1000));
    assertEquals(Tone.AMPLITUDE / Math.sqrt(2), result.rms(), 20);
  }

  @ParameterizedTest
  @CsvSource({"22050, 24000", "22050, 8000", "22050, 48000"})
  void isNotShiftedInTime(int from, int to) {
    short[] out = resampled(from, to, Tone.of(200, from, 500), 1000);

    short[] ideal = Tone.of(200, to, 500);
    double worst = 0;
    for (int i = to / 10; i < ideal.length - to / 10; i++) {
      worst = Math.max(worst, Math.abs(out[i] - ideal[i]));
    }
    assertTrue(worst < 20, "off by " + worst);
  }

  @Test
  void whatTheLowerRateCantHoldIsGone() {
    short[] out = resampled(22050, 8000, Tone.of(5000, 22050, 1000), 512);

    assertTrue(new Decoded(8000, out).rms() < 5);
  }

  @ParameterizedTest
  @ValueSource(ints = {8000, 24000, 48000})
  void chunksDontChangeTheResult(int to) {
    Random random = new Random(7);
    short[] noise = new short[9000];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (short) random.nextInt(-20000, 20000);
    }

    assertArrayEquals(resampled(22050, to, noise, noise.length), resampled(22050, to, noise, 1));
    assertArrayEquals(resampled(22050, to, noise, noise.length), resampled(22050, to, noise, 333));
  }

  @Test
  void theFullScaleDoesntWrapAround() {
    short[] square = new short[22050];
    for (int i = 0; i < square.length; i++) {
      square[i] = i / 50 % 2 == 0 ? Short.MAX_VALUE : Short.MIN_VALUE;
    }

    short[] out = resampled(22050, 24000, square, 700);

    for (int i = 30; i < 50; i++) {
      assertTrue(out[i] > 20000, "wrapped to " + out[i]);
    }
  }

  private static short[] resampled(int from, int to, short[] in, int chunk) {
    Resampler resampler = new Resampler(from, to);
    short[] out = new short[0];
    for (int at = 0; at < in.length; at += chunk) {
      out = joined(out, resampler.process(in, at, Math.min(chunk, in.length - at)));
    }
    return joined(out, resampler.finish());
  }

  private static short[] joined(short[] a, short[] b) {
    short[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }
}
