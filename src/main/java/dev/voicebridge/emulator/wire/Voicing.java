package dev.voicebridge.emulator.wire;

import dev.voicebridge.audio.AudioFormat;
import dev.voicebridge.emulator.engine.SpeechEngine.Utterance;
import dev.voicebridge.emulator.engine.VoiceTraits;
import org.jspecify.annotations.Nullable;

/**
 * How a response or task sounds and how its audio travels.
 *
 * @param language a {@code language_type} such as {@code Chinese}, or {@code Auto}
 * @param rate 0.5–2.0
 * @param pitch 0.5–2.0
 * @param volume 0–100
 * @param bitRateKbps null: the encoder's own
 * @param traits null: the name's own
 */
record Voicing(
    String voice,
    String language,
    double rate,
    double pitch,
    int volume,
    AudioFormat format,
    int sampleRateHz,
    @Nullable Integer bitRateKbps,
    @Nullable VoiceTraits traits) {

  Voicing(
      String voice,
      String language,
      double rate,
      double pitch,
      int volume,
      AudioFormat format,
      int sampleRateHz,
      @Nullable Integer bitRateKbps) {
    this(voice, language, rate, pitch, volume, format, sampleRateHz, bitRateKbps, null);
  }

  Voicing with(@Nullable VoiceTraits voiceTraits) {
    return new Voicing(
        voice, language, rate, pitch, volume, format, sampleRateHz, bitRateKbps, voiceTraits);
  }

  Utterance utterance(String text) {
    return new Utterance(text, voice, language, rate, pitch, volume, sampleRateHz, traits);
  }
}
