package dev.voicebridge.audio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class AudioClockTest {
  @ParameterizedTest
  @MethodSource("dev.voicebridge.audio.EncodersTest#everyFormatAtEveryRate")
  void tellsTheDecodedLengthHoweverTheBytesAreCut(AudioFormat format, int rate) throws Exception {
    Random random = new Random(rate);
    byte[] stream =
        Tone.encoded(
            Encoders.of(format, rate, null), Tone.of(300, rate, 500 + random.nextInt(900)), 999);
    double decodedMs = Decoded.of(format, rate, stream).ms();

    for (int round = 0; round < 30; round++) {
      AudioClock clock = AudioClock.of(format, rate);
      long before = 0;
      for (int at = 0; at < stream.length; ) {
        int part = Math.min(stream.length - at, random.nextInt(round < 10 ? 3 : 2000));
        clock.add(stream, at, part);
        at += part;
        assertTrue(clock.durationMicros() >= before, "ran backwards");
        before = clock.durationMicros();
      }
      assertEquals(decodedMs, clock.durationMicros() / 1000.0, 0.05);
    }
  }

  @ParameterizedTest
  @EnumSource(AudioFormat.class)
  void survivesRandomBytes(AudioFormat format) {
    Random random = new Random(42);
    for (int round = 0; round < 200; round++) {
      AudioClock clock = AudioClock.of(format, 24000);
      for (int i = 0; i < 20; i++) {
        byte[] garbage = new byte[random.nextInt(3000)];
        random.nextBytes(garbage);
        clock.add(garbage, 0, garbage.length);
      }
      assertTrue(clock.durationMicros() >= 0);
    }
  }

  @ParameterizedTest
  @EnumSource(AudioFormat.class)
  void survivesDamagedStreams(AudioFormat format) {
    byte[] stream = Tone.encoded(Encoders.of(format, 24000, null), Tone.of(300, 24000, 2000), 999);
    Random random = new Random(43);
    for (int round = 0; round < 300; round++) {
      byte[] damaged = stream.clone();
      for (int i = 0; i < 20; i++) {
        damaged[random.nextInt(round % 2 == 0 ? 100 : damaged.length)] = (byte) random.nextInt();
      }
      AudioClock clock = AudioClock.of(format, 24000);

      clock.add(damaged, 0, damaged.length);

      assertTrue(clock.durationMs() >= 0);
    }
  }

  @Test
  void countsHalfASecondOfPcmToTheSample() {
    AudioClock clock = AudioClock.of(AudioFormat.PCM, 24000);

    clock.add(new byte[30_000], 3000, 24_001);

    assertEquals(500_020, clock.durationMicros());
    assertEquals(500, clock.durationMs());
  }

  @Test
  void readsTheRateAndTheChunksOfAWavOfAnotherMake() {
    byte[] list = "LIST\5\0\0\0abcde\0".getBytes(StandardCharsets.ISO_8859_1);
    byte[] plain = WavHeader.of(8000, 16_000);
    byte[] stream = new byte[44 + list.length + 16_000 + list.length];
    System.arraycopy(plain, 0, stream, 0, 36);
    System.arraycopy(list, 0, stream, 36, list.length);
    System.arraycopy(plain, 36, stream, 36 + list.length, 8);
    System.arraycopy(list, 0, stream, stream.length - list.length, list.length);
    AudioClock clock = AudioClock.of(AudioFormat.WAV, 24000);

    clock.add(stream, 0, stream.length);

    assertEquals(1000, clock.durationMs());
  }

  @Test
  void wavWithoutAHeaderIsBareSamples() {
    AudioClock clock = AudioClock.of(AudioFormat.WAV, 24000);

    clock.add(new byte[48_000], 0, 48_000);

    assertEquals(1000, clock.durationMs());
  }

  @Test
  void mp3StepsOverTagsAndFindsTheNextFrameAfterADefect() {
    byte[] audio =
        Tone.encoded(Encoders.of(AudioFormat.MP3, 24000, 64), Tone.of(300, 24000, 1000), 999);
    byte[] tag = Arrays.copyOf(new byte[] {'I', 'D', '3', 4, 0, 0, 0, 0, 7, 0x68}, 10 + 0x3E8);
    Arrays.fill(tag, 10, tag.length, (byte) 0xFF);
    AudioClock whole = AudioClock.of(AudioFormat.MP3, 24000);
    whole.add(audio, 0, audio.length);
    AudioClock clock = AudioClock.of(AudioFormat.MP3, 24000);

    clock.add(tag, 0, tag.length);
    assertEquals(0, clock.durationMicros());
    clock.add(audio, 0, audio.length);
    clock.add(new byte[999], 0, 999);
    clock.add(audio, 0, audio.length);

    assertTrue(Math.abs(2 * whole.durationMs() - clock.durationMs()) <= 1);
  }

  @Test
  void chainedOpusAddsUp() {
    AudioClock clock = AudioClock.of(AudioFormat.OPUS, 24000);

    for (int i = 0; i < 2; i++) {
      byte[] stream = Silence.of(AudioFormat.OPUS, 24000, 750);
      clock.add(stream, 0, stream.length);
    }

    assertEquals(1500, clock.durationMs());
  }
}
