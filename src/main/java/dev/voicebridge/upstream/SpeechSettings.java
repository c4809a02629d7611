package dev.voicebridge.upstream;

import dev.voicebridge.audio.AudioFormat;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * How to speak, in the words of the session protocol; each dialect translates. Checked against the
 * catalogue before it gets here.
 *
 * @param voice empty where the model is the voice
 * @param format never WAV towards a service: the bridge writes its own header before PCM
 * @param speechRate 0.5–2.0
 * @param pitchRate 0.5–2.0
 * @param volume 0–100, 50 is as the voice comes
 * @param bitRateKbps 6–510; null: the service's default
 * @param languageType {@code Auto} or a language's English name
 * @param wordTimestamps whether word times are wanted
 * @param ssml whether the text is SSML
 * @param seed null: the service's choice
 * @param hotFix pronunciation table of the CosyVoice wire; null: none
 * @param maxTextChars longest text the service takes in one synthesis
 */
public record SpeechSettings(
    String model,
    String voice,
    Mode mode,
    AudioFormat format,
    int sampleRateHz,
    double speechRate,
    double pitchRate,
    int volume,
    @Nullable Integer bitRateKbps,
    String languageType,
    @Nullable String instructions,
    boolean optimizeInstructions,
    boolean textNormalization,
    boolean wordTimestamps,
    boolean ssml,
    @Nullable Integer seed,
    @Nullable JsonObject hotFix,
    int maxTextChars) {

  /** The same for text that grows while it is spoken, and that holds no marks for the voice. */
  public SpeechSettings streamed() {
    return with(model, voice, Mode.SERVER_COMMIT, false);
  }

  /** The same from another voice. */
  public SpeechSettings with(String otherModel, String otherVoice) {
    return with(otherModel, otherVoice, mode, ssml);
  }

  private SpeechSettings with(
      String otherModel, String otherVoice, Mode otherMode, boolean otherSsml) {
    return new SpeechSettings(
        otherModel,
        otherVoice,
        otherMode,
        format,
        sampleRateHz,
        speechRate,
        pitchRate,
        volume,
        bitRateKbps,
        languageType,
        instructions,
        optimizeInstructions,
        textNormalization,
        wordTimestamps,
        otherSsml,
        seed,
        hotFix,
        maxTextChars);
  }

  /** The format to ask a service for: headers of streamed WAV cannot be trusted, samples can. */
  public AudioFormat serviceFormat() {
    return format == AudioFormat.WAV ? AudioFormat.PCM : format;
  }
}
