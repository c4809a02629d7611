package dev.voicebridge.sample;

import dev.voicebridge.emulator.engine.EspeakEngine;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

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

  /** The same with nothing but a quiet room for 3 s from {@code atMs} on. */
  public static byte[] speechWithPause(int number, int atMs) {
    return recording(number).pause(atMs, 3_000, number).wav();
  }

  /** The same, driven so hard between two times that its tops are cut. */
  public static byte[] clippedSpeech(int number, int beginMs, int endMs) {
    return recording(number).clipped(3, beginMs, endMs).wav();
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
