package dev.voicebridge.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EncodersTest {
  private static final int[] RATES = {8000, 16000, 22050, 24000, 44100, 48000};
  private static final int TONE_HZ = 440;

  static Stream<Arguments> everyFormatAtEveryRate() {
    return Stream.of(AudioFormat.values())
        .flatMap(format -> IntStream.of(RATES).mapToObj(rate -> Arguments.of(format, rate)));
  }

  @ParameterizedTest
  @MethodSource("everyFormatAtEveryRate")
  void aToneComesBackAtItsPitchLoudnessAndLength(AudioFormat format, int rate) throws Exception {
    short[] tone = Tone.of(TONE_HZ, rate, 1500);

    byte[] stream = Tone.encoded(Encoders.of(format, rate, null), tone, 777);

    Decoded decoded = Decoded.of(format, rate, stream);
    double frameMs = format == AudioFormat.MP3 ? 1000.0 * (rate < 32000 ? 576 : 1152) / rate : 1;
    assertEquals(format == AudioFormat.OPUS ? 48000 : rate, decoded.sampleRateHz());
    assertEquals(1500 + (format == AudioFormat.MP3 ? 1.5 * frameMs : 0), decoded.ms(), 2 * frameMs);
    assertTrue(decoded.purity(TONE_HZ) > 0.98, "purity " + decoded.purity(TONE_HZ));
    assertEquals(Tone.AMPLITUDE / Math.sqrt(2), decoded.rms(), 700);
  }

  @ParameterizedTest
  @MethodSource("everyFormatAtEveryRate")
  void everyBitRateOfTheWireIsTaken(AudioFormat format, int rate) throws Exception {
    short[] tone = Tone.of(TONE_HZ, rate, 300);

    for (int kbps : new int[] {6, 16, 128, 510}) {
      byte[] stream = Tone.encoded(Encoders.of(format, rate, kbps), tone, 2000);

      assertTrue(Decoded.of(format, rate, stream).rms() > 3000, kbps + " kbit/s");
    }
  }

  @ParameterizedTest
  @CsvSource({"6, 32", "64, 64", "128, 128", "510, 320"})
  void mp3AboveThirtyTwoKilohertzHasTheNearestRateOfTheStandard(int asked, int got) {
    assertEquals(got, Mp3Encoder.nearestKbps(44100, asked));
  }

  @ParameterizedTest
  @CsvSource({"24000, 510, 160", "16000, 6, 8", "8000, 128, 64"})
  void mp3BelowHasALowerLadder(int rate, int asked, int got) {
    assertEquals(got, Mp3Encoder.nearestKbps(rate, asked));
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 64})
  void theBitRateOfMp3IsKept(int kbps) {
    short[] tone = Tone.of(TONE_HZ, 24000, 4000);

    byte[] stream = Tone.encoded(Encoders.of(AudioFormat.MP3, 24000, kbps), tone, 2000);

    assertEquals(kbps * 4000 / 8.0, stream.length, kbps * 4000 / 8.0 * 0.03);
  }

  @ParameterizedTest
  @ValueSource(ints = {24, 96})
  void theBitRateOfOpusIsKeptRoughly(int kbps) {
    short[] noise = new short[4 * 48000];
    Random random = new Random(1);
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (short) (4000 * random.nextGaussian());
    }

    byte[] stream = Tone.encoded(Encoders.of(AudioFormat.OPUS, 48000, kbps), noise, 2000);

    assertEquals(kbps * 4000 / 8.0, stream.length, kbps * 4000 / 8.0 * 0.3);
  }

  @Test
  void mp3StartsWithAFrameAndHasNoInfoFrame() {
    byte[] stream =
        Tone.encoded(Encoders.of(AudioFormat.MP3, 24000, 64), Tone.of(TONE_HZ, 24000, 500), 480);

    assertEquals(0xFF, stream[0] & 0xFF);
    assertEquals(0xE0, stream[1] & 0xE0);
    String start = new String(stream, 0, 400, java.nio.charset.StandardCharsets.ISO_8859_1);
    for (String mark : new String[] {"ID3", "Xing", "Info", "LAME"}) {
      assertTrue(!start.contains(mark), mark);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {8000, 24000, 44100})
  void twoMp3StreamsEndToEndAreOne(int rate) throws Exception {
    byte[] first =
        Tone.encoded(Encoders.of(AudioFormat.MP3, rate, 64), Tone.of(440, rate, 700), 480);
    byte[] second =
        Tone.encoded(Encoders.of(AudioFormat.MP3, rate, 64), Tone.of(880, rate, 900), 480);
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);

    short[] decoded = Decoded.of(AudioFormat.MP3, rate, both).samples();

    int firstLength = Decoded.of(AudioFormat.MP3, rate, first).samples().length;
    int secondLength = Decoded.of(AudioFormat.MP3, rate, second).samples().length;
    assertEquals(firstLength + secondLength, decoded.length);
    assertTrue(new Decoded(rate, Arrays.copyOf(decoded, firstLength)).purity(440) > 0.98);
    short[] rest = Arrays.copyOfRange(decoded, firstLength, decoded.length);
    assertTrue(new Decoded(rate, rest).purity(880) > 0.98);
  }

  @Test
  void opusPagesComeEverySixtyMilliseconds() {
    AudioEncoder encoder = Encoders.of(AudioFormat.OPUS, 24000, 32);
    short[] twenty = Tone.of(TONE_HZ, 24000, 20);
    int head = encoder.encode(twenty, 0, 0).length;
    int longestGap = 0;
    int gap = 0;

    for (int i = 0; i < 100; i++) {
      gap = encoder.encode(twenty, 0, twenty.length).length > 0 ? 0 : gap + 1;
      longestGap = Math.max(longestGap, gap);
    }

    assertTrue(head > 19, "the headers come first, on their own");
    assertTrue(longestGap <= 3, "packets without a page: " + longestGap);
  }

  @Test
  void wavBeginsWithAHeaderOfOpenLength() {
    byte[] start = Encoders.of(AudioFormat.WAV, 16000, null).encode(new short[] {1, -2}, 0, 2);

    assertArrayEquals(WavHeader.streaming(16000), Arrays.copyOf(start, 44));
    assertArrayEquals(new byte[] {1, 0, -2, -1}, Arrays.copyOfRange(start, 44, 48));
    assertEquals(0xFFFFFFFFL, AudioClock.u32le(start, 40));
  }

  @Test
  void anEmptyWavIsStillAHeader() {
    assertArrayEquals(
        WavHeader.streaming(24000), Encoders.of(AudioFormat.WAV, 24000, null).finish());
  }

  @Test
  void javaReadsAHeaderOfKnownLength() throws Exception {
    byte[] file = Arrays.copyOf(WavHeader.of(22050, 4410), 44 + 4410);

    try (var in =
        javax.sound.sampled.AudioSystem.getAudioInputStream(
            new java.io.ByteArrayInputStream(file))) {
      assertEquals(2205, in.getFrameLength());
      assertEquals(22050, in.getFormat().getSampleRate());
    }
  }

  @ParameterizedTest
  @MethodSource("everyFormatAtEveryRate")
  void silenceIsSilentAndAsLongAsAsked(AudioFormat format, int rate) throws Exception {
    Decoded decoded = Decoded.of(format, rate, Silence.of(format, rate, 200));

    assertTrue(decoded.rms() < 2, "rms " + decoded.rms());
    double slackMs = format == AudioFormat.MP3 ? 3 * 72 : 0.1;
    assertTrue(decoded.ms() >= 199.9 && decoded.ms() <= 200 + slackMs, decoded.ms() + " ms");
  }

  @Test
  void ratesOutsideTheProtocolAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> Encoders.of(AudioFormat.PCM, 4000, null));
  }
}
