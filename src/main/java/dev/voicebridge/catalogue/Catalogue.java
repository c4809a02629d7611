package dev.voicebridge.catalogue;

import dev.voicebridge.catalogue.CatalogueFile.CustomVoice;
import dev.voicebridge.catalogue.CatalogueFile.NameRule;
import dev.voicebridge.catalogue.CatalogueFile.Unavailable;
import dev.voicebridge.catalogue.Model.VoiceKind;
import dev.voicebridge.catalogue.PairVerdict.Fine;
import dev.voicebridge.catalogue.PairVerdict.Refused;
import dev.voicebridge.catalogue.PairVerdict.Unknown;
import dev.voicebridge.text.Nearest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All models and system voices, read once from {@code catalogue.json}. Immutable, any thread. */
public final class Catalogue {
  private static final int CHOICES = 5;

  private final Map<String, Model> models;
  private final Map<String, SystemVoice> voices;
  private final List<PresetVoice> presets;
  private final Map<String, Unavailable> unavailable;
  private final List<NameRule> nameRules;
  private final List<CustomVoice> customVoices;
  private final Map<String, String> languageCodes;

  private Catalogue(CatalogueFile file) {
    models = file.models();
    voices = file.voices();
    presets = List.copyOf(file.presets().values());
    unavailable =
        file.unavailable().stream().collect(Collectors.toMap(Unavailable::name, line -> line));
    nameRules = List.copyOf(file.nameRules());
    customVoices = List.copyOf(file.customVoices());
    languageCodes = file.languageCodes();
  }

  private Catalogue(Catalogue other, Map<String, Model> models, List<PresetVoice> presets) {
    this.models = models;
    this.presets = presets;
    voices = other.voices;
    unavailable = other.unavailable;
    nameRules = other.nameRules;
    customVoices = other.customVoices;
    languageCodes = other.languageCodes;
  }

  /**
   * The same and more.
   *
   * @param more must not be in the file
   * @param voices of those models
   */
  public Catalogue with(List<Model> more, List<PresetVoice> voices) {
    Map<String, Model> all = new LinkedHashMap<>(models);
    for (Model model : more) {
      if (all.put(model.name(), model) != null) {
        throw new IllegalArgumentException("there already: " + model.name());
      }
    }
    return new Catalogue(
        this,
        Collections.unmodifiableMap(all),
        Stream.concat(presets.stream(), voices.stream()).toList());
  }

