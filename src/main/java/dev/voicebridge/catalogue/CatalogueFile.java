package dev.voicebridge.catalogue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.voicebridge.audio.AudioFormat;
import dev.voicebridge.catalogue.Model.Budget;
import dev.voicebridge.catalogue.Model.VoiceKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads and checks the data file: families are folded into their models, voice sets into their
 * voices. Collects every mistake, so that an editor of the file sees them together.
 */
final class CatalogueFile {
  /** A name that exists at the vendor and cannot be spoken with here. */
  record Unavailable(String name, String reason, List<String> instead) {}

  /** What to assume of a model that the file does not know. */
  record NameRule(Pattern pattern, Model assumed) {}

  /** The beginning of a voice id that says how the voice was made. */
  record CustomVoice(String prefix, List<Dialect> dialects, VoiceKind kind) {}

  private record Trunk(
      List<String> comment,
      LinkedHashMap<String, String> languages,
      LinkedHashMap<String, ObjectNode> families,
      List<ObjectNode> models,
      List<Unavailable> unavailable,
      List<RuleLine> nameRules,
      List<CustomVoice> customVoices,
      List<VoiceLine> voices,
      List<PresetLine> presets) {}

  private record PresetLine(String provider, List<String> models, List<PresetName> voices) {}

  private record PresetName(
      String name,
      @Nullable String gender,
      @Nullable String keywordsZh,
      @Nullable String keywordsEn) {}

  private record RuleLine(String pattern, String family) {}

  private record VoiceLine(
      String name,
      @Nullable String nameZh,
      @Nullable String gender,
      String firstLanguage,
      List<String> in,
      @Nullable String keywordsZh,
      @Nullable String keywordsEn) {}

  /**
   * A model with its family folded in. Optional: sameAs, provider, spokenDialects, voiceSet,
   * defaultVoice.
   */
  private record ModelLine(
      String name,
      @Nullable String sameAs,
      Dialect dialect,
      @Nullable String provider,
      List<String> formats,
      List<Integer> sampleRatesHz,
      int defaultSampleRateHz,
      List<Ability> abilities,
      List<String> languages,
      @Nullable List<String> spokenDialects,
      List<VoiceKind> voiceKinds,
      @Nullable String voiceSet,
      int maxTextChars,
      @Nullable String defaultVoice,
      BudgetLine budget) {}

  private record BudgetLine(int syntheses, int periodSeconds, @Nullable String sharedBy) {}

  private static final List<String> MODEL_MUST_HAVE =
      List.of(
          "dialect",
          "formats",
          "sample_rates_hz",
          "default_sample_rate_hz",
          "abilities",
          "languages",
          "voice_kinds",
          "max_text_chars",
          "budget");

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .build();

  private final List<String> mistakes = new ArrayList<>();
  private final Map<String, ObjectNode> families = new LinkedHashMap<>();
  private final Set<String> usedFamilies = new HashSet<>();
  private final Map<String, Set<String>> modelsOfSet = new LinkedHashMap<>();
  private final Map<String, Model> models = new LinkedHashMap<>();
  private final Map<String, SystemVoice> voices = new LinkedHashMap<>();
  private final Map<String, PresetVoice> presets = new LinkedHashMap<>();
  private final List<NameRule> nameRules = new ArrayList<>();
  private final Trunk trunk;

