package dev.voicebridge.sample;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Reads WAV: PCM of 8, 16, 24 or 32 bits and floats of 32 or 64, mono or more channels. */
final class WavFile {
  private static final int PCM = 1;
  private static final int FLOAT = 3;
  private static final int EXTENSIBLE = 0xFFFE;

  private static final int RIFF = 0x46464952;
  private static final int FMT = 0x20746d66;
  private static final int DATA = 0x61746164;

  private static final int MAX_CHUNKS = 1000;
  private static final int MAX_CHANNELS = 32;
  private static final int MIN_RATE = 1000;
  private static final int MAX_RATE = 384_000;

  private final ByteBuffer bytes;
  private int formatAt = -1;
  private int formatLength;
  private int dataAt = -1;
  private long dataClaimed;

  private WavFile(byte[] bytes) {
    this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  static DecodedFile decode(byte[] bytes, Limits limits) throws UnreadableException {
    WavFile file = new WavFile(bytes);
    file.findChunks();
    return file.decode(limits);
  }

  private void findChunks() throws UnreadableException {
    if (bytes.limit() < 12 || bytes.getInt(0) != RIFF) {
      throw new UnreadableException(FindingCode.CORRUPT, "the RIFF header is cut short");
    }
    long at = 12;
    for (int chunk = 0; at + 8 <= bytes.limit(); chunk++) {
      if (chunk == MAX_CHUNKS) {
        throw new UnreadableException(FindingCode.CORRUPT, "more than " + MAX_CHUNKS + " chunks");
      }
      int id = bytes.getInt((int) at);
      long size = bytes.getInt((int) at + 4) & 0xFFFFFFFFL;
      if (id == FMT && formatAt < 0) {
        formatAt = (int) at + 8;
        formatLength = (int) Math.min(size, bytes.limit() - formatAt);
      } else if (id == DATA) {
        dataAt = (int) at + 8;
        dataClaimed = size;
        return;
      }
      at += 8 + size + (size & 1);
    }
    throw new UnreadableException(
        formatAt < 0 ? FindingCode.CORRUPT : FindingCode.EMPTY, "no data chunk");
  }

  private DecodedFile decode(Limits limits) throws UnreadableException {
    if (formatAt < 0 || formatLength < 16) {
      throw new UnreadableException(FindingCode.CORRUPT, "no format chunk before the data");
    }
    int format = bytes.getShort(formatAt) & 0xFFFF;
    final int channels = bytes.getShort(formatAt + 2) & 0xFFFF;
    final int rate = bytes.getInt(formatAt + 4);
    final int bits = bytes.getShort(formatAt + 14) & 0xFFFF;
    if (format == EXTENSIBLE && formatLength >= 26) {
      format = bytes.getShort(formatAt + 24) & 0xFFFF;
    }
    if (channels < 1 || channels > MAX_CHANNELS) {
      throw new UnreadableException(FindingCode.CORRUPT, channels + " channels");
    }
    if (rate < MIN_RATE || rate > MAX_RATE) {
      throw new UnreadableException(
          FindingCode.CORRUPT, Integer.toUnsignedString(rate) + " samples a second");
    }
    boolean known =
        (format == PCM && (bits == 8 || bits == 16 || bits == 24 || bits == 32))
            || (format == FLOAT && (bits == 32 || bits == 64));
    if (!known) {
      throw new UnreadableException(
          FindingCode.UNSUPPORTED_CODEC, "format " + format + " of " + bits + " bits");
    }
    int frameBytes = channels * bits / 8;
    long present = bytes.limit() - (long) dataAt;
    boolean open = dataClaimed >= 0xFFFFFFFFL - dataAt || (dataClaimed == 0 && present > 0);
    List<FindingCode> flaws = new ArrayList<>();
    if (open && present >= frameBytes) {
      flaws.add(FindingCode.OPEN_HEADER);
    } else if (dataClaimed > present && present >= frameBytes) {
      throw new UnreadableException(
          FindingCode.TRUNCATED, dataClaimed + " bytes announced, " + present + " there");
    }
    long frames = (open ? present : Math.min(dataClaimed, present)) / frameBytes;
    if (frames == 0) {
      throw new UnreadableException(FindingCode.EMPTY, "no samples");
    }
    int take = (int) Math.min(frames, limits.samples(rate));
    short[] samples = new short[take];
    for (int i = 0; i < take; i++) {
      samples[i] = sample(dataAt + i * frameBytes, format, bits);
    }
    return new DecodedFile(
        format == FLOAT ? "float" : "pcm",
        bits,
        rate,
        channels,
        frames * 1000 / rate,
        new Sound(rate, samples),
        flaws);
  }

  /** The first channel's sample, as 16 bits. */
  private short sample(int at, int format, int bits) {
    if (format == FLOAT) {
      double value = bits == 32 ? bytes.getFloat(at) : bytes.getDouble(at);
      return Mono.toShort(value);
    }
    return switch (bits) {
      case 8 -> (short) (((bytes.get(at) & 0xFF) - 128) << 8);
      case 16 -> bytes.getShort(at);
      case 24 -> bytes.getShort(at + 1);
      default -> bytes.getShort(at + 2);
    };
  }
}
