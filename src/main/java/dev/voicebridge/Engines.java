package dev.voicebridge;

import dev.voicebridge.audio.AudioFormat;
import dev.voicebridge.catalogue.Ability;
import dev.voicebridge.catalogue.Catalogue;
import dev.voicebridge.catalogue.Dialect;
import dev.voicebridge.catalogue.Model;
import dev.voicebridge.catalogue.PairVerdict;
import dev.voicebridge.catalogue.PresetVoice;
import dev.voicebridge.config.Config;
import dev.voicebridge.config.ConfigException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The operator's own engines as part of the catalogue. */
final class Engines {
  /** What OpenAI takes in one request; none of the engines takes less. */
  private static final int MAX_TEXT_CHARS = 4096;

  private Engines() {}

  /**
   * @throws ConfigException when a model of theirs is in the catalogue already
   */
  static Catalogue join(Catalogue catalogue, List<Config.Engine> engines) {
    List<Model> models = new ArrayList<>();
    List<PresetVoice> voices = new ArrayList<>();
    List<String> mistakes = new ArrayList<>();
    for (Config.Engine engine : engines) {
      for (String name : engine.models()) {
        if (catalogue.model(name) != null) {
          mistakes.add("VOICEBRIDGE_UPSTREAMS: there is another model " + name + " already");
        }
        models.add(model(engine, name));
        for (String voice : engine.voices()) {
          voices.add(new PresetVoice(engine.name(), voice, name, null, null, null));
        }
      }
    }
    if (mistakes.isEmpty()) {
      Catalogue joined = catalogue.with(models, voices);
      engines.forEach(engine -> checkFallbacks(joined, engine, mistakes));
      if (mistakes.isEmpty()) {
        return joined;
      }
    }
    throw new ConfigException(mistakes);
  }

  private static void checkFallbacks(
      Catalogue catalogue, Config.Engine engine, List<String> mistakes) {
    for (Config.Fallback other : engine.fallbacks()) {
      String where = "VOICEBRIDGE_UPSTREAMS: " + engine.name() + ": fallback " + other.model();
      if (engine.models().contains(other.model())) {
        mistakes.add(where + ": is the same engine");
      } else if (catalogue.dialectOf(other.model()) != Dialect.OPENAI) {
        mistakes.add(where + ": is no model of SiliconFlow or of an engine in this file");
      } else if (catalogue.pair(other.model(), other.voice())
          instanceof PairVerdict.Refused refused) {
        mistakes.add(where + ": " + refused.message());
      }
    }
  }

  private static Model model(Config.Engine engine, String name) {
    return new Model(
        name,
        Dialect.OPENAI,
        engine.name(),
        null,
        Set.of(AudioFormat.values()),
        Set.of(8_000, 16_000, 22_050, 24_000, 44_100, 48_000),
        24_000,
        abilities(engine),
        Set.of(),
        Set.of(),
        Set.of(Model.VoiceKind.SYSTEM),
        MAX_TEXT_CHARS,
        engine.voices().isEmpty() ? null : engine.voices().get(0),
        new Model.Budget(10_000, 60, engine.name()));
  }

  private static Set<Ability> abilities(Config.Engine engine) {
    return switch (engine.dialect()) {
      case OPENAI, VLLM_OMNI -> Set.of(Ability.SPEECH_RATE, Ability.BIT_RATE, Ability.INSTRUCTIONS);
      case SILICONFLOW ->
          Set.of(Ability.SPEECH_RATE, Ability.BIT_RATE, Ability.INSTRUCTIONS, Ability.VOLUME);
      // Its own speakers cannot be told how to speak.
      case COSYVOICE_FASTAPI ->
          engine.clips().isEmpty()
              ? Set.of(Ability.BIT_RATE)
              : Set.of(Ability.BIT_RATE, Ability.INSTRUCTIONS);
    };
  }
}
