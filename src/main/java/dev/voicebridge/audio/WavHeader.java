package dev.voicebridge.audio;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The 44 bytes in front of 16-bit mono samples. */
public final class WavHeader {
  /** Bytes of every header made here. */
  public static final int LENGTH = 44;

  /**
   * What the two size fields hold while nobody knows the size: all ones, as ffmpeg writes to a pipe
   * and OpenAI's speech API to its clients. ffmpeg and with it Chrome, VLC and mpv read it as
   * "until the stream ends"; a zero would be taken for an empty file by the strict ones.
   */
  static final int OPEN = 0xFFFFFFFF;

  private static final int SAMPLE_BYTES = 2;

  private WavHeader() {}

  /** A header for a stream whose length isn't known yet. */
  public static byte[] streaming(int sampleRateHz) {
    return header(sampleRateHz, OPEN, OPEN);
  }

  /**
   * A header for a whole file.
   *
   * @param dataBytes bytes of samples that follow, at most {@code Integer.MAX_VALUE - 36}
   */
  public static byte[] of(int sampleRateHz, int dataBytes) {
    return header(sampleRateHz, Math.addExact(LENGTH - 8, dataBytes), dataBytes);
  }

  private static byte[] header(int sampleRateHz, int riffSize, int dataSize) {
    return ByteBuffer.allocate(LENGTH)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(ascii("RIFF"))
        .putInt(riffSize)
        .put(ascii("WAVE"))
        .put(ascii("fmt "))
        .putInt(16)
        .putShort((short) 1) // PCM
        .putShort((short) 1) // mono
        .putInt(sampleRateHz)
        .putInt(sampleRateHz * SAMPLE_BYTES)
        .putShort((short) SAMPLE_BYTES)
        .putShort((short) (8 * SAMPLE_BYTES))
        .put(ascii("data"))
        .putInt(dataSize)
        .array();
  }

  private static byte[] ascii(String id) {
    return id.getBytes(StandardCharsets.US_ASCII);
  }
}
