package dev.voicebridge.sample;

import java.util.Arrays;

/** Power over time: frames of 20 ms, one every 10 ms, in dB of full scale (a square wave is 0). */
final class Envelope {
  static final int HOP_MS = 10;
  private static final int FRAME_MS = 20;

  /** What digital silence is taken for, dB. */
  static final double SILENCE_DB = -100;

  final float[] db;

  private Envelope(float[] db) {
    this.db = db;
  }

  static Envelope of(float[] samples, int rateHz) {
    int hop = rateHz * HOP_MS / 1000;
    int frame = rateHz * FRAME_MS / 1000;
    int count = Math.max(0, (samples.length - frame) / Math.max(1, hop) + 1);
    float[] db = new float[samples.length < frame ? 0 : count];
    for (int i = 0; i < db.length; i++) {
      double sum = 0;
      for (int j = i * hop; j < i * hop + frame; j++) {
        sum += (double) samples[j] * samples[j];
      }
      db[i] = (float) Math.max(SILENCE_DB, 10 * Math.log10(sum / frame + 1e-12));
    }
    return new Envelope(db);
  }

  /** The level below which a share of the frames lies, 0–1. */
  double percentile(double share) {
    if (db.length == 0) {
      return SILENCE_DB;
    }
    float[] sorted = db.clone();
    Arrays.sort(sorted);
    return sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  }
}
