package dev.voicebridge.audio;

/** Streams in which nothing is said. */
public final class Silence {
  private Silence() {}

  /**
   * A complete stream, header included.
   *
   * @param ms at least this much silence; codecs with frames round up
   */
  public static byte[] of(AudioFormat format, int sampleRateHz, int ms) {
    AudioEncoder encoder = Encoders.of(format, sampleRateHz, null);
    short[] samples = new short[Math.toIntExact((long) sampleRateHz * ms / 1000)];
    byte[] start = encoder.encode(samples, 0, samples.length);
    byte[] end = encoder.finish();
    byte[] all = new byte[start.length + end.length];
    System.arraycopy(start, 0, all, 0, start.length);
    System.arraycopy(end, 0, all, start.length, end.length);
    return all;
  }
}
