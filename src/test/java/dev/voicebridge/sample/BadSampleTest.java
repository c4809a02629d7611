package dev.voicebridge.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.audio.AudioEncoder;
import dev.voicebridge.audio.AudioFormat;
import dev.voicebridge.audio.Encoders;
import dev.voicebridge.audio.WavHeader;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files that nobody recorded: each gets a report, soon, and never an exception. */
class BadSampleTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private enum Bad {
    NOTHING(FindingCode.EMPTY, new byte[0]),
    ONE_BYTE(FindingCode.UNSUPPORTED_FORMAT, new byte[1]),
    RIFF_ONLY(FindingCode.CORRUPT, ascii("RIFF")),
    WAV_HEADER_ONLY(FindingCode.EMPTY, WavHeader.of(24_000, 0)),
    STREAMING_HEADER_ONLY(FindingCode.EMPTY, WavHeader.streaming(24_000)),
    NO_CHANNELS(FindingCode.CORRUPT, wav(1, 0, 24_000, 16, 2000, 2000)),
    NO_RATE(FindingCode.CORRUPT, wav(1, 1, 0, 16, 2000, 2000)),
    NEGATIVE_RATE(FindingCode.CORRUPT, wav(1, 1, -1, 16, 2000, 2000)),
    MANY_CHANNELS(FindingCode.CORRUPT, wav(1, 65_535, 24_000, 16, 2000, 2000)),
    ODD_BITS(FindingCode.UNSUPPORTED_CODEC, wav(1, 1, 24_000, 13, 2000, 2000)),
    OTHER_CODEC(FindingCode.UNSUPPORTED_CODEC, wav(0x55, 1, 24_000, 16, 2000, 2000)),
    NEARLY_FOUR_GIGABYTES(FindingCode.TRUNCATED, wav(1, 1, 24_000, 16, 0xFFFF0000, 2000)),
    CUT_UPLOAD(FindingCode.TRUNCATED, wav(1, 1, 24_000, 16, 960_000, 300_000)),
    ENDLESS_CHUNKS(FindingCode.CORRUPT, chunks()),
    TEXT(FindingCode.UNSUPPORTED_FORMAT, ascii("This is not a sound.\n".repeat(500))),
    PAGE(FindingCode.UNSUPPORTED_FORMAT, ascii("<html><body>404</body></html>")),
    OGG(FindingCode.UNSUPPORTED_FORMAT, ascii("OggS-and-so-on")),
    HUGE_ID3(
        FindingCode.TRUNCATED,
        join(ascii("ID3"), new byte[] {4, 0, 0, 127, 127, 127, 127}, mp3(2))),
    ID3_ONLY(FindingCode.EMPTY, join(ascii("ID3"), new byte[] {4, 0, 0, 0, 0, 0, 0})),
    NO_FRAMES(FindingCode.CORRUPT, join(ascii("ID3"), new byte[7], random(50_000))),
    LOOPING_BOXES(FindingCode.CORRUPT, join(ftyp(), box("moov", boxOf(4, "trak", new byte[64])))),
    ENDLESS_NESTING(FindingCode.CORRUPT, join(ftyp(), nested(40))),
    ENDLESS_BOXES(FindingCode.CORRUPT, join(ftyp(), empties(30_000))),
    BOX_BEYOND_PARENT(
        FindingCode.CORRUPT, join(ftyp(), box("moov", boxOf(1 << 30, "trak", new byte[64])))),
    NO_MOOV(FindingCode.TRUNCATED, join(ftyp(), boxOf(1 << 20, "mdat", new byte[5000]))),
    NO_TRACK(FindingCode.EMPTY, join(ftyp(), box("moov", new byte[0]))),
    FOUR_BILLION_FRAMES(FindingCode.CORRUPT, join(ftyp(), track(-1))),
    SILENCE(FindingCode.SILENT, join(WavHeader.of(24_000, 480_000), new byte[480_000])),
    WHITE_NOISE(FindingCode.NO_SPEECH, join(WavHeader.of(24_000, 480_000), random(480_000)));

    final FindingCode code;

    @SuppressWarnings("ImmutableEnumChecker") // never written to
    final byte[] bytes;

