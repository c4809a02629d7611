package dev.voicebridge.emulator;

import dev.voicebridge.emulator.engine.SpeechEngine;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.atomic.AtomicInteger;

/** Says every character as 50 ms of tone, so that lengths and times can be told beforehand. */
final class ToneEngine implements SpeechEngine {
  static final int MS_PER_CHAR = 50;

  private final AtomicInteger spoken;

  ToneEngine() {
    this(new AtomicInteger());
  }

  /**
   * @param spoken counts the utterances
   */
  ToneEngine(AtomicInteger spoken) {
    this.spoken = spoken;
  }

  @Override
  public void speak(Utterance utterance, Sink sink) {
    if (utterance.text().contains("BROKEN")) {
      throw new IllegalStateException("told to break");
    }
    String text = utterance.text();
    spoken.incrementAndGet();
    for (int i = 0; i < text.length(); i++) {
      sink.word(i, i + 1, i * MS_PER_CHAR, (i + 1) * MS_PER_CHAR);
      if (!sink.samples(tone(text.charAt(i), utterance.sampleRateHz()))) {
        return;
      }
    }
  }

  @Override
  public void close() {}

  /** What a text sounds like, as bytes. */
  static byte[] pcm(String text, int sampleRateHz) {
    Buffer bytes = Buffer.buffer();
    for (int i = 0; i < text.length(); i++) {
      for (short sample : tone(text.charAt(i), sampleRateHz)) {
        bytes.appendShortLE(sample);
      }
    }
    return bytes.getBytes();
  }

  /** The samples of one character at that rate. */
  private static short[] tone(char c, int sampleRateHz) {
    short[] samples = new short[sampleRateHz * MS_PER_CHAR / 1000];
    double frequency = 200 + c % 400;
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (short) (8000 * Math.sin(2 * Math.PI * frequency * i / sampleRateHz));
    }
    return samples;
  }
}
