package dev.voicebridge.emulator.library;

import dev.voicebridge.audio.AudioClock;
import dev.voicebridge.audio.AudioFormat;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javazoom.jl.decoder.Bitstream;
import javazoom.jl.decoder.Decoder;
import javazoom.jl.decoder.Header;
import javazoom.jl.decoder.JavaLayerException;
import javazoom.jl.decoder.SampleBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Listens to a sample as the vendor would: container, size, rate, length, and whether somebody
 * speaks in it. WAV and MP3 are decoded, of M4A only the boxes are read. Blocking, up to a second;
 * memory is bounded by the longest sample allowed.
 */
public final class SampleCheck {
  private static final int FRAME_MS = 20;

  /** −46 dBFS: quieter is nobody speaking. */
  private static final double LEAST_RMS = 160;

  /** A longer pause parts two stretches of speech. */
  private static final int LONGEST_PAUSE_MS = 2000;

  private static final double LEAST_SPEECH_RATIO = 0.6;
  private static final double LEAST_SPEECH_SECONDS = 0.5;
  private static final int BOX_HEADER = 8;
  private static final int MOST_BOXES = 10_000;

  /**
   * What was heard.
   *
   * @param pitchHz median; 0 when it can't be told
   */
  public record Heard(double seconds, int sampleRateHz, double pitchHz) {}

  /**
   * @param samples first channel; null when it wasn't decoded
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Sound(
      int sampleRateHz, int channels, double seconds, short @Nullable [] samples) {}

  private SampleCheck() {}

  /**
   * @throws SampleException with the code of the first rule that is broken
   */
  public static Heard check(byte[] file, SampleRules rules) {
    if (file.length > SampleRules.MOST_BYTES) {
      throw SampleException.tooBig();
    }
    Sound sound = sound(file, rules);
    if (rules.mono() && sound.channels() > 1) {
      throw new SampleException("Audio.PreprocessError", "Audio preprocess error: mono expected.");
    }
    if (sound.sampleRateHz() < rules.leastRateHz()) {
      throw new SampleException("Audio.AudioRateError", "File sample rate unsupported");
    }
    short[] samples = sound.samples();
    if (sound.seconds() > rules.mostSeconds()) {
      throw tooLong();
    }
    if (samples == null) {
      if (sound.seconds() < rules.leastSeconds()) {
        throw tooShort();
      }
      return new Heard(sound.seconds(), sound.sampleRateHz(), 0);
    }
    listen(samples, sound.sampleRateHz(), sound.seconds(), rules);
    return new Heard(
        sound.seconds(), sound.sampleRateHz(), Pitch.medianHz(samples, sound.sampleRateHz()));
  }

  private static Sound sound(byte[] file, SampleRules rules) {
    if (startsWith(file, 0, "RIFF") && startsWith(file, 8, "WAVE")) {
      return wav(file, rules);
    }
    if (startsWith(file, 4, "ftyp")) {
      return m4a(file);
    }
    if (startsWith(file, 0, "ID3")
        || (file.length > 2 && (file[0] & 0xFF) == 0xFF && (file[1] & 0xE0) == 0xE0)) {
      return mp3(file, rules);
    }
    throw SampleException.unsupported();
  }

  private static SampleException tooLong() {
    return new SampleException("Audio.DurationLimitError", "Audio is too long.");
  }

  private static SampleException tooShort() {
    return new SampleException("Audio.AudioShortError", "Audio is too short.");
  }

  private static void listen(short[] samples, int rate, double seconds, SampleRules rules) {
    int frame = Math.max(1, rate * FRAME_MS / 1000);
    int frames = samples.length / frame;
    int spoken = 0;
    int run = 0;
    int longest = 0;
    int pause = 0;
    for (int i = 0; i < frames; i++) {
      if (rms(samples, i * frame, frame) >= LEAST_RMS) {
        spoken++;
        run += pause + 1;
        pause = 0;
        longest = Math.max(longest, run);
      } else if (run > 0 && ++pause > LONGEST_PAUSE_MS / FRAME_MS) {
        run = 0;
        pause = 0;
      }
    }
    double speech = spoken * FRAME_MS / 1000.0;
    if (seconds > 0 && frames > 0 && speech < LEAST_SPEECH_SECONDS && speech < seconds / 2) {
      throw new SampleException("Audio.AudioSilentError", "Silent file unsupported");
    }
    if (seconds < rules.leastSeconds()) {
      throw tooShort();
    }
    if (longest * FRAME_MS / 1000.0 < rules.leastSeconds() - 0.5
        || speech < LEAST_SPEECH_RATIO * seconds) {
      throw new SampleException(
          "Audio.PreprocessError", "No segments meet minimum duration requirement");
    }
  }

  private static double rms(short[] samples, int from, int length) {
    double sum = 0;
    for (int i = from; i < from + length; i++) {
      sum += (double) samples[i] * samples[i];
    }
    return Math.sqrt(sum / length);
  }

  /** Strict: every chunk must be all there, PCM of 16 bits. */
  private static Sound wav(byte[] file, SampleRules rules) {
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int rate = 0;
    int channels = 0;
    for (int at = 12; at + BOX_HEADER <= file.length; ) {
      long size = in.getInt(at + 4) & 0xFFFFFFFFL;
      int body = at + BOX_HEADER;
      if (size > file.length - body) {
        throw SampleException.undecodable();
      }
      if (startsWith(file, at, "fmt ")) {
        if (size < 16) {
          throw SampleException.undecodable();
        }
        int kind = in.getShort(body) & 0xFFFF;
        boolean extensible = kind == 0xFFFE && size >= 26 && in.getShort(body + 24) == 1;
        channels = in.getShort(body + 2) & 0xFFFF;
        rate = in.getInt(body + 4);
        if ((kind != 1 && !extensible) || in.getShort(body + 14) != 16) {
          throw SampleException.unsupported();
        }
        if (channels == 0 || channels > 32 || rate <= 0 || rate > 768_000) {
          throw SampleException.undecodable();
        }
      } else if (startsWith(file, at, "data")) {
        return linear(in, body, (int) size, rate, channels, rules);
      }
      at = (int) (body + size + size % 2);
    }
    throw SampleException.undecodable();
  }