    Bad(FindingCode code, byte[] bytes) {
      this.code = code;
      this.bytes = bytes;
    }
  }

  @ParameterizedTest
  @EnumSource
  void badFileIsRefusedWithOneFatalFinding(Bad bad) {
    SampleReport report =
        assertTimeoutPreemptively(SOON, () -> SampleDoctor.examine(bad.bytes, "audio/wav"));
    Finding first = report.findings().get(0);
    assertEquals(bad.code, first.code(), first.messageEn());
    assertEquals(Severity.FATAL, first.code().severity());
    for (Provider provider : Provider.values()) {
      assertEquals(Verdict.Status.REFUSED, report.verdict(provider).status());
      assertNull(report.mended(provider));
    }
    assertTrue(report.toJson().encode().contains("what_to_do"));
  }

  @Test
  void vendorsCodeIsNamed() {
    assertCode("BadRequest.UnsupportedFileFormat", Bad.TEXT);
    assertCode("Audio.DecoderError", Bad.CUT_UPLOAD);
    assertCode("Audio.AudioSilentError", Bad.SILENCE);
  }

  private static void assertCode(String code, Bad bad) {
    SampleReport report = SampleDoctor.examine(bad.bytes, null);
    assertEquals(code, report.verdict(Provider.COSYVOICE).vendorCode());
    assertEquals("20012", report.verdict(Provider.SILICONFLOW).vendorCode());
  }

  @Test
  void hoursOfAudioAreNotDecoded() {
    byte[] second = mp3(1);
    ByteArrayOutputStream hours = new ByteArrayOutputStream();
    while (hours.size() < 10_000_000) {
      hours.writeBytes(second);
    }
    SampleReport report =
        assertTimeoutPreemptively(
            SOON,
            () ->
                SampleDoctor.examine(
                    hours.toByteArray(),
                    "audio/mpeg",
                    new Limits(30, 1 << 20, Duration.ofSeconds(5))));
    assertTrue(report.file().durationMs() > 3_600_000, report.file().toString());
    assertTrue(report.has(FindingCode.TOO_LONG), report.findings().toString());
    assertEquals("Audio.DurationLimitError", report.verdict(Provider.COSYVOICE).vendorCode());
  }

  /** A tenth of every file, and every file with a byte changed: still a report. */
  @Test
  void damageNeverEscapesAsException() {
    Random random = new Random(1);
    for (Bad bad : Bad.values()) {
      for (int i = 0; i < 20 && bad.bytes.length > 0 && bad.bytes.length < 60_000; i++) {
        byte[] damaged = Arrays.copyOf(bad.bytes, 1 + random.nextInt(bad.bytes.length));
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
        assertTimeoutPreemptively(SOON, () -> SampleDoctor.examine(damaged, null));
      }
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(7).nextBytes(bytes);
    for (int i = 0; i < length; i++) {
      // Never a frame's first byte.
      bytes[i] = bytes[i] == -1 ? 0 : bytes[i];
    }
    return bytes;
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static byte[] wav(
      int format, int channels, int rate, int bits, int claimedBytes, int bytes) {
    ByteBuffer wav = ByteBuffer.allocate(WavHeader.LENGTH + bytes).order(ByteOrder.LITTLE_ENDIAN);
    wav.put(WavHeader.of(24_000, bytes));
    wav.putShort(20, (short) format);
    wav.putShort(22, (short) channels);
    wav.putInt(24, rate);
    wav.putShort(34, (short) bits);
    wav.putInt(40, claimedBytes);
    return wav.array();
  }

  private static byte[] chunks() {
    ByteBuffer wav = ByteBuffer.allocate(12 + 8 * 5000).order(ByteOrder.LITTLE_ENDIAN);
    wav.put(ascii("RIFF")).putInt(0).put(ascii("WAVE"));
    while (wav.remaining() >= 8) {
      wav.put(ascii("junk")).putInt(0);
    }
    return wav.array();
  }

  private static byte[] mp3(int seconds) {
    AudioEncoder encoder = Encoders.of(AudioFormat.MP3, 16_000, 8);
    short[] tone = new short[16_000 * seconds];
    for (int i = 0; i < tone.length; i++) {
      tone[i] = (short) (8000 * Math.sin(i * 0.2));
    }
    return join(encoder.encode(tone, 0, tone.length), encoder.finish());
  }

  private static byte[] boxOf(int size, String type, byte[] content) {
    return ByteBuffer.allocate(8 + content.length)
        .putInt(size)
        .put(ascii(type))
        .put(content)
        .array();
  }

  private static byte[] box(String type, byte[] content) {
    return boxOf(8 + content.length, type, content);
  }

  private static byte[] ftyp() {
    return box("ftyp", ascii("M4A \0\0\0\0"));
  }

  private static byte[] nested(int depth) {
    byte[] inner = new byte[0];
    for (int i = 0; i < depth; i++) {
      inner = box("moov", inner);
    }
    return inner;
  }

  private static byte[] empties(int count) {
    ByteBuffer out = ByteBuffer.allocate(8 * count);
    while (out.hasRemaining()) {
      out.putInt(8).put(ascii("free"));
    }
    return out.array();
  }

  /** A sound track with tables for that many frames and none there. */
  private static byte[] track(int frames) {
    byte[] esds = {3, 25, 0, 0, 0, 4, 17, 64, 21, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 2, 19, 8};
    byte[] entry = join(new byte[28], box("esds", join(new byte[4], esds)));
    byte[] stsd = box("stsd", join(new byte[8], box("mp4a", entry)));
    byte[] stsz = box("stsz", ByteBuffer.allocate(12).putInt(8, frames).array());
    byte[] stco = box("stco", ByteBuffer.allocate(8).putInt(4, -1).array());
    byte[] stsc = box("stsc", ByteBuffer.allocate(8).putInt(4, -1).array());
    byte[] hdlr = box("hdlr", join(new byte[8], ascii("soun"), new byte[12]));
    byte[] stbl = box("stbl", join(stsd, stsz, stco, stsc));
    return box("moov", box("trak", box("mdia", join(hdlr, box("minf", stbl)))));
  }
}