  /**
   * Reads the data file from the class path.
   *
   * @throws IllegalArgumentException with every mistake in the file, one line each
   */
  public static Catalogue load() {
    try (InputStream file = Catalogue.class.getResourceAsStream("catalogue.json")) {
      if (file == null) {
        throw new IllegalStateException("catalogue.json is not on the class path");
      }
      return parse(new String(file.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("catalogue.json", e);
    }
  }

  static Catalogue parse(String json) {
    return new Catalogue(new CatalogueFile(json));
  }

  /** In the order of the file. */
  public List<Model> models() {
    return List.copyOf(models.values());
  }

  /** In the order of the file. A Sambert model is its own voice and lists it here. */
  public List<SystemVoice> voices() {
    return List.copyOf(voices.values());
  }

  /** In the order of the file. Speakable here only where {@link #dialectOf} knows their model. */
  public List<PresetVoice> presets() {
    return presets;
  }

  /**
   * @return null when the file does not know the name; see {@link #dialectOf}
   */
  public @Nullable Model model(String name) {
    return models.get(name);
  }

  /**
   * The model, or what its family's name lets one assume of a model that the file does not know
   * (its own name, no default voice).
   *
   * @return null where {@link #dialectOf} is null
   */
  public @Nullable Model modelOrAssumed(String name) {
    Model known = models.get(name);
    if (known != null || unavailable.containsKey(name)) {
      return known;
    }
    for (NameRule rule : nameRules) {
      if (rule.pattern().matcher(name).matches()) {
        Model like = rule.assumed();
        // An unknown model of a family that has no pot for all draws from one for all its unknowns.
        return new Model(
            name,
            like.dialect(),
            like.provider(),
            null,
            like.formats(),
            like.sampleRatesHz(),
            like.defaultSampleRateHz(),
            like.abilities(),
            like.languages(),
            like.spokenDialects(),
            like.voiceKinds(),
            like.maxTextChars(),
            null,
            like.budget());
      }
    }
    return null;
  }

  /**
   * The dialect of a known model, or of an unknown one whose name follows a known family ({@code
   * qwen…-realtime…}, {@code cosyvoice-…}, {@code qwen-audio-…tts…}, {@code sambert-…}).
   *
   * @return null when nothing here can speak to such a model
   */
  public @Nullable Dialect dialectOf(String model) {
    Model known = modelOrAssumed(model);
    return known == null ? null : known.dialect();
  }

  /** The nearest known model names, best first; never empty. */
  public List<String> nearestModels(String name) {
    Unavailable known = unavailable.get(name);
    Set<String> nearest = new LinkedHashSet<>(known == null ? List.of() : known.instead());
    // Forgetting "-realtime" is the usual slip, so it costs nothing.
    models.keySet().stream()
        .sorted(
            Comparator.comparingInt(
                model ->
                    Math.min(
                        Nearest.distance(name, model),
                        Nearest.distance(name, model.replace("-realtime", "")))))
        .limit(CHOICES)
        .forEach(nearest::add);
    return nearest.stream().limit(CHOICES).toList();
  }

  /** The nearest system voices by name, best first; never empty. */
  public List<String> nearestVoices(String name) {
    return Nearest.to(name, voices.keySet(), CHOICES);
  }

  /** Whether the two names are one model because the vendor says so. */
  public boolean sameModel(String one, String other) {
    return canonical(one).equals(canonical(other));
  }

  private String canonical(String name) {
    Model model = models.get(name);
    return model == null || model.sameAs() == null ? name : model.sameAs();
  }

  /** The names of the models with an ability, for error messages. */
  public List<String> modelsThatCan(Ability ability) {
    return namesOf(model -> model.can(ability));
  }

  /** {@code language_type} name to the code of {@code language_hints}; without {@code Auto}. */
  public Map<String, String> languageCodes() {
    return languageCodes;
  }

  /**
   * Checks a model and a voice against each other before any vendor call.
   *
   * @param voice empty: none named, which is fine where the model has a default
   */
  public PairVerdict pair(String model, String voice) {
    Model known = models.get(model);
    if (known == null) {
      return unknownModel(model, voice);
    }
    if (voice.isEmpty()) {
      return known.defaultVoice() != null
          ? new Fine()
          : new Refused(
              "voice",
              "Model \"%s\" has no system voices; name a voice made for it (target_model \"%s\")."
                  .formatted(model, model),
              List.of());
    }
    if (known.dialect() == Dialect.SAMBERT) {
      return sambert(known, voice);
    }
    // Before the vendors' own: another engine may have voices of the same names.
    if (presetsOf(known).anyMatch(voice::equals)) {
      return new Fine();
    }
    SystemVoice system = systemVoice(voice);
    if (system != null) {
      return systemVoice(known, system, voice);
    }
    String whole =
        presetsOf(known)
            .filter(
                name -> name.equalsIgnoreCase(voice) || name.equalsIgnoreCase(model + ":" + voice))
            .findFirst()
            .orElse(null);
    if (whole != null) {
      return new Refused(
          "voice",
          "Model \"%s\" has no voice \"%s\". Use \"%s\".".formatted(model, shown(voice), whole),
          List.of(whole));
    }
    PresetVoice preset =
        presets.stream().filter(other -> other.name().equals(voice)).findFirst().orElse(null);
    return preset == null
        ? customVoice(known, voice)
        : new Refused(
            "voice",
            "Voice \"%s\" belongs to the model \"%s\" of %s and speaks with no other."
                .formatted(voice, preset.model(), preset.provider()),
            voicesOf(known).limit(CHOICES).toList());
  }

  private PairVerdict unknownModel(String model, String voice) {
    Unavailable gone = unavailable.get(model);
    if (gone != null) {
      return new Refused(
          "model",
          "Model \"%s\" %s. Use \"%s\"."
              .formatted(shown(model), gone.reason(), nearestModels(model).get(0)),
          nearestModels(model));
    }
    List<String> nearest = nearestModels(model);
    if (nearest.get(0).equalsIgnoreCase(model)) {
      return new Refused(
          "model",
          "There is no model \"%s\"; case counts. Use \"%s\"."
              .formatted(shown(model), nearest.get(0)),
          nearest);
    }
    if (dialectOf(model) == null) {
      return new Refused(
          "model",
          "No service here speaks with the model \"%s\". The nearest that does is \"%s\"."
              .formatted(shown(model), nearest.get(0)),
          nearest);
    }
    String target = voice.startsWith(model + "-") ? null : targetOf(voice);
    if (target != null) {
      return madeForAnother(model, voice, target);
    }
    return new Unknown(
        "model",
        "Model \"%s\" is not in the catalogue; it was passed on as it is.".formatted(shown(model)));
  }

  private PairVerdict sambert(Model model, String voice) {
    if (voice.equals(model.name()) || voice.equals(model.defaultVoice())) {
      return new Fine();
    }
    List<String> nearest = voicesOf(model).toList();
    return new Refused(
        "voice",
        "Model \"%s\" is its own voice; leave voice out, or choose another Sambert model instead of \"%s\"."
            .formatted(model.name(), shown(voice)),
        nearest);
  }

  /**
   * The system voice of that name, whatever its case, or of that {@link SystemVoice#alias}: a
   * mistyped name is not a custom voice.
   *
   * @return null when there is none
   */
  public @Nullable SystemVoice systemVoice(String name) {
    SystemVoice exact = voices.get(name);
    return exact != null
        ? exact
        : voices.values().stream()
            .filter(voice -> voice.name().equalsIgnoreCase(name) || voice.alias().equals(name))
            .findFirst()
            .orElse(null);
  }

  /**
   * The preset voice of that name or {@link PresetVoice#alias}.
   *
   * @return null when there is none
   */
  public @Nullable PresetVoice presetVoice(String name) {
    return presets.stream()
        .filter(voice -> voice.name().equals(name) || voice.alias().equals(name))
        .findFirst()
        .orElse(null);
  }

  /** What travels of a voice that may be called by its alias. */
  public String nameOf(String voice) {
    SystemVoice system = systemVoice(voice);
    if (system != null) {
      return system.alias().equals(voice) ? system.name() : voice;
    }
    PresetVoice preset = presetVoice(voice);
    return preset == null ? voice : preset.name();
  }

  private PairVerdict systemVoice(Model model, SystemVoice voice, String asWritten) {
    if (voice.models().contains(model.name())) {
      return voice.name().equals(asWritten)
          ? new Fine()
          : new Refused(
              "voice",
              "There is no voice \"%s\"; case counts. Use \"%s\"."
                  .formatted(asWritten, voice.name()),
              List.of(voice.name()));
    }
    List<String> speaking = List.copyOf(voice.models());
    if (!model.voiceKinds().contains(VoiceKind.SYSTEM)) {
      List<String> nearest = nearestOf(model.name(), speaking);
      return new Refused(
          "model",
          "Model \"%s\" has no system voices, and \"%s\" is one. Use the model \"%s\", or a voice made for \"%s\"."
              .formatted(model.name(), voice.name(), nearest.get(0), model.name()),
          nearest);
    }
    List<String> nearest = nearestVoices(model, voice);
    return new Refused(
        "voice",
        "Voice \"%s\" does not belong to model \"%s\". Use the voice \"%s\", or the model \"%s\"."
            .formatted(
                voice.name(),
                model.name(),
                nearest.get(0),
                nearestOf(model.name(), speaking).get(0)),
        nearest);
  }

  /** A near namesake first, then who speaks the same language, then the same gender. */
  private List<String> nearestVoices(Model model, SystemVoice wanted) {
    Comparator<SystemVoice> order =
        Comparator.<SystemVoice>comparingInt(
                voice ->
                    Nearest.alike(wanted.name(), voice.name())
                        ? Nearest.distance(wanted.name(), voice.name())
                        : Integer.MAX_VALUE)
            .thenComparing(voice -> !voice.firstLanguage().equals(wanted.firstLanguage()))
            .thenComparing(
                voice -> voice.gender() == null || !voice.gender().equals(wanted.gender()));
    List<String> alike =
        systemVoicesOf(model).sorted(order).limit(CHOICES).map(SystemVoice::name).toList();
    return alike.isEmpty() ? voicesOf(model).limit(CHOICES).toList() : alike;
  }

  private PairVerdict customVoice(Model model, String voice) {
    String target = targetOf(voice);
    if (target != null) {
      return sameModel(target, model.name())
          ? new Fine()
          : madeForAnother(model.name(), voice, target);
    }
    for (CustomVoice custom : customVoices) {
      if (voice.startsWith(custom.prefix())
          && (!custom.dialects().contains(model.dialect())
              || !model.voiceKinds().contains(custom.kind()))) {
        Dialect likeliest =
            custom.dialects().contains(model.dialect())
                ? model.dialect()
                : custom.dialects().get(0);
        List<String> nearest =
            nearestOf(
                model.name(),
                namesOf(
                    other ->
                        other.dialect() == likeliest
                            && other.voiceKinds().contains(custom.kind())));
        return new Refused(
            "model",
            "Voice \"%s\" is a %s voice, which model \"%s\" cannot speak with. Use the model it was made for (target_model), such as \"%s\"."
                .formatted(
                    shown(voice),
                    custom.kind() == VoiceKind.CLONED ? "cloned" : "designed",
                    model.name(),
                    nearest.get(0)),
            nearest);
      }
    }
    String similar =
        voicesOf(model)
            .filter(name -> Nearest.alike(name, voice))
            .min(Comparator.comparingInt(name -> Nearest.distance(name, voice)))
            .map(name -> " Did you mean \"" + name + "\"?")
            .orElse("");
    return new Unknown(
        "voice",
        "Voice \"%s\" is not in the catalogue; it was passed on as it is.%s"
            .formatted(shown(voice), similar));
  }

  private static Refused madeForAnother(String model, String voice, String target) {
    return new Refused(
        "model",
        "Voice \"%s\" was made for the model \"%s\" and speaks with no other. Use that model instead of \"%s\", or make the voice again for it."
            .formatted(shown(voice), target, shown(model)),
        List.of(target));
  }

  /** Of some models the likest to another: the same family first, whatever their dates. */
  private static List<String> nearestOf(String model, List<String> some) {
    String undated = undated(model);
    return some.stream()
        .sorted(
            Comparator.<String>comparingInt(other -> -commonPrefix(model, other))
                .thenComparingInt(other -> Nearest.distance(undated, undated(other))))
        .limit(CHOICES)
        .toList();
  }

  private static String undated(String model) {
    return model.replaceFirst("-\\d{4}-\\d{2}-\\d{2}$", "");
  }

  private static int commonPrefix(String one, String other) {
    int length = Arrays.mismatch(one.toCharArray(), other.toCharArray());
    return length < 0 ? one.length() : length;
  }

  /** The model a voice id was made for, where the id begins with its name; else null. */
  public @Nullable String targetOf(String voice) {
    if (customVoices.stream().anyMatch(custom -> voice.startsWith(custom.prefix()))) {
      // The first words of such an id are no model, although there may be one of that name.
      return null;
    }
    return models.keySet().stream()
        .filter(model -> voice.startsWith(model + "-"))
        .max(Comparator.comparingInt(String::length))
        .orElse(null);
  }

  /** The names of its voices. */
  private Stream<String> voicesOf(Model model) {
    return Stream.concat(systemVoicesOf(model).map(SystemVoice::name), presetsOf(model));
  }

  private Stream<String> presetsOf(Model model) {
    return presets.stream()
        .filter(voice -> voice.model().equals(model.name()))
        .map(PresetVoice::name);
  }

  private Stream<SystemVoice> systemVoicesOf(Model model) {
    return voices.values().stream().filter(voice -> voice.models().contains(model.name()));
  }

  private List<String> namesOf(Predicate<Model> wanted) {
    return models.values().stream().filter(wanted).map(Model::name).toList();
  }

  /** Names from outside may be of any length. */
  private static String shown(String name) {
    return name.length() <= 100 ? name : name.substring(0, 99) + "…";
  }
}
