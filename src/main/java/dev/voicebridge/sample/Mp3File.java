package dev.voicebridge.sample;

import dev.voicebridge.audio.AudioClock;
import dev.voicebridge.audio.AudioFormat;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import javazoom.jl.decoder.Bitstream;
import javazoom.jl.decoder.BitstreamException;
import javazoom.jl.decoder.Decoder;
import javazoom.jl.decoder.DecoderException;
import javazoom.jl.decoder.Header;
import javazoom.jl.decoder.SampleBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads MP3 with JLayer. Tags in front are stepped over here, because JLayer makes an array as
 * large as they claim to be.
 */
final class Mp3File {
  private static final int MAX_BAD_FRAMES = 50;
  private static final int MAX_TAGS = 16;

  /** Xing's, which says how many frames there are, comes in the first frame, behind side info. */
  private static final int XING_SEARCH_BYTES = 64;

  private Mp3File() {}

  static DecodedFile decode(byte[] bytes, Limits limits) throws UnreadableException {
    int start = afterTags(bytes);
    int first = findFrame(bytes, start, bytes.length);
    if (first < 0) {
      throw new UnreadableException(
          start >= bytes.length ? FindingCode.EMPTY : FindingCode.CORRUPT, "no MPEG audio frame");
    }
    AudioClock clock = AudioClock.of(AudioFormat.MP3, rate(bytes, first));
    clock.add(bytes, first, bytes.length - first);
    long durationMs = clock.durationMicros() / 1000;
    SampleSink sink = new SampleSink(limits);
    int channels = 1;
    int bad = 0;
    int good = 0;
    Bitstream stream = new Bitstream(new ByteArrayInputStream(bytes, first, bytes.length - first));
    Decoder decoder = new Decoder();
    while (sink.wantsMore() && bad < MAX_BAD_FRAMES) {
      try {
        @Nullable Header header = stream.readFrame();
        if (header == null) {
          break;
        }
        SampleBuffer frame = (SampleBuffer) decoder.decodeFrame(header, stream);
        channels = frame.getChannelCount();
        for (int i = 0; i < frame.getBufferLength(); i += channels) {
          sink.add(frame.getSampleFrequency(), frame.getBuffer()[i]);
        }
        good++;
      } catch (BitstreamException | DecoderException | RuntimeException e) {
        // A damaged frame; the next may be well.
        bad++;
      }
      stream.closeFrame();
    }
    if (good == 0) {
      throw new UnreadableException(FindingCode.CORRUPT, "no frame could be decoded");
    }
    Sound sound = sink.sound();
    int announced = announcedFrames(bytes, first);
    int frameSamples = isMpeg1(bytes, first) ? 1152 : 576;
    long announcedMs = announced * 1000L * frameSamples / sound.rateHz;
    if (announced > 0 && durationMs < announcedMs - Math.max(200, announcedMs / 50)) {
      throw new UnreadableException(
          FindingCode.TRUNCATED, announcedMs + " ms announced, " + durationMs + " there");
    }
    List<FindingCode> flaws = new ArrayList<>();
    if (bad > 0) {
      flaws.add(FindingCode.DAMAGED_FRAMES);
    }
    return new DecodedFile(
        "mp3", 16, sound.rateHz, channels, Math.max(durationMs, sound.durationMs()), sound, flaws);
  }

  private static int afterTags(byte[] bytes) throws UnreadableException {
    int at = 0;
    for (int tag = 0; at + 10 <= bytes.length && tag < MAX_TAGS; tag++) {
      if (bytes[at] != 'I' || bytes[at + 1] != 'D' || bytes[at + 2] != '3') {
        return at;
      }
      long size =
          (bytes[at + 6] & 0x7FL) << 21
              | (bytes[at + 7] & 0x7F) << 14
              | (bytes[at + 8] & 0x7F) << 7
              | (bytes[at + 9] & 0x7F);
      if (at + 10 + size > bytes.length) {
        throw new UnreadableException(
            FindingCode.TRUNCATED, "an ID3 tag of " + size + " bytes goes beyond the file");
      }
      at += 10 + (int) size;
    }
    return at;
  }

  /** Where the first frame of layer III begins that is followed by another one, or by the end. */
  static int findFrame(byte[] bytes, int from, int to) {
    for (int at = from; at + 4 <= to; at++) {
      int length = frameLength(bytes, at);
      if (length > 0) {
        int next = at + length;
        if (next >= bytes.length - 4 || frameLength(bytes, next) > 0) {
          return at;
        }
      }
    }
    return -1;
  }

  private static final int[] KBPS_1 = {
    0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320
  };
  private static final int[] KBPS_2 = {
    0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160
  };

  /** Bytes of the frame of layer III that begins there; 0 if none does. */
  private static int frameLength(byte[] bytes, int at) {
    if (at + 4 > bytes.length
        || (bytes[at] & 0xFF) != 0xFF
        || (bytes[at + 1] & 0xE6) != 0xE2
        || (bytes[at + 1] & 0x18) == 0x08) {
      return 0;
    }
    int bitRate = bytes[at + 2] >> 4 & 15;
    int rateIndex = bytes[at + 2] >> 2 & 3;
    if (bitRate == 0 || bitRate == 15 || rateIndex == 3) {
      return 0;
    }
    int kbps = (isMpeg1(bytes, at) ? KBPS_1 : KBPS_2)[bitRate];
    int samples = isMpeg1(bytes, at) ? 1152 : 576;
    return samples / 8 * kbps * 1000 / rate(bytes, at) + (bytes[at + 2] >> 1 & 1);
  }

  private static boolean isMpeg1(byte[] bytes, int at) {
    return (bytes[at + 1] & 0x18) == 0x18;
  }

  private static int rate(byte[] bytes, int at) {
    int rate =
        switch (bytes[at + 2] >> 2 & 3) {
          case 0 -> 44100;
          case 1 -> 48000;
          default -> 32000;
        };
    return switch (bytes[at + 1] >> 3 & 3) {
      case 3 -> rate;
      case 2 -> rate / 2;
      default -> rate / 4;
    };
  }

  /** How many frames the encoder says there are; 0 if it doesn't. */
  private static int announcedFrames(byte[] bytes, int first) {
    int end = Math.min(bytes.length - 12, first + XING_SEARCH_BYTES);
    for (int at = first + 4; at < end; at++) {
      boolean xing = bytes[at] == 'X' && bytes[at + 1] == 'i' && bytes[at + 2] == 'n';
      boolean info = bytes[at] == 'I' && bytes[at + 1] == 'n' && bytes[at + 2] == 'f';
      if ((xing || info) && (bytes[at + 7] & 1) != 0) {
        int frames =
            (bytes[at + 8] & 0xFF) << 24
                | (bytes[at + 9] & 0xFF) << 16
                | (bytes[at + 10] & 0xFF) << 8
                | (bytes[at + 11] & 0xFF);
        return Math.max(0, frames);
      }
    }
    return 0;
  }
}
