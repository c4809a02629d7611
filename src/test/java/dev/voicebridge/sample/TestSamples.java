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

  private static byte[] spoken(int number) {
    EspeakEngine engine = EspeakEngine.open();
    try {
      return Speaker.HELD_OUT.get(number).speak(engine).wav();
    } finally {
      engine.close();
    }
  }
}
