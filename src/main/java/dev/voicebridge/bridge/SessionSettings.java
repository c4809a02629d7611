package dev.voicebridge.bridge;

import dev.voicebridge.audio.AudioFormat;
import dev.voicebridge.catalogue.Ability;
import dev.voicebridge.catalogue.Catalogue;
import dev.voicebridge.catalogue.Dialect;
import dev.voicebridge.catalogue.Model;
import dev.voicebridge.catalogue.PairVerdict;
import dev.voicebridge.text.Pronunciations;
import dev.voicebridge.upstream.Mode;
import dev.voicebridge.upstream.SpeechSettings;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a client chose and what follows from it. Immutable; {@link #with} makes the next one or says
 * what is wrong, and then nothing has changed.
 */
final class SessionSettings {
  private static final Set<Integer> RATES_HZ = Set.of(8000, 16000, 22050, 24000, 44100, 48000);
  private static final int MAX_INSTRUCTION_CHARS = 6400;

  /** What {@code speech_rate} and {@code pitch_rate} may be, wherever a model has them. */
  static final double MIN_RATE = 0.5;

  static final double MAX_RATE = 2.0;

  /** Names of another interface that stand for whatever model the voice was made for. */
  private static final Set<String> ANY_MODEL =
      Set.of("tts-1", "tts-1-hd", "gpt-4o-mini-tts", "gpt-4o-mini-tts-2025-12-15");

  private final Catalogue catalogue;
  private final VoiceBook book;
  private final Caller caller;

  /** The fields as they were chosen; what is not here is the model's default. */
  private final JsonObject chosen;

  /** The voice that was chosen; null: not one of the library. */
  private final @Nullable CustomVoice custom;

  private final SpeechSettings settings;
  private final Dialect dialect;

  /** Null: nothing was said about it. */
  private final @Nullable Boolean clean;

  private final Pronunciations pronunciations;
  private final JsonArray warnings;

  /**
   * @param asked what the voice is if memory does not know it; null: then nobody does
   */
  private SessionSettings(
      Catalogue catalogue,
      VoiceBook book,
      Caller caller,
      JsonObject chosen,
      @Nullable CustomVoice asked) {
    this.catalogue = catalogue;
    this.book = book;
    this.caller = caller;
    this.chosen = chosen;
    this.warnings = new JsonArray();
    String named = text("voice", "");
    CustomVoice found = named.isEmpty() ? null : book.find(caller, named);
    this.custom = found != null || named.isEmpty() ? found : asked;
    if (custom != null) {
      allow(custom, named);
    }
    String model = model(text("model", ""), named);
    this.dialect = dialect(model);
    this.settings = resolve(model, catalogue.model(model));
    this.clean =
        chosen.getValue("clean_text") == null
            ? null
            : (Boolean) flag(null, "clean_text", null, false);
    Pronunciations own = pronunciations();
    this.pronunciations = custom == null ? own : own.over(custom.pronunciations());
  }

  /**
   * The settings of a new session.
   *
   * @param model of the query; null or empty: the voice's own
   * @param voice of the query; null or empty: the model's own
   * @param asked what {@link VoiceBook#ask} said of the voice; null: not asked, or nothing
   * @throws SessionError for a model or voice that cannot be
   */
  static SessionSettings initial(
      Catalogue catalogue,
      VoiceBook book,
      Caller caller,
      @Nullable String model,
      @Nullable String voice,
      @Nullable CustomVoice asked) {
    boolean anyModel = model == null || model.isBlank();
    if (anyModel
        && (voice == null
            || voice.isEmpty()
            || (asked == null
                && book.find(caller, voice) == null
                && !hasModel(catalogue, voice)))) {
      throw new SessionError(
          ErrorCode.MODEL_NOT_FOUND,
          "model",
          "the query names no model",
          "connect with ?model=" + catalogue.models().get(0).name());
    }
    JsonObject chosen = new JsonObject().put("model", anyModel ? "" : model);
    if (voice != null && !voice.isEmpty()) {
      chosen.put("voice", voice);
    }
    return new SessionSettings(catalogue, book, caller, chosen, asked);
  }

  /**
   * @param fields the fields of {@code session.update}; null takes a choice back; unknown ones are
   *     ignored
   * @param asked what {@link VoiceBook#ask} said of the voice; null: not asked, or nothing
   * @throws SessionError for the first field that cannot be
   */
  SessionSettings with(JsonObject fields, @Nullable CustomVoice asked) {
    JsonObject next = chosen.copy();
    for (Map.Entry<String, Object> field : fields) {
      if (field.getValue() == null) {
        if (!field.getKey().equals("model")) {
          next.remove(field.getKey());
        }
      } else if (KNOWN.contains(field.getKey())) {
        next.put(field.getKey(), field.getValue());
      }
    }
    boolean sameVoice = Objects.equals(next.getValue("voice"), chosen.getValue("voice"));
    // What was asked for once need not be in memory when another field changes.
    return new SessionSettings(
        catalogue, book, caller, next, asked == null && sameVoice ? custom : asked);
  }

  /**
   * The same choices where other voices are known.
   *
   * @throws SessionError when they cannot be there
   */
  SessionSettings in(VoiceBook other) {
    return other == book ? this : new SessionSettings(catalogue, other, caller, chosen, null);
  }

  VoiceBook book() {
    return book;
  }

  /** Whether only {@link VoiceBook#ask} can tell what voice that is. */
  static boolean mustAsk(Catalogue catalogue, VoiceBook book, Caller caller, String voice) {
    return !voice.isEmpty()
        && book.plausible(voice)
        && book.find(caller, voice) == null
        && catalogue.systemVoice(voice) == null
        && catalogue.presetVoice(voice) == null;
  }

  /** Whether the catalogue knows what speaks with that voice. */
  private static boolean hasModel(Catalogue catalogue, String voice) {
    return !voice.isEmpty()
        && (catalogue.targetOf(voice) != null
            || catalogue.systemVoice(voice) != null
            || catalogue.presetVoice(voice) != null);
  }

  /** Whether that stands for whatever model the voice speaks with. */
  static boolean isAnyModel(String model) {
    return model.isBlank() || ANY_MODEL.contains(model);
  }

  private static final Set<String> KNOWN =
      Set.of(
          "model",
          "voice",
          "mode",
          "response_format",
          "sample_rate",
          "speech_rate",
          "pitch_rate",
          "volume",
          "bit_rate",
          "language_type",
          "instructions",
          "optimize_instructions",
          "enable_tn",
          "word_timestamps",
          "enable_ssml",
          "seed",
          "hot_fix",
          "clean_text",
          "pronunciations");

  SpeechSettings speech() {
    return settings;
  }

  /** What is done to text of the client before it is spoken; SSML is never touched. */
  Diction diction() {
    return settings.ssml() ? Diction.VERBATIM : diction(false);
  }

  /** The same for what a language model writes: never SSML, and Markdown as a rule. */
  Diction modelsDiction() {
    return diction(true);
  }

  private Diction diction(boolean cleanUnlessSaid) {
    return new Diction(clean == null ? cleanUnlessSaid : clean, pronunciations);
  }

  Dialect dialect() {
    return dialect;
  }

  VoiceName voiceName() {
    return custom == null
        ? new VoiceName(settings.voice(), null)
        : new VoiceName(text("voice", ""), custom.id());
  }

  /** Whether anything can be spoken with these settings yet. */
  boolean hasVoice() {
    return dialect == Dialect.SAMBERT || !settings.voice().isEmpty();
  }

  /** Whether nobody here knows the voice. */
  boolean isVoiceUnknown() {
    return warnings.stream()
        .anyMatch(warning -> ((JsonObject) warning).getString("param").equals("voice"));
  }

  /** The effective settings as the protocol names them. */
  JsonObject toJson() {
    JsonObject json =
        new JsonObject()
            .put("model", settings.model())
            .put("voice", voiceName().shown())
            .put("mode", settings.mode().wireName())
            .put("response_format", settings.format().wireName())
            .put("sample_rate", settings.sampleRateHz())
            .put("speech_rate", settings.speechRate())
            .put("pitch_rate", settings.pitchRate())
            .put("volume", settings.volume())
            .put("language_type", settings.languageType())
            .put("enable_tn", settings.textNormalization())
            .put("word_timestamps", settings.wordTimestamps());
    for (String optional :
        List.of(
            "bit_rate",
            "instructions",
            "optimize_instructions",
            "enable_ssml",
            "seed",
            "hot_fix",
            "clean_text",
            "pronunciations")) {
      if (chosen.containsKey(optional)) {
        json.put(optional, chosen.getValue(optional));
      }
    }
    if (!warnings.isEmpty()) {
      json.put("warnings", warnings);
    }
    return json;
  }

  private void allow(CustomVoice voice, String named) {
    boolean listed =
        caller.mayUseVoice(named)
            || caller.mayUseVoice(voice.id())
            || caller.mayUseVoice(voice.providerVoiceId());
    if (voice.foreign() || !listed) {
      throw notAllowed(named);
    }
  }

  /** The same words whether the voice is unknown, not listed or somebody else's. */
  private static SessionError notAllowed(String voice) {
    return new SessionError(
        ErrorCode.NOT_ALLOWED, "voice", "this key may not use " + shortened(voice));
  }

  private String model(String named, String voice) {
    if (!isAnyModel(named)) {
      return named;
    }
    if (custom == null) {
      return hasModel(catalogue, voice) ? SpeechPlan.modelOf(catalogue, caller, voice) : named;
    }
    if (custom.targetModel().isEmpty()) {
      throw new SessionError(
          ErrorCode.MODEL_NOT_FOUND,
          "model",
          "nobody said which model this voice was made for",
          "name the model");
    }
    return custom.targetModel();
  }

  private Dialect dialect(String model) {
    Dialect found = catalogue.dialectOf(model);
    if (found == null) {
      throw new SessionError(
          ErrorCode.MODEL_NOT_FOUND,
          "model",
          "Model not found (" + shortened(model) + ")!",
          "nearest: " + String.join(", ", catalogue.nearestModels(model)));
    }
    if (!caller.mayUseModel(model)) {
      throw new SessionError(
          ErrorCode.NOT_ALLOWED, "model", "this key may not use " + shortened(model));
    }
    return found;
  }

  static String shortened(String name) {
    return name.length() <= 64 ? name : name.substring(0, 64) + "…";
  }

  private SpeechSettings resolve(String model, @Nullable Model known) {
    if (known == null) {
      warn(
          "model",
          "unknown_model",
          shortened(model) + " is not in the catalogue; passed on as it is");
    }
    String voice = voice(model, known);
    AudioFormat format = format(known);
    return new SpeechSettings(
        model,
        voice,
        mode(),
        format,
        sampleRate(model, known),
        number(known, Ability.SPEECH_RATE, MIN_RATE, MAX_RATE, 1.0),
        number(known, Ability.PITCH_RATE, MIN_RATE, MAX_RATE, 1.0),
        (int) number(known, Ability.VOLUME, 0, 100, 50),
        bitRate(known, format),
        language(known),
        instructions(known),
        flag(known, "optimize_instructions", Ability.OPTIMIZE_INSTRUCTIONS, false),
        flag(null, "enable_tn", null, true),
        flag(known, "word_timestamps", Ability.WORD_TIMESTAMPS, false),
        flag(known, "enable_ssml", Ability.SSML, false),
        seed(known),
        hotFix(known),
        assumed(model).maxTextChars());
  }

  /** The model, or what its family is like where the catalogue does not know it. */
  private Model assumed(String model) {
    return Objects.requireNonNull(catalogue.modelOrAssumed(model), "it has a dialect");
  }

  private String voice(String model, @Nullable Model known) {
    String fallback = known == null || known.defaultVoice() == null ? "" : known.defaultVoice();
    String voice = text("voice", fallback);
    if (voice.isEmpty()) {
      return voice;
    }
    if (custom != null) {
      return custom(custom, voice, model);
    }
    String name = catalogue.nameOf(voice);
    if (!caller.mayUseVoice(name)) {
      throw notAllowed(name);
    }
    return catalogued(model, name);
  }

  /** What its service calls it; nothing that is bound to fail gets there. */
  private String custom(CustomVoice voice, String named, String model) {
    String target = voice.targetModel();
    if (voice.readiness() == CustomVoice.Readiness.NEVER) {
      throw new SessionError(
          ErrorCode.VOICE_FAILED,
          "voice",
          "the voice " + shortened(named) + " was refused by its service",
          "GET /v1/voices/" + voice.id() + " says more; make the voice again");
    }
    if (voice.otherAccount()) {
      throw new SessionError(
          ErrorCode.VOICE_MISMATCH,
          "voice",
          "the voice "
              + shortened(named)
              + " was made with another account or in another region, and speaks only there",
          "make the voice again here");
    }
    if (!target.isEmpty() && !catalogue.sameModel(target, model)) {
      throw new SessionError(
          ErrorCode.VOICE_MISMATCH,
          "model",
          "the voice "
              + shortened(named)
              + " was made for the model "
              + target
              + " and speaks with no other",
          catalogue.dialectOf(target) == null ? null : "nearest: " + target);
    }
    if (voice.readiness() == CustomVoice.Readiness.NOT_YET) {
      throw new SessionError(
          ErrorCode.VOICE_NOT_READY,
          "voice",
          "the voice " + shortened(named) + " is not ready yet",
          "poll GET /v1/voices/" + voice.id() + " until its status is OK");
    }
    return target.isEmpty() ? catalogued(model, voice.providerVoiceId()) : voice.providerVoiceId();
  }

  private String catalogued(String model, String voice) {
    PairVerdict verdict = catalogue.pair(model, voice);
    if (verdict instanceof PairVerdict.Refused refused) {
      throw new SessionError(
          ErrorCode.VOICE_MISMATCH,
          refused.param(),
          refused.message(),
          refused.nearest().isEmpty() ? null : "nearest: " + String.join(", ", refused.nearest()));
    }
    if (verdict instanceof PairVerdict.Unknown unknown && unknown.param().equals("voice")) {
      warn("voice", "unknown_voice", unknown.message());
    }
    return dialect == Dialect.SAMBERT ? "" : voice;
  }

  private Mode mode() {
    Mode mode = Mode.parse(text("mode", Mode.SERVER_COMMIT.wireName()));
    if (mode == null) {
      throw wrong("mode", "must be server_commit or commit");
    }
    return mode;
  }

  private AudioFormat format(@Nullable Model known) {
    AudioFormat format = AudioFormat.parse(text("response_format", AudioFormat.PCM.wireName()));
    if (format == null) {
      throw wrong("response_format", "must be pcm, wav, mp3 or opus");
    }
    AudioFormat needed = format == AudioFormat.WAV ? AudioFormat.PCM : format;
    if (known != null && !known.formats().contains(needed)) {
      throw unsupported(
          "response_format",
          known.name() + " has no " + format.wireName(),
          catalogue.models().stream()
              .filter(other -> other.formats().contains(needed))
              .map(Model::name)
              .toList());
    }
    return format;
  }

  private int sampleRate(String model, @Nullable Model known) {
    int rate = whole("sample_rate", assumed(model).defaultSampleRateHz());
    if (!RATES_HZ.contains(rate)) {
      throw wrong("sample_rate", "must be one of " + new TreeSet<>(RATES_HZ));
    }
    if (known != null && !known.sampleRatesHz().contains(rate)) {
      throw unsupported(
          "sample_rate",
          known.name() + " speaks at " + new TreeSet<>(known.sampleRatesHz()) + " Hz only",
          catalogue.models().stream()
              .filter(other -> other.sampleRatesHz().contains(rate))
              .map(Model::name)
              .toList());
    }
    return rate;
  }

  private double number(
      @Nullable Model known, Ability ability, double min, double max, double fallback) {
    String field = ability.field();
    Object value = chosen.getValue(field);
    if (value == null) {
      return fallback;
    }
    if (!(value instanceof Number number)
        || !(number.doubleValue() >= min && number.doubleValue() <= max)) {
      throw wrong(field, "must be a number from " + plain(min) + " to " + plain(max));
    }
    double chosenNumber = number.doubleValue();
    if (chosenNumber != fallback) {
      need(known, ability);
    }
    return chosenNumber;
  }

  private static String plain(double number) {
    return number == Math.rint(number) ? Integer.toString((int) number) : Double.toString(number);
  }

  private @Nullable Integer bitRate(@Nullable Model known, AudioFormat format) {
    if (!chosen.containsKey("bit_rate")) {
      return null;
    }
    int bitRate = whole("bit_rate", 0);
    if (bitRate < 6 || bitRate > 510) {
      throw wrong("bit_rate", "must be 6 to 510 kbit/s");
    }
    if (format.isLinear()) {
      // The vendor's SDK sends one with every format; without a codec it means nothing.
      return null;
    }
    need(known, Ability.BIT_RATE);
    return bitRate;
  }

  private String language(@Nullable Model known) {
    String language = text("language_type", "Auto");
    if (language.equals("Auto") || known == null) {
      return language;
    }
    need(known, Ability.LANGUAGE);
    if (!known.languages().contains(language)) {
      throw wrong(
          "language_type",
          "must be Auto or one of " + String.join(", ", new TreeSet<>(known.languages())));
    }
    return language;
  }

  private @Nullable String instructions(@Nullable Model known) {
    String instructions = text("instructions", "");
    if (instructions.isEmpty()) {
      return null;
    }
    if (instructions.length() > MAX_INSTRUCTION_CHARS) {
      throw wrong("instructions", "is too long: at most 1600 tokens");
    }
    need(known, Ability.INSTRUCTIONS);
    return instructions;
  }

  private boolean flag(
      @Nullable Model known, String field, @Nullable Ability ability, boolean fallback) {
    Object value = chosen.getValue(field);
    if (value == null) {
      return fallback;
    }
    if (!(value instanceof Boolean flag)) {
      throw wrong(field, "must be true or false");
    }
    if (flag && ability != null) {
      need(known, ability);
    }
    return flag;
  }

  private @Nullable Integer seed(@Nullable Model known) {
    if (!chosen.containsKey("seed")) {
      return null;
    }
    int seed = whole("seed", 0);
    if (seed < 0 || seed > 65535) {
      throw wrong("seed", "must be 0 to 65535");
    }
    need(known, Ability.SEED);
    return seed;
  }

  private @Nullable JsonObject hotFix(@Nullable Model known) {
    Object value = chosen.getValue("hot_fix");
    if (value == null) {
      return null;
    }
    if (!(value instanceof JsonObject table)) {
      throw wrong("hot_fix", "must be an object");
    }
    need(known, Ability.HOT_FIX);
    return table;
  }

  private Pronunciations pronunciations() {
    Object value = chosen.getValue("pronunciations");
    if (value == null) {
      return Pronunciations.NONE;
    }
    if (!(value instanceof JsonObject table)) {
      throw wrong("pronunciations", "must be an object of words and what to say for them");
    }
    try {
      return Pronunciations.of(table.getMap());
    } catch (IllegalArgumentException tooMuch) {
      throw wrong("pronunciations", "cannot be: " + tooMuch.getMessage());
    }
  }

  private String text(String field, String fallback) {
    Object value = chosen.getValue(field);
    if (value == null) {
      return fallback;
    }
    if (value instanceof String text) {
      return text;
    }
    throw wrong(field, "must be a string");
  }

  private int whole(String field, int fallback) {
    Object value = chosen.getValue(field);
    if (value == null) {
      return fallback;
    }
    if (value instanceof Number number && number.doubleValue() == number.intValue()) {
      return number.intValue();
    }
    throw wrong(field, "must be a whole number");
  }

  private void need(@Nullable Model known, Ability ability) {
    if (known != null && !known.can(ability)) {
      throw unsupported(
          ability.field(),
          known.name() + " has no " + ability.field(),
          catalogue.modelsThatCan(ability));
    }
  }

  private static SessionError unsupported(String field, String message, Collection<String> models) {
    List<String> some = new ArrayList<>(models);
    return new SessionError(
        ErrorCode.UNSUPPORTED_BY_MODEL,
        field,
        message,
        some.isEmpty() ? null : "models that can: " + String.join(", ", some));
  }

  private static SessionError wrong(String field, String what) {
    return new SessionError(ErrorCode.INVALID_VALUE, field, "'" + field + "' " + what);
  }

  private void warn(String param, String code, String message) {
    warnings.add(new JsonObject().put("code", code).put("param", param).put("message", message));
  }
}
