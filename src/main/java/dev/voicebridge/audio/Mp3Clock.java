package dev.voicebridge.audio;

/**
 * Walks from frame header to frame header. A frame counts once its last byte is there. Tags at the
 * start (ID3v2) are stepped over; an info frame counts like any other, because decoders that don't
 * know it play it.
 */
final class Mp3Clock extends AudioClock {
  /**
   * kbit/s by MPEG version (1; 2 and 2.5) and layer (I, II, III); index 0 is "free", unsupported.
   */
  private static final int[][][] KBPS = {
    {
      {0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448},
      {0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384},
      {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320}
    },
    {
      {0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256},
      {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
      {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160}
    }
  };

  private static final int[] MPEG1_RATES = {44100, 48000, 32000};

  private static final int FRAME_HEADER = 4;
  private static final int ID3_HEADER = 10;
  private static final int ID3 = 0x494433;

  /** Version, layer and sample rate: equal in all frames of a stream. */
  private static final int SAME_IN_ALL_FRAMES = 0xFFFE0C00;

  /** How far to look for a frame like the last one before any frame will do. */
  private static final int SEARCH_BYTES = 8192;

  private final byte[] header = new byte[ID3_HEADER];
  private int headerLength;

  /** Bytes of the current frame or tag that are still to come. */
  private long left;

  /** Length of the frame that is complete when nothing of it is left; 0 for a tag. */
  private double pendingMicros;

  /** Header of the last frame; 0 while any will do. */
  private int lastHeader;

  private int searched;
  private double micros;

  @Override
  public void add(byte[] bytes, int offset, int length) {
    int at = offset;
    int end = offset + length;
    while (at < end) {
      if (left > 0) {
        int part = (int) Math.min(left, end - at);
        at += part;
        left -= part;
        if (left == 0) {
          micros += pendingMicros;
          pendingMicros = 0;
        }
      } else {
        header[headerLength++] = bytes[at++];
        understand();
      }
    }
  }

  private void understand() {
    while (headerLength >= FRAME_HEADER && left == 0) {
      if (int24() == ID3) {
        if (headerLength < ID3_HEADER) {
          return;
        }
        left = tagSize();
        headerLength = 0;
        return;
      }
      int word = int24() << 8 | (header[3] & 0xFF);
      int frameBytes = isLikeTheLast(word) ? frameBytes(word) : 0;
      if (frameBytes > FRAME_HEADER) {
        startFrame(word, frameBytes);
      } else {
        dropFirst();
      }
    }
  }

  private void startFrame(int word, int frameBytes) {
    left = (long) frameBytes - headerLength;
    headerLength = 0;
    lastHeader = word;
    searched = 0;
    pendingMicros = samples(word) * 1e6 / sampleRate(word);
  }

  private void dropFirst() {
    System.arraycopy(header, 1, header, 0, --headerLength);
    if (++searched > SEARCH_BYTES) {
      lastHeader = 0;
    }
  }

  private int int24() {
    return (header[0] & 0xFF) << 16 | (header[1] & 0xFF) << 8 | (header[2] & 0xFF);
  }

  private long tagSize() {
    return (header[6] & 0x7FL) << 21
        | (header[7] & 0x7F) << 14
        | (header[8] & 0x7F) << 7
        | (header[9] & 0x7F);
  }

  private boolean isLikeTheLast(int word) {
    return lastHeader == 0 || (word & SAME_IN_ALL_FRAMES) == (lastHeader & SAME_IN_ALL_FRAMES);
  }

  /** Bytes of the frame with that header, 0 if it isn't one. */
  static int frameBytes(int word) {
    boolean sync = word >>> 21 == 0x7FF;
    boolean valid =
        (word >> 19 & 3) != 1
            && (word >> 17 & 3) != 0
            && (word >> 12 & 15) != 0
            && (word >> 12 & 15) != 15
            && (word >> 10 & 3) != 3;
    if (!sync || !valid) {
      return 0;
    }
    int layer = 4 - (word >> 17 & 3);
    int bitsPerSecond = 1000 * KBPS[isMpeg1(word) ? 0 : 1][layer - 1][word >> 12 & 15];
    int padding = word >> 9 & 1;
    if (layer == 1) {
      return (12 * bitsPerSecond / sampleRate(word) + padding) * 4;
    }
    return samples(word) / 8 * bitsPerSecond / sampleRate(word) + padding;
  }

  private static boolean isMpeg1(int word) {
    return (word >> 19 & 3) == 3;
  }

  private static int samples(int word) {
    return switch (word >> 17 & 3) {
      case 3 -> 384;
      case 2 -> 1152;
      default -> isMpeg1(word) ? 1152 : 576;
    };
  }

  private static int sampleRate(int word) {
    int rate = MPEG1_RATES[word >> 10 & 3];
    return switch (word >> 19 & 3) {
      case 3 -> rate;
      case 2 -> rate / 2;
      default -> rate / 4;
    };
  }

  @Override
  public long durationMicros() {
    return (long) micros;
  }
}
