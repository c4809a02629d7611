package dev.voicebridge.emulator.engine;

import dev.voicebridge.audio.Resampler;
import dev.voicebridge.emulator.engine.SpeechEngine.Sink;
import dev.voicebridge.emulator.engine.SpeechEngine.Utterance;
import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * From the library's samples and events to those of one utterance: joins its passages, shortens
 * long pauses, sets the volume, changes the rate, and finds the words of the original text.
 */
final class SpeechOutput implements NativeEspeak.Output {
  /** What is below counts as silence: about 47 dB under full scale. */
  private static final int QUIET = 150;

  private static final int MAX_PAUSE_MS = 340;

  /** A passage ends by fading this long, so that cutting it off doesn't click. */
  private static final int FADE_MS = 4;

  /** espeak comes close to full scale: half of it at volume 50 leaves room up to 100. */
  private static final double GAIN_AT_100 = 1.0;

  /** A word begins at that sample of the passage. */
  private record WordEvent(int sample, int textPosition) {}

  private final Sink sink;
  private final int rateHz;
  private final int maxPause;
  private final double gain;
  private final Resampler resampler;
  private final WordTimes words;

  /** Word events whose sample has not come yet: they come with the block that they lie in. */
  private final ArrayDeque<WordEvent> pending = new ArrayDeque<>();

  /** The last samples, kept back until more come: they fade if none do. */
  private short[] tail = new short[0];

  private final int fade;

  /** Samples given on so far, over all passages, at espeak's rate; a pause counts as it comes. */
  private long position;

  /** Length of the current pause as espeak made it. */
  private int pause;

  /** Position where the last sound ended. */
  private long soundEnd;

  /** espeak's count at the end of the last block of this passage. */
  private int taken;

  private boolean stopped;

  SpeechOutput(Utterance utterance, int rateHz, Sink sink) {
    this.sink = sink;
    this.rateHz = rateHz;
    maxPause = rateHz * MAX_PAUSE_MS / 1000;
    fade = rateHz * FADE_MS / 1000;
    gain = GAIN_AT_100 * Math.max(0, Math.min(100, utterance.volume())) / 100;
    resampler = new Resampler(rateHz, utterance.sampleRateHz());
    words = new WordTimes(utterance.text(), sink);
  }

  boolean isStopped() {
    return stopped;
  }

  void begin(Spoken spoken, boolean ideographic) {
    taken = 0;
    pending.clear();
    words.begin(spoken, ideographic);
  }

  /** The passage is over; another may follow. */
  void end() {
    if (stopped) {
      return;
    }
    short[] rest = tail;
    tail = new short[0];
    for (int i = 0; i < rest.length; i++) {
      rest[i] = (short) (rest[i] * (rest.length - i) / rest.length);
    }
    give(rest);
    words.end(ms(soundEnd));
  }

  /** Everything has been said. */
  void finish() {
    short[] rest = resampler.finish();
    if (!stopped && rest.length > 0) {
      stopped = !sink.samples(rest);
    }
  }

  @Override
  public void event(int type, int sample, int textPosition) {
    if (type == NativeEspeak.EVENT_WORD) {
      pending.add(new WordEvent(sample, textPosition));
    }
  }

  @Override
  public boolean samples(short[] samples) {
    short[] kept = new short[samples.length];
    int length = 0;
    for (int i = 0; i < samples.length; i++) {
      reach(taken + i);
      boolean quiet = Math.abs(samples[i]) <= QUIET;
      pause = quiet ? pause + 1 : 0;
      if (pause <= maxPause) {
        kept[length++] = (short) Math.round(samples[i] * gain);
        position++;
      }
      if (!quiet) {
        soundEnd = position;
      }
    }
    taken += samples.length;
    keepBack(kept, length);
    return !stopped;
  }

  private void reach(int sample) {
    for (WordEvent next = pending.peek();
        next != null && next.sample <= sample;
        next = pending.peek()) {
      pending.remove();
      words.word(next.textPosition, ms(position), ms(soundEnd));
    }
  }

  private void keepBack(short[] block, int length) {
    short[] all = Arrays.copyOf(tail, tail.length + length);
    System.arraycopy(block, 0, all, tail.length, length);
    int out = Math.max(0, all.length - fade);
    tail = Arrays.copyOfRange(all, out, all.length);
    give(Arrays.copyOf(all, out));
  }

  private void give(short[] samples) {
    if (samples.length == 0) {
      return;
    }
    short[] out = resampler.process(samples);
    if (out.length > 0) {
      stopped = !sink.samples(out);
    }
  }

  private int ms(long samples) {
    return (int) (samples * 1000 / rateHz);
  }
}
