package dev.voicebridge.http;

import dev.voicebridge.audio.AudioFormat;
import dev.voicebridge.bridge.Caller;
import dev.voicebridge.bridge.SpeechOrder;
import dev.voicebridge.catalogue.Ability;
import dev.voicebridge.catalogue.Catalogue;
import dev.voicebridge.catalogue.Model;
import dev.voicebridge.catalogue.PresetVoice;
import dev.voicebridge.catalogue.SystemVoice;
import dev.voicebridge.library.Asker;
import dev.voicebridge.library.VoiceLibrary;
import dev.voicebridge.voice.Voice;
import dev.voicebridge.voice.VoiceQuery;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The lists of models and voices in the shapes that OpenAI-style clients read, with fields beside
 * them that say what a model can do.
 */
final class ListEndpoint {
  /** Survives being typed into a list with commas. */
  private static final Pattern SPEAKABLE = Pattern.compile("[A-Za-z0-9_.-]+");

  /** Whose the system voices with plain names are. */
  private static final String OWNER = "dashscope";

  private final Catalogue catalogue;
  private final Set<String> keyless;
  private final Access access;
  private final Supplier<VoiceLibrary> library;

  /**
   * @param keyless providers that there is no key for: what only they speak with is not listed
   * @param library asked when a key is shown
   */
  ListEndpoint(
      Catalogue catalogue, Set<String> keyless, Access access, Supplier<VoiceLibrary> library) {
    this.catalogue = catalogue;
    this.keyless = Set.copyOf(keyless);
    this.access = access;
    this.library = library;
  }

  /** {@code GET /v1/models}: those that the key may use. */
  void models(RoutingContext ctx) {
    Caller caller = Access.keyOf(ctx).caller();
    Answers.json(ctx, 200, list(modelsFor(ctx, caller::mayUseModel)));
  }

  /** {@code GET /v1/models/:id}; a slash in the name may be written as it is or as {@code %2F}. */
  void model(RoutingContext ctx) {
    String one = ctx.pathParam("id");
    String name = one == null ? ctx.pathParam("*") : one;
    Model model = catalogue.model(name);
    if (model == null && SpeechOrder.isAnyModel(name)) {
      Answers.json(ctx, 200, alias(name));
      return;
    }
    if (model == null || !Access.keyOf(ctx).caller().mayUseModel(model.name())) {
      throw Problem.NO_SUCH_MODEL.about(
          "There is no such model; the nearest is "
              + String.join(", ", catalogue.nearestModels(name))
              + ".",
          "model");
    }
    Answers.json(ctx, 200, toJson(model));
  }

  /** A name that is no model, but may be used as one. */
  private static JsonObject alias(String name) {
    return new JsonObject()
        .put("id", name)
        .put("name", name)
        .put("object", "model")
        .put("created", 0)
        .put("owned_by", "voicebridge");
  }

  /** {@code GET /v1/audio/models}: the system's, without a key. */
  void audioModels(RoutingContext ctx) {
    JsonArray models = modelsFor(ctx, name -> true);
    Answers.json(ctx, 200, list(models).put("models", models));
  }

  /**
   * {@code GET /v1/audio/voices[?model=]}: the system's, without a key; also of providers that no
   * door speaks with yet, and says which. With a key also those of the key.
   */
  void audioVoices(RoutingContext ctx) {
    List<String> wanted = ctx.queryParam("model");
    JsonArray voices = new JsonArray();
    for (SystemVoice voice : catalogue.voices()) {
      if (hasKey(ctx, OWNER)
          && (wanted.isEmpty() || wanted.stream().anyMatch(voice.models()::contains))) {
        voices.add(toJson(voice));
      }
    }
    for (PresetVoice voice : catalogue.presets()) {
      if (hasKey(ctx, voice.provider()) && (wanted.isEmpty() || wanted.contains(voice.model()))) {
        voices.add(toJson(voice));
      }
    }
    Caller caller = access.callerIfAny(ctx.request());
    if (caller != null) {
      ownVoices(caller, wanted).forEach(voices::add);
    }
    Answers.json(ctx, 200, list(voices).put("voices", voices));
  }

