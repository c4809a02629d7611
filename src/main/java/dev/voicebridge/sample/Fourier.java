package dev.voicebridge.sample;

/** A Fourier transform whose length is a power of two, in place. */
final class Fourier {
  private Fourier() {}

  static void transform(double[] re, double[] im) {
    int n = re.length;
    for (int i = 1, j = 0; i < n; i++) {
      int bit = n >> 1;
      for (; (j & bit) != 0; bit >>= 1) {
        j ^= bit;
      }
      j ^= bit;
      if (i < j) {
        double swap = re[i];
        re[i] = re[j];
        re[j] = swap;
        swap = im[i];
        im[i] = im[j];
        im[j] = swap;
      }
    }
    for (int size = 2; size <= n; size *= 2) {
      int half = size / 2;
      double angle = -2 * Math.PI / size;
      double stepRe = Math.cos(angle);
      double stepIm = Math.sin(angle);
      for (int start = 0; start < n; start += size) {
        double wRe = 1;
        double wIm = 0;
        for (int k = start; k < start + half; k++) {
          double oddRe = re[k + half] * wRe - im[k + half] * wIm;
          double oddIm = re[k + half] * wIm + im[k + half] * wRe;
          re[k + half] = re[k] - oddRe;
          im[k + half] = im[k] - oddIm;
          re[k] += oddRe;
          im[k] += oddIm;
          double next = wRe * stepRe - wIm * stepIm;
          wIm = wRe * stepIm + wIm * stepRe;
          wRe = next;
        }
      }
    }
  }
}