  private static Sound linear(
      ByteBuffer in, int from, int size, int rate, int channels, SampleRules rules) {
    if (rate == 0 || size < 2 * channels) {
      throw SampleException.undecodable();
    }
    int count = size / (2 * channels);
    double seconds = (double) count / rate;
    if (seconds > rules.mostSeconds()) {
      return new Sound(rate, channels, seconds, null);
    }
    short[] first = new short[count];
    for (int i = 0; i < count; i++) {
      first[i] = in.getShort(from + 2 * channels * i);
    }
    return new Sound(rate, channels, seconds, first);
  }

  private static Sound mp3(byte[] file, SampleRules rules) {
    AudioClock clock = AudioClock.of(AudioFormat.MP3, 44_100);
    clock.add(file, 0, file.length);
    double seconds = clock.durationMs() / 1000.0;
    if (seconds == 0) {
      throw SampleException.undecodable();
    }
    // the decoder would make room for whatever size the tag tells
    int begin = afterTags(file);
    Bitstream bits = new Bitstream(new ByteArrayInputStream(file, begin, file.length - begin));
    Decoder decoder = new Decoder();
    short[] samples = new short[0];
    int length = 0;
    int rate = 0;
    int channels = 1;
    try {
      for (Header header = bits.readFrame(); header != null; header = bits.readFrame()) {
        SampleBuffer frame = (SampleBuffer) decoder.decodeFrame(header, bits);
        rate = frame.getSampleFrequency();
        channels = frame.getChannelCount();
        int count = frame.getBufferLength() / channels;
        if (length + count > samples.length) {
          samples = Arrays.copyOf(samples, Math.max(2 * samples.length, length + count));
        }
        for (int i = 0; i < count; i++) {
          samples[length + i] = frame.getBuffer()[i * channels];
        }
        length += count;
        bits.closeFrame();
        if (length > (rules.mostSeconds() + 1) * rate) {
          throw tooLong();
        }
      }
    } catch (JavaLayerException | IndexOutOfBoundsException e) {
      throw SampleException.undecodable();
    }
    if (length == 0 || rate <= 0) {
      throw SampleException.undecodable();
    }
    return new Sound(rate, channels, (double) length / rate, Arrays.copyOf(samples, length));
  }

  private static int afterTags(byte[] file) {
    int at = 0;
    while (startsWith(file, at, "ID3") && at + 10 <= file.length) {
      long size =
          (file[at + 6] & 0x7FL) << 21
              | (file[at + 7] & 0x7F) << 14
              | (file[at + 8] & 0x7F) << 7
              | (file[at + 9] & 0x7F);
      at = (int) Math.min(file.length, at + 10 + size);
    }
    return at;
  }

  /** Length from the movie's header, rate from the sound track's time scale. */
  private static Sound m4a(byte[] file) {
    Boxes boxes = new Boxes(file);
    boxes.walk(0, file.length, 0);
    if (boxes.seconds <= 0) {
      throw SampleException.undecodable();
    }
    return new Sound(boxes.rate, 1, boxes.seconds, null);
  }

  /** Walks forward only, so that it ends whatever the sizes say. */
  private static final class Boxes {
    private final byte[] file;
    private final ByteBuffer in;
    private double seconds;
    private int rate = 48_000;
    private int seen;

    Boxes(byte[] file) {
      this.file = file;
      this.in = ByteBuffer.wrap(file);
    }

    void walk(int from, int end, int depth) {
      int at = from;
      while (at + BOX_HEADER <= end) {
        long size = in.getInt(at) & 0xFFFFFFFFL;
        size = size == 0 ? end - at : size;
        if (size < BOX_HEADER || size > end - at || ++seen > MOST_BOXES) {
          throw SampleException.undecodable();
        }
        int next = (int) (at + size);
        boolean folder =
            startsWith(file, at + 4, "moov")
                || startsWith(file, at + 4, "trak")
                || startsWith(file, at + 4, "mdia");
        if (folder && depth < 3) {
          walk(at + BOX_HEADER, next, depth + 1);
        } else if (startsWith(file, at + 4, "mvhd")) {
          seconds = clock(at + BOX_HEADER, next, false);
        } else if (startsWith(file, at + 4, "mdhd")) {
          clock(at + BOX_HEADER, next, true);
        }
        at = next;
      }
    }

    private double clock(int body, int end, boolean media) {
      boolean wide = body < end && file[body] == 1;
      int at = body + (wide ? 20 : 12);
      if (at + (wide ? 12 : 8) > end) {
        throw SampleException.undecodable();
      }
      int scale = in.getInt(at);
      double length = wide ? in.getLong(at + 4) : in.getInt(at + 4) & 0xFFFFFFFFL;
      if (scale <= 0) {
        throw SampleException.undecodable();
      }
      if (media) {
        rate = scale;
      }
      return length / scale;
    }
  }

  private static boolean startsWith(byte[] file, int at, String magic) {
    byte[] wanted = magic.getBytes(StandardCharsets.US_ASCII);
    return at >= 0
        && at + wanted.length <= file.length
        && Arrays.equals(file, at, at + wanted.length, wanted, 0, wanted.length);
  }
}
