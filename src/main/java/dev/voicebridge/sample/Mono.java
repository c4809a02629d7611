package dev.voicebridge.sample;

/** Between a sample of ±1 and one of 16 bits. */
final class Mono {
  private Mono() {}

  /** Not a number becomes silence; beyond full scale is cut. */
  static short toShort(double value) {
    if (Double.isNaN(value)) {
      return 0;
    }
    return (short) Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, Math.round(value * 32768)));
  }
}
