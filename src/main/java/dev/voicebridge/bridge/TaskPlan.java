package dev.voicebridge.bridge;

import dev.voicebridge.audio.AudioFormat;
import dev.voicebridge.catalogue.Ability;
import dev.voicebridge.catalogue.Catalogue;
import dev.voicebridge.catalogue.Dialect;
import dev.voicebridge.catalogue.Model;
import dev.voicebridge.upstream.Mode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a task is spoken: the engine's settings, and what its audio is made into. What the model
 * cannot do is left out, as the vendor does: its clients send every parameter, asked for or not.
 *
 * @param settings of the service; never WAV, which is one file for the whole task
 * @param custom the voice if it is one of the library; null: it is none
 * @param format of the task's one stream
 * @param rateHz likewise
 * @param bitRateKbps null: the codec's usual
 * @param oneText whether there may be only one message with text
 * @param ignored parameters that were asked for and that the model cannot follow, as they are named
 *     on this wire
 */
record TaskPlan(
    SessionSettings settings,
    @Nullable CustomVoice custom,
    AudioFormat format,
    int rateHz,
    @Nullable Integer bitRateKbps,
    boolean oneText,
    boolean takesSsml,
    List<String> ignored) {
  private static final Set<Integer> RATES_HZ = Set.of(8000, 16000, 22050, 24000, 44100, 48000);
  private static final int USUAL_RATE_HZ = 22_050;
  private static final int SAMBERT_RATE_HZ = 16_000;

  /** This wire's name of what is the same in {@code session.update}. */
  private static final Map<String, Ability> SAME =
      Map.of(
          "volume", Ability.VOLUME,
          "rate", Ability.SPEECH_RATE,
          "pitch", Ability.PITCH_RATE,
          "instruction", Ability.INSTRUCTIONS,
          "seed", Ability.SEED,
          "hot_fix", Ability.HOT_FIX,
          "word_timestamp_enabled", Ability.WORD_TIMESTAMPS);

  /** What the clients send when nobody chose anything. */
  private static final Map<String, Double> USUAL =
      Map.of("volume", 50.0, "rate", 1.0, "pitch", 1.0, "seed", 0.0);

  /**
   * @param asked what {@link VoiceBook#ask} said of the voice; null: not asked, or nothing
   * @throws TaskError when it cannot be spoken
   */
  static TaskPlan of(
      SessionHost host, Caller caller, TaskOrder order, @Nullable CustomVoice asked) {
    try {
      return plan(host, caller, order, asked);
    } catch (SessionError refused) {
      for (Map.Entry<String, Ability> same : SAME.entrySet()) {
        if (refused.code() == ErrorCode.INVALID_VALUE
            && same.getValue().field().equals(refused.param())) {
          throw TaskError.invalid(
              refused.text().replace("'" + refused.param() + "'", "'" + same.getKey() + "'"));
        }
      }
      throw TaskError.of(refused);
    }
  }

  private static TaskPlan plan(
      SessionHost host, Caller caller, TaskOrder order, @Nullable CustomVoice asked) {
    Catalogue catalogue = host.catalogue();
    VoiceBook book = host.voices();
    CustomVoice found = order.voice().isEmpty() ? null : book.find(caller, order.voice());
    CustomVoice custom = found == null ? asked : found;
    String named =
        !SessionSettings.isAnyModel(order.model())
            ? order.model()
            : custom != null ? "" : SpeechPlan.modelOf(catalogue, caller, order.voice());
    if (order.voice().isEmpty() && catalogue.dialectOf(named) == Dialect.COSYVOICE) {
      throw TaskError.invalid("Request voice is invalid!");
    }
    SessionSettings first =
        SessionSettings.initial(catalogue, book, caller, named, order.voice(), custom);
    if (!first.hasVoice()) {
      throw TaskError.invalid("Request voice is invalid!");
    }
    String model = first.speech().model();
    Model known = catalogue.modelOrAssumed(model);
    if (known == null) {
      throw new IllegalStateException("it has a dialect");
    }
    // Of a model that nobody here knows the service itself says what it can.
    boolean all = catalogue.model(model) == null;
    JsonObject given = order.parameters();
    JsonObject wishes =
        new JsonObject().put("mode", (order.whole() ? Mode.COMMIT : Mode.SERVER_COMMIT).wireName());
    List<String> ignored = new ArrayList<>();
    for (Map.Entry<String, Ability> same : SAME.entrySet()) {
      Object value = given.getValue(same.getKey());
      if (isSaid(same.getKey(), value)) {
        if (all || known.can(same.getValue())) {
          wishes.put(same.getValue().field(), value);
        } else {
          ignored.add(same.getKey());
        }
      }
    }
    if (TaskOrder.flag(given, "enable_markdown_filter")) {
      // It is done here, so every model can.
      wishes.put("clean_text", true);
    }
    language(catalogue, known, all, given, wishes, ignored);

    boolean sambert = first.dialect() == Dialect.SAMBERT;
    AudioFormat format = format(given, sambert);
    if (format == AudioFormat.OPUS && sambert) {
      throw TaskError.invalid("Request format is invalid!");
    }
    int rateHz = rate(given, sambert);
    Integer bitRate = format == AudioFormat.OPUS ? bitRate(given) : null;
    boolean words = Boolean.TRUE.equals(wishes.getValue(Ability.WORD_TIMESTAMPS.field()));
    // Several responses would be several streams, and times are counted in samples.
    boolean oneStream = first.dialect() == Dialect.COSYVOICE || (sambert && order.whole());
    int codecHz = format == AudioFormat.OPUS ? opusRate(rateHz) : rateHz;
    if (!format.isLinear()
        && oneStream
        && !words
        && known.formats().contains(format)
        && known.sampleRatesHz().contains(codecHz)) {
      wishes.put("response_format", format.wireName()).put("sample_rate", codecHz);
      if (bitRate != null && known.can(Ability.BIT_RATE)) {
        wishes.put(Ability.BIT_RATE.field(), bitRate);
      }
    } else {
      int serviceHz = known.sampleRatesHz().contains(rateHz) ? rateHz : known.defaultSampleRateHz();
      wishes.put("response_format", AudioFormat.PCM.wireName()).put("sample_rate", serviceHz);
    }
    return new TaskPlan(
        first.with(wishes, custom),
        custom,
        format,
        rateHz,
        bitRate,
        TaskOrder.flag(given, "enable_ssml"),
        all || known.can(Ability.SSML),
        List.copyOf(ignored));
  }

  /** Whether somebody chose it: the clients send the usual values of their own accord. */
  private static boolean isSaid(String parameter, @Nullable Object value) {
    if (value == null || Boolean.FALSE.equals(value) || "".equals(value)) {
      return false;
    }
    Double usual = USUAL.get(parameter);
    return usual == null || !(value instanceof Number number) || number.doubleValue() != usual;
  }

  private static void language(
      Catalogue catalogue,
      Model known,
      boolean all,
      JsonObject given,
      JsonObject wishes,
      List<String> ignored) {
    if (!(given.getValue("language_hints") instanceof JsonArray hints)
        || hints.isEmpty()
        || !(hints.getValue(0) instanceof String code)) {
      return;
    }
    String language =
        catalogue.languageCodes().entrySet().stream()
            .filter(entry -> entry.getValue().equalsIgnoreCase(code))
            .map(Map.Entry::getKey)
            .findFirst()
            .orElse(null);
    if (all) {
      wishes.put(Ability.LANGUAGE.field(), language == null ? code : language);
    } else if (known.can(Ability.LANGUAGE)
        && language != null
        && known.languages().contains(language)) {
      wishes.put(Ability.LANGUAGE.field(), language);
    } else {
      ignored.add("language_hints");
    }
  }

  private static AudioFormat format(JsonObject given, boolean sambert) {
    String name = TaskOrder.text(given, "format");
    // The clients' way to say: you choose.
    if (name == null || name.isEmpty() || name.equalsIgnoreCase("default")) {
      return sambert ? AudioFormat.WAV : AudioFormat.MP3;
    }
    AudioFormat format = AudioFormat.parse(name.toLowerCase(Locale.ROOT));
    if (format == null) {
      throw TaskError.invalid("Request format is invalid!");
    }
    return format;
  }

  private static int rate(JsonObject given, boolean sambert) {
    Object value = given.getValue("sample_rate");
    double rate = value instanceof Number number ? number.doubleValue() : value == null ? 0 : -1;
    if (rate == 0) {
      return sambert ? SAMBERT_RATE_HZ : USUAL_RATE_HZ;
    }
    if (rate != Math.rint(rate) || !RATES_HZ.contains((int) rate)) {
      throw TaskError.invalid("Request sample_rate is invalid!");
    }
    return (int) rate;
  }

  /** The codec's rates; what it is played at is 48 kHz whatever goes in. */
  private static int opusRate(int rateHz) {
    return rateHz == 22_050 ? 24_000 : rateHz == 44_100 ? 48_000 : rateHz;
  }

  private static @Nullable Integer bitRate(JsonObject given) {
    Object value = given.getValue("bit_rate");
    if (value == null) {
      return null;
    }
    if (!(value instanceof Number number) || number.intValue() < 6 || number.intValue() > 510) {
      throw TaskError.invalid("Request bit_rate is invalid!");
    }
    return number.intValue();
  }

  /**
   * The settings for a text: only with its root it is SSML, whatever the client says, which says so
   * of plain text, too.
   *
   * @throws TaskError when it is and the model has none
   */
  SessionSettings forText(String text) {
    boolean ssml =
        (oneText || settings.dialect() == Dialect.SAMBERT)
            && text.stripLeading().startsWith("<speak");
    if (!ssml) {
      return settings;
    }
    if (!takesSsml) {
      throw TaskError.invalid("SSML text is not supported at the moment!");
    }
    return settings.with(new JsonObject().put(Ability.SSML.field(), true), custom);
  }
}
