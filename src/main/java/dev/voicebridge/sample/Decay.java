package dev.voicebridge.sample;

import java.util.Arrays;

/** How fast sounds die away: a plosive cuts a dry voice off at once, but not its room. */
final class Decay {
  /** Over this time the fall is measured. */
  private static final int SPAN_MS = 80;

  private static final double HALL_DB = 14;

  /** In noise nothing falls far; in a hall it does, but slowly. */
  private static final double ROOM_TO_FALL_DB = 8;

  private Decay() {}

  static boolean isHall(double fastFallDb, SpeechParts speech) {
    return fastFallDb < HALL_DB && speech.speechDb - speech.floorDb > fastFallDb + ROOM_TO_FALL_DB;
  }

  /**
   * The fast falls of a voice, dB within 80 ms: a dry recording has 20 and more, a hall under 14.
   * Means nothing in noise.
   */
  static double fastFallDb(Envelope envelope, double speechDb) {
    int span = SPAN_MS / Envelope.HOP_MS;
    double[] falls = new double[Math.max(0, envelope.db.length - span)];
    int count = 0;
    for (int i = 0; i + span < envelope.db.length; i++) {
      if (envelope.db[i] > speechDb - 12) {
        falls[count++] = envelope.db[i] - envelope.db[i + span];
      }
    }
    if (count == 0) {
      return 0;
    }
    Arrays.sort(falls, 0, count);
    return falls[(int) (count * 0.95)];
  }
}
