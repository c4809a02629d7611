package dev.voicebridge.sample;

import java.util.ArrayList;
import java.util.List;

/**
 * Where somebody speaks: by level between the noise floor and the loud parts, with hysteresis. Gaps
 * of a fifth of a second, as within words, belong to speech.
 */
final class SpeechParts {
  /** Shorter gaps are part of speech. */
  private static final int GAP_MS = 200;

  /** Shorter sounds are clicks. */
  private static final int MIN_SOUND_MS = 80;

  /** A pause up to this long doesn't break a run of speech: people breathe. */
  static final int BREATH_MS = 1000;

  /** Quieter than this is silence, dB of full scale. */
  static final double SILENT_DB = -60;

  /** Less difference between loud and quiet than this is no speech, dB. */
  private static final double MIN_RANGE_DB = 5;

  /** Level of the loud parts, dB of full scale. */
  final double speechDb;

  /** Level of the quietest parts, dB of full scale. */
  final double floorDb;

  /** In order, disjoint. */
  final List<Stretch> parts;

  private SpeechParts(double speechDb, double floorDb, List<Stretch> parts) {
    this.speechDb = speechDb;
    this.floorDb = floorDb;
    this.parts = List.copyOf(parts);
  }

  static SpeechParts of(Envelope envelope) {
    double loud = envelope.percentile(0.98);
    double floor = envelope.percentile(0.02);
    if (loud < SILENT_DB || loud - floor < MIN_RANGE_DB) {
      return new SpeechParts(loud, floor, List.of());
    }
    // The loud part of the speech itself, however much silence there is around it.
    double sum = 0;
    int count = 0;
    for (float db : envelope.db) {
      if (db > loud - 20) {
        sum += Math.pow(10, db / 10);
        count++;
      }
    }
    double speech = 10 * Math.log10(sum / Math.max(1, count));
    double range = speech - floor;
    double on = speech - Math.min(0.6 * range, 28);
    double off = speech - Math.min(0.75 * range, 34);
    List<Stretch> found = new ArrayList<>();
    int begin = -1;
    int loudFrames = 0;
    for (int i = 0; i <= envelope.db.length; i++) {
      float db = i < envelope.db.length ? envelope.db[i] : (float) Envelope.SILENCE_DB;
      if (begin < 0 && db >= off) {
        begin = i;
        loudFrames = 0;
      }
      if (begin >= 0 && db >= on) {
        loudFrames++;
      }
      if (begin >= 0 && db < off) {
        if (loudFrames > 0) {
          found.add(new Stretch(begin * Envelope.HOP_MS, (i + 1) * Envelope.HOP_MS));
        }
        begin = -1;
      }
    }
    return new SpeechParts(speech, floor, withoutClicks(joined(found, GAP_MS)));
  }

  private static List<Stretch> withoutClicks(List<Stretch> parts) {
    return parts.stream().filter(part -> part.lengthMs() >= MIN_SOUND_MS).toList();
  }

  /** The parts with gaps up to that long filled in. */
  static List<Stretch> joined(List<Stretch> parts, int gapMs) {
    List<Stretch> out = new ArrayList<>();
    for (Stretch part : parts) {
      Stretch last = out.isEmpty() ? null : out.get(out.size() - 1);
      if (last != null && part.beginMs() - last.endMs() <= gapMs) {
        out.set(out.size() - 1, new Stretch(last.beginMs(), Math.max(last.endMs(), part.endMs())));
      } else {
        out.add(part);
      }
    }
    return out;
  }

  int speechMs() {
    return parts.stream().mapToInt(Stretch::lengthMs).sum();
  }

  /** The longest run with no more than breaths in it; its pauses count. */
  int longestRunMs() {
    return joined(parts, BREATH_MS).stream().mapToInt(Stretch::lengthMs).max().orElse(0);
  }

  /** Between the parts, not at the ends. */
  List<Stretch> pauses() {
    List<Stretch> pauses = new ArrayList<>();
    for (int i = 1; i < parts.size(); i++) {
      int from = parts.get(i - 1).endMs();
      int to = parts.get(i).beginMs();
      pauses.add(new Stretch(from, to));
    }
    return pauses;
  }
}
