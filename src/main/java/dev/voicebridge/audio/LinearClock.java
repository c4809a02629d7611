package dev.voicebridge.audio;

/** Counts bytes, after the header if there is one. */
final class LinearClock extends AudioClock {
  private static final int RIFF = 0x46464952;
  private static final int WAVE = 0x45564157;
  private static final int FMT = 0x20746D66;
  private static final int DATA = 0x61746164;

  /** Data sizes from here on, and zero, are what encoders write that don't know the size. */
  private static final long OPEN_FROM = 0x7FFFF000L;

  private enum Expecting {
    RIFF_HEADER,
    CHUNK_HEADER,
    FORMAT,
    SKIPPED_CHUNK,
    SAMPLES
  }

  private Expecting expecting;
  private long bytesPerSecond;

  /** What came of the header that is expected; empty while samples come. */
  private final byte[] header = new byte[16];

  private int headerLength;

  /** Bytes left of the chunk that is being skipped or, if that many are known, of the samples. */
  private long left = Long.MAX_VALUE;

  private long sampleBytes;

  LinearClock(int sampleRateHz, boolean behindHeader) {
    bytesPerSecond = 2L * sampleRateHz;
    expecting = behindHeader ? Expecting.RIFF_HEADER : Expecting.SAMPLES;
  }

  @Override
  public void add(byte[] bytes, int offset, int length) {
    int at = offset;
    int end = offset + length;
    while (at < end) {
      at +=
          switch (expecting) {
            case SAMPLES -> samples(end - at);
            case SKIPPED_CHUNK -> skip(end - at);
            case RIFF_HEADER -> collect(bytes, at, end, 12);
            case CHUNK_HEADER -> collect(bytes, at, end, 8);
            case FORMAT -> collect(bytes, at, end, 16);
          };
    }
  }

  private int samples(int available) {
    if (available < left) {
      sampleBytes += available;
      left -= left == Long.MAX_VALUE ? 0 : available;
      return available;
    }
    int part = (int) left;
    sampleBytes += part;
    expecting = Expecting.CHUNK_HEADER;
    return part;
  }

  private int skip(int available) {
    int part = (int) Math.min(left, available);
    left -= part;
    if (left == 0) {
      expecting = Expecting.CHUNK_HEADER;
    }
    return part;
  }

  private int collect(byte[] bytes, int at, int end, int wanted) {
    int part = Math.min(wanted - headerLength, end - at);
    System.arraycopy(bytes, at, header, headerLength, part);
    headerLength += part;
    if (headerLength == wanted) {
      headerLength = 0;
      understand();
    }
    return part;
  }

  private void understand() {
    switch (expecting) {
      case RIFF_HEADER -> {
        if (u32le(header, 0) == RIFF && u32le(header, 8) == WAVE) {
          expecting = Expecting.CHUNK_HEADER;
        } else {
          // Some upstreams say wav and send bare samples.
          startSamples(0);
          sampleBytes = 12;
        }
      }
      case CHUNK_HEADER -> {
        long size = u32le(header, 4);
        if (u32le(header, 0) == DATA) {
          startSamples(size);
        } else if (u32le(header, 0) == FMT && size >= 16) {
          left = size + size % 2 - 16;
          expecting = Expecting.FORMAT;
        } else {
          startSkipping(size + size % 2);
        }
      }
      case FORMAT -> {
        long told = u32le(header, 8);
        bytesPerSecond = told == 0 ? bytesPerSecond : told;
        startSkipping(left);
      }
      case SKIPPED_CHUNK, SAMPLES -> throw new IllegalStateException("no header is expected");
    }
  }

  private void startSkipping(long bytes) {
    left = bytes;
    expecting = bytes == 0 ? Expecting.CHUNK_HEADER : Expecting.SKIPPED_CHUNK;
  }

  private void startSamples(long size) {
    left = size == 0 || size >= OPEN_FROM ? Long.MAX_VALUE : size;
    expecting = Expecting.SAMPLES;
  }

  @Override
  public long durationMicros() {
    long seconds = sampleBytes / bytesPerSecond;
    long rest = sampleBytes % bytesPerSecond;
    return seconds * 1_000_000 + rest * 1_000_000 / bytesPerSecond;
  }
}
