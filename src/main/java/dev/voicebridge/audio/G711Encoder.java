package dev.voicebridge.audio;

/** One byte for each sample, as the telephone has it (ITU-T G.711). Keeps the sample rate. */
public final class G711Encoder implements AudioEncoder {
  private static final int ULAW_BIAS = 0x84;
  private static final int ULAW_MAX = 32_635;

  private final boolean ulaw;

  private G711Encoder(boolean ulaw) {
    this.ulaw = ulaw;
  }

  /** North America and Japan. */
  public static G711Encoder ulaw() {
    return new G711Encoder(true);
  }

  /** Everywhere else. */
  public static G711Encoder alaw() {
    return new G711Encoder(false);
  }

  @Override
  public byte[] encode(short[] samples, int offset, int length) {
    byte[] out = new byte[length];
    for (int i = 0; i < length; i++) {
      out[i] = (byte) (ulaw ? ulaw(samples[offset + i]) : alaw(samples[offset + i]));
    }
    return out;
  }

  @Override
  public byte[] finish() {
    return new byte[0];
  }

  private static int ulaw(int sample) {
    int sign = sample < 0 ? 0x80 : 0;
    int magnitude = Math.min(Math.abs(sample), ULAW_MAX) + ULAW_BIAS;
    int exponent = 24 - Integer.numberOfLeadingZeros(magnitude);
    int mantissa = magnitude >> (exponent + 3) & 0x0F;
    return ~(sign | exponent << 4 | mantissa);
  }

  private static int alaw(int sample) {
    int sign = sample < 0 ? 0 : 0x80;
    // 13 bits; minus one is the first step below zero.
    int magnitude = (sample < 0 ? ~sample : sample) >> 3;
    int exponent = Math.max(0, 27 - Integer.numberOfLeadingZeros(magnitude | 1));
    int mantissa = magnitude >> Math.max(1, exponent) & 0x0F;
    return (sign | exponent << 4 | mantissa) ^ 0x55;
  }
}
