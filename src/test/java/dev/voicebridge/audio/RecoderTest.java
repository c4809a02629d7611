package dev.voicebridge.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecoderTest {
  private static final double HZ = 440;

  private static short[] tone(int rateHz, int ms) {
    short[] samples = new short[rateHz * ms / 1000];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (short) Math.round(10_000 * Math.sin(2 * Math.PI * HZ * i / rateHz));
    }
    return samples;
  }

  private static byte[] bytes(short[] samples) {
    ByteBuffer out = ByteBuffer.allocate(2 * samples.length).order(ByteOrder.LITTLE_ENDIAN);
    for (short sample : samples) {
      out.putShort(sample);
    }
    return out.array();
  }

  /** Feeds pieces of any even length. */
  private static byte[] recoded(Recoder recoder, byte[] pcm) {
    Random random = new Random(3);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int at = 0;
    while (at < pcm.length) {
      int to = Math.min(pcm.length, at + 2 * random.nextInt(900));
      out.writeBytes(recoder.add(Arrays.copyOfRange(pcm, at, to)));
      at = to;
    }
    out.writeBytes(recoder.finish());
    return out.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {8_000, 16_000, 22_050, 44_100, 48_000, 24_000})
  void anyRateBecomesTheOneThatIsWanted(int fromHz) throws Exception {
    Recoder recoder = new Recoder(fromHz, 24_000, Encoders.of(AudioFormat.PCM, 24_000, null));

    byte[] out = recoded(recoder, bytes(tone(fromHz, 2_000)));

    Decoded heard = Decoded.of(AudioFormat.PCM, 24_000, out);
    assertEquals(2_000, heard.ms(), 1);
    assertTrue(heard.purity(HZ) > 0.999, "purity " + heard.purity(HZ));
    assertEquals(10_000 / Math.sqrt(2), heard.rms(), 100);
  }

  @ParameterizedTest
  @CsvSource({"ulaw, 22050", "alaw, 22050", "ulaw, 8000", "alaw, 48000"})
  void theTelephoneHearsTheSame(String law, int fromHz) throws Exception {
    AudioEncoder encoder = law.equals("ulaw") ? G711Encoder.ulaw() : G711Encoder.alaw();

    byte[] out = recoded(new Recoder(fromHz, 8_000, encoder), bytes(tone(fromHz, 1_000)));

    Decoded heard = Decoded.g711(law, out);
    assertEquals(1_000, heard.ms(), 1);
    assertTrue(heard.purity(HZ) > 0.99, "purity " + heard.purity(HZ));
    assertEquals(10_000 / Math.sqrt(2), heard.rms(), 200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ulaw", "alaw"})
  void everySampleOfTheTelephoneIsTheNearestThatItHas(String law) throws Exception {
    short[] all = new short[65_536];
    for (int i = 0; i < all.length; i++) {
      all[i] = (short) (i - 32_768);
    }
    AudioEncoder encoder = law.equals("ulaw") ? G711Encoder.ulaw() : G711Encoder.alaw();
    short[] heard = Decoded.g711(law, encoder.encode(all, 0, all.length)).samples();
    for (int i = 0; i < all.length; i++) {
      int off = Math.abs(all[i] - heard[i]);
      assertTrue(off <= 16 + Math.abs(all[i]) / 24, all[i] + " became " + heard[i]);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {8_000, 22_050, 48_000})
  void flacLosesNothing(int rateHz) throws Exception {
    short[] samples = tone(rateHz, 777);
    Random noise = new Random(1);
    for (int i = 0; i < samples.length; i++) {
      samples[i] += (short) (noise.nextInt(4_000) - 2_000);
    }

    byte[] stream = recoded(new Recoder(rateHz, rateHz, new FlacEncoder(rateHz)), bytes(samples));

    Decoded heard = Decoded.flac(stream);
    assertEquals(rateHz, heard.sampleRateHz());
    assertArrayEquals(samples, heard.samples());
  }

  @Test
  void flacSoundsBeforeItIsOver() {
    byte[] first =
        new Recoder(24_000, 24_000, new FlacEncoder(24_000)).add(bytes(tone(24_000, 100)));
    assertTrue(first.length > 200, first.length + " bytes after 100 ms");
  }

  @Test
  void whatNobodyShouldPlayIsTakenOutOfAnMp3() throws Exception {
    byte[] plain = mp3(tone(24_000, 500));
    int frame = Mp3Clock.frameBytes(ByteBuffer.wrap(plain).getInt());
    byte[] info = Arrays.copyOf(plain, frame);
    Arrays.fill(info, 4, frame, (byte) 0);
    System.arraycopy("Xing".getBytes(StandardCharsets.US_ASCII), 0, info, 4 + 9, 4);
    ByteArrayOutputStream tagged = new ByteArrayOutputStream();
    for (int stream = 0; stream < 2; stream++) {
      tagged.writeBytes("ID3\4\0\0\0\0\2\0".getBytes(StandardCharsets.US_ASCII));
      tagged.writeBytes(new byte[256]);
      tagged.writeBytes(info);
      tagged.writeBytes(plain);
      byte[] old = new byte[128];
      System.arraycopy("TAG".getBytes(StandardCharsets.US_ASCII), 0, old, 0, 3);
      tagged.writeBytes(old);
    }

    Random random = new Random(5);
    JoinableMp3 joinable = new JoinableMp3();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] in = tagged.toByteArray();
    int at = 0;
    while (at < in.length) {
      int to = Math.min(in.length, at + random.nextInt(40));
      out.writeBytes(joinable.add(Arrays.copyOfRange(in, at, to)));
      at = to;
    }

    ByteArrayOutputStream twice = new ByteArrayOutputStream();
    twice.writeBytes(plain);
    twice.writeBytes(plain);
    assertArrayEquals(twice.toByteArray(), out.toByteArray());
  }

  private static byte[] mp3(short[] samples) {
    return recoded(
        new Recoder(24_000, 24_000, Encoders.of(AudioFormat.MP3, 24_000, null)), bytes(samples));
  }
}