  /**
   * @throws IllegalArgumentException with every mistake, one line each
   */
  CatalogueFile(String json) {
    try {
      ObjectNode root = JSON.readValue(json, ObjectNode.class);
      JsonNode comment = root.remove("_comment");
      root.set("comment", comment == null ? JSON.createArrayNode() : comment);
      for (String part :
          List.of(
              "languages",
              "families",
              "models",
              "unavailable",
              "name_rules",
              "custom_voices",
              "voices",
              "presets")) {
        if (!root.has(part)) {
          throw new IllegalArgumentException("catalogue: \"" + part + "\" is missing");
        }
      }
      trunk = JSON.treeToValue(root, Trunk.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("catalogue: " + explain(e), e);
    }
    foldFamilies();
    readModels();
    readVoices();
    readPresets();
    checkModels();
    readNameRules();
    checkUnavailable();
    families.keySet().stream()
        .filter(name -> !usedFamilies.contains(name))
        .forEach(name -> mistakes.add("family \"" + name + "\": nothing uses it"));
    if (!mistakes.isEmpty()) {
      throw new IllegalArgumentException("catalogue: " + String.join("\ncatalogue: ", mistakes));
    }
  }

  Map<String, String> languageCodes() {
    return Collections.unmodifiableMap(trunk.languages());
  }

  Map<String, Model> models() {
    return models;
  }

  Map<String, SystemVoice> voices() {
    return voices;
  }

  Map<String, PresetVoice> presets() {
    return presets;
  }

  List<Unavailable> unavailable() {
    return trunk.unavailable();
  }

  List<NameRule> nameRules() {
    return nameRules;
  }

  List<CustomVoice> customVoices() {
    return trunk.customVoices();
  }

  private void foldFamilies() {
    trunk
        .families()
        .forEach(
            (name, family) -> {
              ObjectNode folded = JSON.createObjectNode();
              JsonNode parent = family.remove("extends");
              if (parent != null) {
                ObjectNode inherited = families.get(parent.asText());
                if (inherited == null) {
                  mistakes.add(
                      "family \"%s\": extends \"%s\", which is not above it"
                          .formatted(name, parent.asText()));
                } else {
                  usedFamilies.add(parent.asText());
                  folded.setAll(inherited);
                }
              }
              for (String notForFamilies : List.of("name", "same_as", "family")) {
                if (family.has(notForFamilies)) {
                  mistakes.add(
                      "family \"%s\": \"%s\" belongs to models".formatted(name, notForFamilies));
                }
              }
              families.put(name, folded.setAll(family));
            });
  }

  private void readModels() {
    Map<String, ObjectNode> linesByName = new LinkedHashMap<>();
    for (ObjectNode line : trunk.models()) {
      String name = line.path("name").asText("");
      if (name.isEmpty()) {
        mistakes.add("models: a line without \"name\"");
        continue;
      }
      ObjectNode whole = JSON.createObjectNode();
      String sameAs = line.path("same_as").asText("");
      String family = line.path("family").asText("");
      ObjectNode inherited = sameAs.isEmpty() ? families.get(family) : linesByName.get(sameAs);
      if (!sameAs.isEmpty() && (!family.isEmpty() || line.size() != 2)) {
        mistakes.add("model \"%s\": with \"same_as\" it takes nothing else".formatted(name));
      } else if (inherited == null) {
        mistakes.add(
            sameAs.isEmpty()
                ? "model \"%s\": there is no family \"%s\"".formatted(name, family)
                : "model \"%s\": same_as \"%s\", which is not above it".formatted(name, sameAs));
        continue;
      } else if (inherited.has("same_as")) {
        mistakes.add(
            "model \"%s\": same_as \"%s\", which itself is another name".formatted(name, sameAs));
      }
      usedFamilies.add(family);
      if (inherited != null) {
        whole.setAll(inherited);
      }
      if (sameAs.isEmpty()) {
        // A voice set that nobody names carries the name of the model.
        whole.put("voice_set", whole.path("voice_set").asText(name));
      }
      whole.setAll(line);
      whole.remove("family");
      if (linesByName.put(name, whole) != null) {
        mistakes.add("model \"%s\": is there twice".formatted(name));
      }
      Model model = toModel("model \"" + name + "\"", whole);
      if (model != null) {
        models.put(name, model);
        modelsOfSet
            .computeIfAbsent(whole.path("voice_set").asText(), set -> new LinkedHashSet<>())
            .add(name);
      }
    }
  }

  private @Nullable Model toModel(String what, ObjectNode whole) {
    List<String> missing = MODEL_MUST_HAVE.stream().filter(key -> !whole.hasNonNull(key)).toList();
    if (!missing.isEmpty()) {
      mistakes.add(what + ": lacks " + String.join(", ", missing));
      return null;
    }
    ModelLine line;
    try {
      line = JSON.treeToValue(whole, ModelLine.class);
    } catch (JsonProcessingException e) {
      mistakes.add(what + ": " + explain(e));
      return null;
    }
    Set<AudioFormat> formats = new LinkedHashSet<>();
    for (String wireName : line.formats()) {
      AudioFormat format = AudioFormat.parse(wireName);
      if (format == null) {
        mistakes.add("%s: there is no format \"%s\"".formatted(what, wireName));
      } else {
        formats.add(format);
      }
    }
    for (String language : line.languages()) {
      if (!language.equals("Auto") && !trunk.languages().containsKey(language)) {
        mistakes.add("%s: language \"%s\" is not in \"languages\"".formatted(what, language));
      }
    }
    if (!line.sampleRatesHz().contains(line.defaultSampleRateHz())) {
      mistakes.add(
          "%s: default_sample_rate_hz %d is not among its rates"
              .formatted(what, line.defaultSampleRateHz()));
    }
    if (formats.isEmpty() || line.voiceKinds().isEmpty() || line.maxTextChars() < 1) {
      mistakes.add(what + ": formats, voice_kinds and max_text_chars must say something");
    }
    if (line.abilities().contains(Ability.LANGUAGE) == line.languages().isEmpty()) {
      mistakes.add(what + ": the ability LANGUAGE and a list of languages go together");
    }
    BudgetLine budget = line.budget();
    if (budget.syntheses() < 1 || budget.periodSeconds() < 1) {
      mistakes.add(what + ": a budget needs syntheses and period_seconds of at least 1");
    }
    return new Model(
        line.name(),
        line.dialect(),
        Objects.requireNonNullElse(line.provider(), "dashscope"),
        line.sameAs(),
        ordered(formats),
        ordered(line.sampleRatesHz()),
        line.defaultSampleRateHz(),
        ordered(line.abilities()),
        ordered(line.languages()),
        ordered(Objects.requireNonNullElse(line.spokenDialects(), List.of())),
        ordered(line.voiceKinds()),
        line.maxTextChars(),
        line.defaultVoice(),
        new Budget(
            budget.syntheses(),
            budget.periodSeconds(),
            Objects.requireNonNullElse(budget.sharedBy(), line.name())));
  }

  private void readVoices() {
    Map<String, String> seen = new LinkedHashMap<>();
    for (VoiceLine line : trunk.voices()) {
      if (isBlank(line.name()) || isBlank(line.firstLanguage()) || line.in() == null) {
        mistakes.add("voice \"" + line.name() + "\": needs name, first_language and in");
        continue;
      }
      String what = "voice \"" + line.name() + "\"";
      if (line.gender() != null && !Set.of("female", "male").contains(line.gender())) {
        mistakes.add(what + ": gender is \"female\", \"male\" or left out");
      }
      // Names that differ in case alone would make the correction of mistyped names a guess.
      String twin = seen.put(line.name().toLowerCase(Locale.ROOT), line.name());
      if (twin != null) {
        mistakes.add(what + ": is there twice");
      }
      Set<String> speaking = new LinkedHashSet<>();
      for (String set : line.in()) {
        Set<String> members = modelsOfSet.get(set);
        if (members == null) {
          mistakes.add("%s: no model speaks the voice set \"%s\"".formatted(what, set));
        } else {
          speaking.addAll(members);
        }
      }
      voices.put(
          line.name(),
          new SystemVoice(
              line.name(),
              line.nameZh(),
              line.gender(),
              line.firstLanguage(),
              ordered(speaking),
              line.keywordsZh(),
              line.keywordsEn()));
    }
  }

  private void readPresets() {
    for (PresetLine line : trunk.presets()) {
      if (isBlank(line.provider()) || line.models() == null || line.voices() == null) {
        mistakes.add("presets of \"" + line.provider() + "\": need provider, models and voices");
        continue;
      }
      for (String model : line.models()) {
        for (PresetName voice : line.voices()) {
          String name = model + ":" + voice.name();
          String what = "preset \"" + name + "\"";
          if (isBlank(voice.name()) || isBlank(model)) {
            mistakes.add(what + ": needs a name and a model");
          }
          if (voice.gender() != null && !Set.of("female", "male").contains(voice.gender())) {
            mistakes.add(what + ": gender is \"female\", \"male\" or left out");
          }
          PresetVoice twin =
              presets.put(
                  name,
                  new PresetVoice(
                      line.provider(),
                      name,
                      model,
                      voice.gender(),
                      voice.keywordsZh(),
                      voice.keywordsEn()));
          if (twin != null) {
            mistakes.add(what + ": is there twice");
          }
        }
      }
    }
  }

  private void checkModels() {
    for (Model model : models.values()) {
      boolean hasVoices =
          voices.values().stream().anyMatch(voice -> voice.models().contains(model.name()))
              || presets.values().stream().anyMatch(voice -> voice.model().equals(model.name()));
      if (hasVoices != model.voiceKinds().contains(VoiceKind.SYSTEM)) {
        mistakes.add(
            "model \"%s\": voice_kinds %s SYSTEM, but it has %s system voice"
                .formatted(
                    model.name(), hasVoices ? "lacks" : "has", hasVoices ? "at least one" : "no"));
      }
      String voice = model.defaultVoice();
      if (voice != null) {
        SystemVoice known = voices.get(voice);
        PresetVoice preset = presets.get(voice);
        if ((known == null || !known.models().contains(model.name()))
            && (preset == null || !preset.model().equals(model.name()))) {
          mistakes.add(
              "model \"%s\": its default_voice \"%s\" is not one of its voices"
                  .formatted(model.name(), voice));
        }
      }
    }
  }

  private void readNameRules() {
    for (RuleLine line : trunk.nameRules()) {
      String what = "name rule \"" + line.pattern() + "\"";
      ObjectNode family = line.family() == null ? null : families.get(line.family());
      if (family == null || line.pattern() == null) {
        mistakes.add("%s: there is no family \"%s\"".formatted(what, line.family()));
        continue;
      }
      usedFamilies.add(line.family());
      // Which voices an unknown model has is not known either, so there is no default.
      ObjectNode whole = JSON.createObjectNode().put("name", line.family());
      whole.setAll(family);
      whole.remove("default_voice");
      Model assumed = toModel(what, whole);
      try {
        Pattern pattern = Pattern.compile(line.pattern());
        if (assumed != null) {
          nameRules.add(new NameRule(pattern, assumed));
        }
      } catch (PatternSyntaxException e) {
        mistakes.add(what + ": " + e.getDescription());
      }
    }
  }

  private void checkUnavailable() {
    Set<String> seen = new HashSet<>();
    for (Unavailable line : trunk.unavailable()) {
      String what = "unavailable \"" + line.name() + "\"";
      if (isBlank(line.name()) || isBlank(line.reason()) || line.instead() == null) {
        mistakes.add(what + ": needs name, reason and instead");
        continue;
      }
      if (!seen.add(line.name()) || models.containsKey(line.name())) {
        mistakes.add(what + ": is there twice");
      }
      for (String instead : line.instead()) {
        if (!models.containsKey(instead)) {
          mistakes.add("%s: there is no model \"%s\"".formatted(what, instead));
        }
      }
    }
    for (CustomVoice line : trunk.customVoices()) {
      if (isBlank(line.prefix()) || line.dialects() == null || line.kind() == null) {
        mistakes.add("custom voice \"" + line.prefix() + "\": needs prefix, dialects and kind");
      }
    }
  }

  private static boolean isBlank(@Nullable String text) {
    return text == null || text.isBlank();
  }

  private static String explain(JsonProcessingException e) {
    String where =
        e instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()
            ? mapping.getPath().stream()
                    .map(
                        step ->
                            step.getFieldName() == null
                                ? "[" + step.getIndex() + "]"
                                : "." + step.getFieldName())
                    .collect(Collectors.joining())
                    .substring(1)
                + ": "
            : "";
    return e instanceof UnrecognizedPropertyException unknown
        ? where + "unknown field; known are " + unknown.getKnownPropertyIds()
        : where + e.getOriginalMessage();
  }

  /** An unmodifiable set that keeps the order of the file. */
  private static <T> Set<T> ordered(Collection<T> items) {
    return Collections.unmodifiableSet(new LinkedHashSet<>(items));
  }
}