  /** Those that can speak. */
  private List<JsonObject> ownVoices(Caller caller, List<String> models) {
    VoiceQuery usable =
        VoiceQuery.all().inState(Voice.State.OK).ownedBy(caller.operator() ? null : caller.name());
    return library.get().list(new Asker(caller.name(), caller.operator()), usable).voices().stream()
        .filter(voice -> catalogue.dialectOf(voice.targetModel()) != null)
        .filter(voice -> mayUse(caller, voice))
        .filter(
            voice ->
                models.isEmpty()
                    || models.stream()
                        .anyMatch(model -> catalogue.sameModel(model, voice.targetModel())))
        .map(ListEndpoint::toJson)
        .toList();
  }

  private static boolean mayUse(Caller caller, Voice voice) {
    String theirs = voice.providerVoiceId();
    return caller.mayUseModel(voice.targetModel())
        && (caller.mayUseVoice(voice.id()) || (theirs != null && caller.mayUseVoice(theirs)));
  }

  /** Whether there is a key to speak with its models; a visitor brings one. */
  private boolean hasKey(RoutingContext ctx, String provider) {
    return !keyless.contains(provider) || ctx.request().headers().contains(VisitorEndpoint.HEADER);
  }

  private JsonArray modelsFor(RoutingContext ctx, Predicate<String> allowed) {
    JsonArray models = new JsonArray();
    for (Model model : catalogue.models()) {
      if (allowed.test(model.name()) && hasKey(ctx, model.provider())) {
        models.add(toJson(model));
      }
    }
    return models;
  }

  private static JsonObject list(JsonArray data) {
    return new JsonObject().put("object", "list").put("data", data);
  }

  private static JsonObject toJson(Model model) {
    return new JsonObject()
        .put("id", model.name())
        .put("name", model.name())
        .put("object", "model")
        .put("created", 0)
        .put("owned_by", model.provider())
        .put("dialect", model.dialect().name().toLowerCase(Locale.ROOT))
        .put(
            "formats",
            new JsonArray(model.formats().stream().sorted().map(AudioFormat::wireName).toList()))
        .put("sample_rates", new JsonArray(model.sampleRatesHz().stream().sorted().toList()))
        .put("default_sample_rate", model.defaultSampleRateHz())
        .put(
            "abilities",
            new JsonArray(model.abilities().stream().sorted().map(Ability::field).toList()))
        .put("languages", new JsonArray(List.copyOf(model.languages())))
        .put("spoken_dialects", new JsonArray(List.copyOf(model.spokenDialects())))
        .put("max_text_chars", model.maxTextChars())
        .put("default_voice", model.defaultVoice());
  }

  private JsonObject toJson(SystemVoice voice) {
    return new JsonObject()
        .put("id", SPEAKABLE.matcher(voice.name()).matches() ? voice.name() : voice.alias())
        .put("name", voice.name())
        .put("alias", voice.alias())
        .put("custom", false)
        .put("name_zh", voice.nameZh())
        .put("provider", OWNER)
        .put("speakable", isSpeakable(voice.models()))
        .put("gender", voice.gender())
        .put("language", voice.firstLanguage())
        .put("models", new JsonArray(voice.models().stream().sorted().toList()))
        .put("keywords_en", voice.keywordsEn())
        .put("keywords_zh", voice.keywordsZh());
  }

  private static JsonObject toJson(Voice voice) {
    return new JsonObject()
        .put("id", voice.id())
        .put("name", voice.displayName().isEmpty() ? voice.id() : voice.displayName())
        .put("alias", voice.id())
        .put("custom", true)
        .put("provider", voice.provider())
        .put("speakable", true)
        .put("language", voice.language())
        .put("models", new JsonArray().add(voice.targetModel()));
  }

  private JsonObject toJson(PresetVoice voice) {
    return new JsonObject()
        .put("id", voice.alias())
        .put("name", voice.name())
        .put("alias", voice.alias())
        .put("custom", false)
        .putNull("name_zh")
        .put("provider", voice.provider())
        .put("speakable", isSpeakable(Set.of(voice.model())))
        .put("gender", voice.gender())
        .putNull("language")
        .put("models", new JsonArray().add(voice.model()))
        .put("keywords_en", voice.keywordsEn())
        .put("keywords_zh", voice.keywordsZh());
  }

  /** Whether the session doors can speak with one of the models. */
  private boolean isSpeakable(Set<String> models) {
    return models.stream().anyMatch(model -> catalogue.dialectOf(model) != null);
  }
}
