package dev.voicebridge.sample;

import dev.voicebridge.emulator.engine.EspeakEngine;

/** Samples for tests of other packages. */
public final class TestSamples {
  private TestSamples() {}

  /** About 13 s of clean speech, as WAV; that of another number is another sample. */
  public static byte[] speech(int number) {
    EspeakEngine engine = EspeakEngine.open();
    try {
      return Speaker.HELD_OUT.get(number).speak(engine).wav();
    } finally {
      engine.close();
    }
  }
}
