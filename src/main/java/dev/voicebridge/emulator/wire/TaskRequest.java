package dev.voicebridge.emulator.wire;

import dev.voicebridge.audio.AudioFormat;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A run-task that was understood.
 *
 * @param duplex text comes in continue-task; otherwise all of it is {@code text}
 */
record TaskRequest(
    String taskId,
    String model,
    boolean sambert,
    boolean duplex,
    boolean ssml,
    boolean wordTimes,
    boolean phonemeTimes,
    String text,
    Voicing voicing) {

  private static final Set<Integer> SAMPLE_RATES = Set.of(8000, 16000, 22050, 24000, 44100, 48000);
  private static final Map<String, String> LANGUAGES =
      Map.of(
          "zh",
          "Chinese",
          "en",
          "English",
          "fr",
          "French",
          "de",
          "German",
          "ja",
          "Japanese",
          "ko",
          "Korean",
          "ru",
          "Russian",
          "pt",
          "Portuguese",
          "it",
          "Italian",
          "es",
          "Spanish");
  private static final int LONGEST_INSTRUCTION = 100;

  /**
   * @throws WireError in the vendor's words
   */
  static TaskRequest parse(String taskId, boolean duplex, JsonObject payload, Roster roster) {
    String model = Json.text(payload, "model");
    if (model == null || model.isEmpty()) {
      throw WireError.invalid(
          "Missing required parameter 'payload.model'! Please follow the protocol!");
    }
    if (roster.isGone(model)) {
      throw new WireError("ModelNotFound", "Model not exist.");
    }
    boolean sambert = roster.isSambert(model);
    Roster.Entry entry = roster.inference(model);
    if (!sambert && entry == null) {
      throw new WireError("ModelNotFound", "Model not found (" + model + ")!");
    }
    String text = Json.text(Json.object(payload, "input"), "text");
    if (sambert && (text == null || text.isEmpty())) {
      throw WireError.invalid("Request text is invalid!");
    }
    JsonObject parameters = Json.object(payload, "parameters");
    AudioFormat format = format(parameters, sambert ? AudioFormat.WAV : AudioFormat.MP3);
    if (format == AudioFormat.OPUS && (sambert || model.equals("cosyvoice-v1"))) {
      throw WireError.invalid("Request format is not supported by this model!");
    }
    String voice = sambert ? model : voice(parameters, entry);
    String instruction = Json.text(parameters, "instruction");
    if (instruction != null && TextCount.characters(instruction) > LONGEST_INSTRUCTION) {
      throw engine(428);
    }
    boolean words = Json.flag(parameters, "word_timestamp_enabled");
    return new TaskRequest(
        taskId,
        model,
        sambert,
        duplex && !sambert,
        Json.flag(parameters, "enable_ssml"),
        words,
        words && Json.flag(parameters, "phoneme_timestamp_enabled"),
        text == null ? "" : text,
        new Voicing(
            voice,
            language(parameters),
            Json.number(parameters, "rate", 1, 0.5, 2),
            Json.number(parameters, "pitch", 1, 0.5, 2),
            Json.whole(parameters, "volume", 50, 0, 100),
            format,
            sampleRate(parameters, sambert ? 16000 : 22050),
            format == AudioFormat.OPUS ? Json.whole(parameters, "bit_rate", 32, 6, 510) : null));
  }

  static WireError engine(int code) {
    return WireError.invalid("[tts:]Engine return error code: " + code);
  }

  private static String voice(JsonObject parameters, Roster.@Nullable Entry entry) {
    String voice = Json.text(parameters, "voice");
    if (voice == null || voice.isEmpty()) {
      throw WireError.invalid("Request voice is invalid!");
    }
    if (entry == null || !entry.speaks(voice)) {
      throw engine(418);
    }
    return voice;
  }

  private static AudioFormat format(JsonObject parameters, AudioFormat otherwise) {
    String name = Json.text(parameters, "format");
    // the SDKs' way to say: you choose
    if (name == null || name.equals("Default")) {
      return otherwise;
    }
    AudioFormat format = AudioFormat.parse(name);
    if (format == null) {
      throw WireError.invalid("Request format is invalid!");
    }
    return format;
  }

  private static int sampleRate(JsonObject parameters, int otherwise) {
    int rate = Json.whole(parameters, "sample_rate", 0, 0, 192000);
    if (rate == 0) {
      return otherwise;
    }
    if (!SAMPLE_RATES.contains(rate)) {
      throw WireError.invalid("Request sample_rate is invalid!");
    }
    return rate;
  }

  private static String language(JsonObject parameters) {
    return parameters.getValue("language_hints") instanceof JsonArray hints
            && !hints.isEmpty()
            && hints.getValue(0) instanceof String hint
        ? LANGUAGES.getOrDefault(hint, "Auto")
        : "Auto";
  }
}
