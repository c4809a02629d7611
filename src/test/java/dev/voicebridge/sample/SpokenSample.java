package dev.voicebridge.sample;

import dev.voicebridge.emulator.engine.EspeakEngine;

/** Samples that the doctor finds good, for tests that clone. */
public final class SpokenSample {
  private SpokenSample() {}

  /**
   * @param number another one, another sample
   * @return about 13 s of clean speech as a WAV file
   */
  public static byte[] wav(int number) throws Exception {
    try (EspeakEngine engine = EspeakEngine.open()) {
      return Speaker.TUNING.get(number % Speaker.TUNING.size()).speak(engine).wav();
    }
  }
}
