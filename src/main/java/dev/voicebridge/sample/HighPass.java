package dev.voicebridge.sample;

/** A Butterworth high-pass of second order, run over a whole sound. */
final class HighPass {
  private HighPass() {}

  /**
   * @param cornerHz below half the rate
   * @return ±1 at full scale
   */
  static float[] of(Sound sound, double cornerHz) {
    double w = Math.tan(Math.PI * cornerHz / sound.rateHz);
    double norm = 1 / (1 + Math.sqrt(2) * w + w * w);
    double a1 = 2 * (w * w - 1) * norm;
    double a2 = (1 - Math.sqrt(2) * w + w * w) * norm;
    float[] out = new float[sound.samples.length];
    double x1 = 0;
    double x2 = 0;
    double y1 = 0;
    double y2 = 0;
    for (int i = 0; i < out.length; i++) {
      double x = sound.samples[i] / 32768.0;
      double y = norm * (x - 2 * x1 + x2) - a1 * y1 - a2 * y2;
      x2 = x1;
      x1 = x;
      y2 = y1;
      y1 = y;
      out[i] = (float) y;
    }
    return out;
  }
}
