package dev.voicebridge.emulator.siliconflow;

import dev.voicebridge.emulator.engine.VoiceTraits;
import dev.voicebridge.emulator.engine.VoiceTraits.Age;
import dev.voicebridge.emulator.engine.VoiceTraits.Gender;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Models and preset voices. */
final class Presets {
  static final List<String> SPEECH_MODELS =
      List.of("FunAudioLLM/CosyVoice2-0.5B", "fnlp/MOSS-TTSD-v0.5", "IndexTeam/IndexTTS-2");
  static final String TRANSCRIPTION_MODEL = "FunAudioLLM/SenseVoiceSmall";

  private static final Map<String, VoiceTraits> VOICES =
      Map.of(
          "alex", traits(Gender.MALE, Age.ADULT, 1, 1),
          "benjamin", traits(Gender.MALE, Age.ADULT, 0.8, 0.95),
          "charles", traits(Gender.MALE, Age.ADULT, 0.9, 1),
          "david", traits(Gender.MALE, Age.YOUNG, 1.1, 1.08),
          "anna", traits(Gender.FEMALE, Age.ADULT, 1, 1),
          "bella", traits(Gender.FEMALE, Age.YOUNG, 1.1, 1.08),
          "claire", traits(Gender.FEMALE, Age.ADULT, 0.95, 0.95),
          "diana", traits(Gender.FEMALE, Age.YOUNG, 1.15, 1.05));

  private Presets() {}

  static boolean isSpeechModel(String model) {
    return SPEECH_MODELS.contains(model);
  }

  /**
   * @return null when the model has no such preset; a bare name is none
   */
  static @Nullable VoiceTraits find(String model, String voice) {
    return voice.startsWith(model + ":") ? VOICES.get(voice.substring(model.length() + 1)) : null;
  }

  private static VoiceTraits traits(Gender gender, Age age, double pitch, double tempo) {
    return new VoiceTraits(gender, age, 0, pitch, tempo, "zh");
  }
}
