package dev.voicebridge.audio;

/** Sounds to encode. */
final class Tone {
  static final int AMPLITUDE = 10_000;

  private Tone() {}

  static short[] of(double hz, int sampleRateHz, int ms) {
    short[] out = new short[sampleRateHz * ms / 1000];
    for (int i = 0; i < out.length; i++) {
      out[i] = (short) (AMPLITUDE * Math.sin(2 * Math.PI * hz * i / sampleRateHz));
    }
    return out;
  }

  /** The whole stream, encoded in chunks as the guest gets them. */
  static byte[] encoded(AudioEncoder encoder, short[] samples, int chunk) {
    java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
    for (int at = 0; at < samples.length; at += chunk) {
      out.writeBytes(encoder.encode(samples, at, Math.min(chunk, samples.length - at)));
    }
    out.writeBytes(encoder.finish());
    return out.toByteArray();
  }
}
