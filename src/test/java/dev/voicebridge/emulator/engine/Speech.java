package dev.voicebridge.emulator.engine;

import dev.voicebridge.emulator.engine.SpeechEngine.Sink;
import dev.voicebridge.emulator.engine.SpeechEngine.Utterance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What an engine said, and ears to hear it with. */
final class Speech implements Sink {
  /** A word with its text, as the sink heard of it. */
  record Word(String text, int beginIndex, int endIndex, int beginMs, int endMs) {}

  static final int RATE = 24000;

  final List<short[]> blocks = new ArrayList<>();
  final List<Word> words = new ArrayList<>();
  private final String text;
  private final int rate;

  private Speech(Utterance utterance) {
    text = utterance.text();
    rate = utterance.sampleRateHz();
  }

  static Speech of(SpeechEngine engine, String text, String voice, String language) {
    return of(engine, new Utterance(text, voice, language, 1.0, 1.0, 50, RATE));
  }

  static Speech of(SpeechEngine engine, Utterance utterance) {
    Speech speech = new Speech(utterance);
    engine.speak(utterance, speech);
    return speech;
  }

  @Override
  public boolean samples(short[] samples) {
    blocks.add(samples);
    return true;
  }

  @Override
  public void word(int beginIndex, int endIndex, int beginMs, int endMs) {
    words.add(new Word(text.substring(beginIndex, endIndex), beginIndex, endIndex, beginMs, endMs));
  }

  short[] samples() {
    short[] all = new short[blocks.stream().mapToInt(block -> block.length).sum()];
    int at = 0;
    for (short[] block : blocks) {
      System.arraycopy(block, 0, all, at, block.length);
      at += block.length;
    }
    return all;
  }

  int ms() {
    return samples().length * 1000 / rate;
  }

  double rms() {
    double sum = 0;
    short[] all = samples();
    for (short sample : all) {
      sum += (double) sample * sample;
    }
    return all.length == 0 ? 0 : Math.sqrt(sum / all.length);
  }

  /** The longest stretch without a sound between the first and the last sound. */
  int longestSilenceMs() {
    int longest = 0;
    int current = -1;
    for (short sample : samples()) {
      if (Math.abs(sample) > 100) {
        longest = Math.max(longest, current);
        current = 0;
      } else if (current >= 0) {
        current++;
      }
    }
    return longest * 1000 / rate;
  }

  /** Median of the fundamental over the voiced parts, by autocorrelation. */
  double pitchHz() {
    short[] all = samples();
    int frame = rate / 25;
    List<Double> pitches = new ArrayList<>();
    for (int at = 0; at + 2 * frame < all.length; at += frame / 2) {
      double energy = correlation(all, at, frame, 0);
      double best = 0;
      int bestLag = 0;
      for (int lag = rate / 600; lag <= rate / 60; lag++) {
        // The shorter lag wins when a multiple fits as well.
        double fit =
            correlation(all, at, frame, lag)
                / Math.sqrt(energy * correlation(all, at + lag, frame, 0) + 1);
        if (fit > best * 1.03) {
          best = fit;
          bestLag = lag;
        }
      }
      if (best > 0.75 && energy / frame > 200 * 200) {
        pitches.add((double) rate / bestLag);
      }
    }
    pitches.sort(null);
    return pitches.isEmpty() ? 0 : pitches.get(pitches.size() / 2);
  }

  private static double correlation(short[] samples, int at, int length, int lag) {
    double sum = 0;
    for (int i = at; i < at + length; i += 2) {
      sum += (double) samples[i] * samples[i + lag];
    }
    return sum;
  }

  String spokenWords() {
    return String.join("|", words.stream().map(Word::text).toList());
  }

  boolean sameSoundAs(Speech other) {
    return Arrays.equals(samples(), other.samples());
  }
}
