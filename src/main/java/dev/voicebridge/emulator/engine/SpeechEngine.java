package dev.voicebridge.emulator.engine;

import org.jspecify.annotations.Nullable;

/** Text to samples. Blocking: call it from a worker thread; calls are taken one at a time. */
public interface SpeechEngine extends AutoCloseable {
  /** Speaks the text, handing samples over as they are produced; returns when all is spoken. */
  void speak(Utterance utterance, Sink sink);

  /** Does ahead of time what would make the first utterance late; any thread. */
  default void warmUp() {}

  @Override
  void close();

  /**
   * @param text plain text of any of the languages of the Qwen voices, mixed at will
   * @param voice any voice name; an unknown one gets a stable voice of its own
   * @param language a {@code language_type} such as {@code Chinese}, or {@code Auto}: found by
   *     script
   * @param rate 0.5–2.0
   * @param pitch 0.5–2.0
   * @param volume 0–100, 50 is as the voice comes
   * @param sampleRateHz rate of the samples wanted
   * @param traits of a voice that was cloned or designed; null: what the name has of its own
   */
  record Utterance(
      String text,
      String voice,
      String language,
      double rate,
      double pitch,
      int volume,
      int sampleRateHz,
      @Nullable VoiceTraits traits) {

    public Utterance(
        String text,
        String voice,
        String language,
        double rate,
        double pitch,
        int volume,
        int sampleRateHz) {
      this(text, voice, language, rate, pitch, volume, sampleRateHz, null);
    }
  }

  /** Takes what the engine produces, on the engine's thread. */
  interface Sink {
    /**
     * @param samples 16-bit mono; the callee may keep it
     * @return false to stop speaking
     */
    boolean samples(short[] samples);

    /**
     * A word or, in Chinese and Japanese, a character has been spoken.
     *
     * @param beginIndex first UTF-16 index in the utterance's text
     * @param endIndex index after the last
     * @param beginMs from the utterance's first sample, milliseconds
     * @param endMs end of the word, milliseconds
     */
    void word(int beginIndex, int endIndex, int beginMs, int endMs);
  }
}
