package dev.voicebridge.audio;

import org.jspecify.annotations.Nullable;

/** Makes the encoder of a format. */
public final class Encoders {
  /** Range of the bit rate on the wire, kbit/s (DashScope docs, {@code bit_rate}). */
  static final int MIN_KBPS = 6;

  static final int MAX_KBPS = 510;

  private Encoders() {}

  /**
   * An encoder for one stream.
   *
   * @param sampleRateHz rate of the samples that go in, 8000–48000; PCM, WAV and MP3 keep it, Opus
   *     decodes at 48000 whatever goes in
   * @param bitRateKbps 6–510 kbit/s, taken to the nearest that the codec can do at that rate; null
   *     for the format's usual; means nothing to PCM and WAV
   * @throws IllegalArgumentException when the codec can't do the sample rate
   */
  public static AudioEncoder of(
      AudioFormat format, int sampleRateHz, @Nullable Integer bitRateKbps) {
    if (sampleRateHz < 8000 || sampleRateHz > 48000) {
      throw new IllegalArgumentException("sample rate must be 8000–48000 Hz: " + sampleRateHz);
    }
    return switch (format) {
      case PCM -> new PcmEncoder(new byte[0]);
      case WAV -> new PcmEncoder(WavHeader.streaming(sampleRateHz));
      case MP3 -> new Mp3Encoder(sampleRateHz, clamp(bitRateKbps == null ? 64 : bitRateKbps));
      case OPUS -> new OggOpusEncoder(sampleRateHz, clamp(bitRateKbps == null ? 32 : bitRateKbps));
    };
  }

  private static int clamp(int kbps) {
    return Math.max(MIN_KBPS, Math.min(MAX_KBPS, kbps));
  }
}
