package dev.voicebridge.sample;

import dev.voicebridge.emulator.engine.EspeakEngine;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/** Samples for tests of other packages. */
public final class TestSamples {
  private static final Map<Integer, byte[]> SPOKEN = new ConcurrentHashMap<>();

  private TestSamples() {}

  /**
   * About 13 s of clean speech, as WAV; that of another number is another sample, that of the same
   * number the same bytes (the engine itself doesn't say a text twice alike).
   */
  public static byte[] speech(int number) {
    return SPOKEN.computeIfAbsent(number, TestSamples::spoken).clone();
  }

  /**
   * A sample with one flaw.
   *
   * @param beginMs where it begins
   * @param endMs where it ends
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Flawed(byte[] wav, int beginMs, int endMs) {}

  /** With nothing but a quiet room for 3 s in the middle of its second sentence. */
  public static Flawed withPause(int number) {
    Recording recording = recording(number);
    Stretch sentence = recording.sentences.get(1);
    int at = (sentence.beginMs() + sentence.endMs()) / 2;
    return new Flawed(recording.pause(at, 3_000, number).wav(), at, at + 3_000);
  }

  /**
   * With its second sentence driven so hard that the tops are cut; told from the first to the last.
   */
  public static Flawed clipped(int number) {
    Recording recording = recording(number);
    Stretch sentence = recording.sentences.get(1);
    Recording driven = recording.clipped(3, sentence.beginMs(), sentence.endMs());
    short[] samples = driven.shorts();
    int[] tops =
        IntStream.range(0, samples.length)
            .filter(i -> samples[i] == Short.MAX_VALUE || samples[i] == Short.MIN_VALUE)
            .map(i -> (int) (i * 1000L / driven.rate))
            .toArray();
    return new Flawed(driven.wav(), tops[0], tops[tops.length - 1]);
  }

  private static byte[] spoken(int number) {
    return recording(number).wav();
  }

  private static Recording recording(int number) {
    EspeakEngine engine = EspeakEngine.open();
    try {
      return Speaker.HELD_OUT.get(number).speak(engine);
    } finally {
      engine.close();
    }
  }
}
