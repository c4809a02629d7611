package dev.voicebridge.sample;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Noise fills the moments between sounds. Speech gets quiet many times a second, either altogether
 * (before a plosive) or in the treble (in a vowel); where it doesn't for a long time, something
 * else sounds.
 */
final class Noise {
  /** Treble this far under the speech level is quiet, dB. */
  private static final double QUIET_TREBLE_DB = 34;

  /** No quiet moment for this long is noise. */
  private static final int MIN_MS = 1500;

  /** How far steady noise dips from frame to frame, dB. */
  private static final double FLUCTUATION_DB = 3.5;

  private Noise() {}

  /**
   * @param full without the lowest frequencies
   * @param treble the upper half of what was recorded
   * @return where there is noise
   */
  static List<Stretch> of(Envelope full, Envelope treble, SpeechParts speech, int durationMs) {
    if (speech.speechDb - speech.floorDb < SampleDoctor.POOR_SNR_DB) {
      return List.of(new Stretch(0, durationMs));
    }
    double quiet = speech.speechDb - SampleDoctor.POOR_SNR_DB - 3;
    double quietTreble = speech.speechDb - QUIET_TREBLE_DB;
    List<Stretch> noisy = new ArrayList<>();
    int begin = 0;
    for (int i = 0; i <= full.db.length; i++) {
      if (i == full.db.length || full.db[i] < quiet || treble.db[i] < quietTreble) {
        int ms = (i - begin) * Envelope.HOP_MS;
        if (ms >= MIN_MS) {
          noisy.add(new Stretch(begin * Envelope.HOP_MS, i * Envelope.HOP_MS));
        }
        begin = i + 1;
      }
    }
    return SpeechParts.joined(noisy, 300).stream()
        .map(stretch -> withoutBrightEnds(stretch, full, treble))
        .filter(stretch -> stretch.lengthMs() >= MIN_MS)
        .toList();
  }

  /**
   * A bright sound before or after the noise isn't part of it: it dips under what the noise itself
   * never dips under.
   */
  private static Stretch withoutBrightEnds(Stretch stretch, Envelope full, Envelope treble) {
    int from = stretch.beginMs() / Envelope.HOP_MS;
    int to = stretch.endMs() / Envelope.HOP_MS;
    double least = low(full.db, from, to) - FLUCTUATION_DB;
    double leastTreble = low(treble.db, from, to) - FLUCTUATION_DB;
    int begin = from;
    int bestBegin = from;
    int bestEnd = from;
    for (int i = from; i <= to; i++) {
      if (i == to || full.db[i] < least || treble.db[i] < leastTreble) {
        if (i - begin > bestEnd - bestBegin) {
          bestBegin = begin;
          bestEnd = i;
        }
        begin = i + 1;
      }
    }
    return new Stretch(bestBegin * Envelope.HOP_MS, bestEnd * Envelope.HOP_MS);
  }

  private static double low(float[] db, int from, int to) {
    float[] sorted = Arrays.copyOfRange(db, from, to);
    Arrays.sort(sorted);
    return sorted[sorted.length / 8];
  }

  /** The level in the quietest moments of a stretch, dB of full scale. */
  static double floorDb(Envelope full, Stretch where) {
    double least = 0;
    int to = Math.min(full.db.length, where.endMs() / Envelope.HOP_MS);
    for (int i = where.beginMs() / Envelope.HOP_MS; i < to; i++) {
      least = Math.min(least, full.db[i]);
    }
    return least;
  }
}
