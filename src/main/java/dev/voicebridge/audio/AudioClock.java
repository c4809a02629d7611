package dev.voicebridge.audio;

/**
 * Tells how long the audio of one encoded stream is, as its bytes pass by in chunks of any size.
 * Looks only at framing, never decodes. Bytes that make no sense count for nothing, or for a
 * plausible length; they never throw. Holds a few hundred bytes at most. Not thread-safe.
 */
public abstract sealed class AudioClock permits LinearClock, Mp3Clock, OggOpusClock {
  AudioClock() {}

  /**
   * @param sampleRateHz rate of the samples; only PCM has to be told, the others say it themselves
   */
  public static AudioClock of(AudioFormat format, int sampleRateHz) {
    if (sampleRateHz <= 0) {
      throw new IllegalArgumentException("sample rate must be positive: " + sampleRateHz);
    }
    return switch (format) {
      case PCM -> new LinearClock(sampleRateHz, false);
      case WAV -> new LinearClock(sampleRateHz, true);
      case MP3 -> new Mp3Clock();
      case OPUS -> new OggOpusClock();
    };
  }

  /** The next bytes of the stream. */
  public abstract void add(byte[] bytes, int offset, int length);

  /** Length of the audio whose bytes are complete so far, microseconds. */
  public abstract long durationMicros();

  /** Length of the audio whose bytes are complete so far, milliseconds, rounded down. */
  public final long durationMs() {
    return durationMicros() / 1000;
  }

  static int u16le(byte[] bytes, int at) {
    return (bytes[at] & 0xFF) | (bytes[at + 1] & 0xFF) << 8;
  }

  static long u32le(byte[] bytes, int at) {
    return (u16le(bytes, at) | (long) u16le(bytes, at + 2) << 16) & 0xFFFFFFFFL;
  }
}
