package dev.voicebridge.emulator.siliconflow;

import dev.voicebridge.audio.AudioFormat;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request for speech that was understood.
 *
 * @param voice a preset with its model, or an uploaded id; empty: {@code reference}
 * @param reference sample of a one-off clone, data URI or URL; null: none
 * @param gainDb −10–10
 * @param stream the answer comes in parts
 */
record SpeechOrder(
    String model,
    String input,
    String voice,
    @Nullable String reference,
    AudioFormat format,
    int sampleRateHz,
    double speed,
    double gainDb,
    boolean stream) {

  private static final int LONGEST_INPUT = 128_000;
  private static final String INSTRUCTION_END = "<|endofprompt|>";

  private static final Set<Integer> LINEAR_RATES = Set.of(8000, 16_000, 24_000, 32_000, 44_100);
  private static final Map<AudioFormat, Set<Integer>> RATES =
      Map.of(
          AudioFormat.OPUS,
          Set.of(48_000),
          AudioFormat.WAV,
          LINEAR_RATES,
          AudioFormat.PCM,
          LINEAR_RATES,
          AudioFormat.MP3,
          Set.of(32_000, 44_100));

  /**
   * @throws FlowException when it can't be
   */
  static SpeechOrder parse(JsonObject body) {
    String model = text(body, "model");
    if (!Presets.isSpeechModel(model)) {
      throw FlowException.bad("Model does not exist. Please check it carefully.");
    }
    String input = text(body, "input");
    if (input.isEmpty() || input.codePointCount(0, input.length()) > LONGEST_INPUT) {
      throw FlowException.bad("The length of input must be 1 to 128000.");
    }
    String voice = text(body, "voice");
    String reference = reference(body);
    if (voice.isEmpty() == (reference == null)) {
      throw FlowException.bad("Exactly one of voice and references must be set.");
    }
    String name = body.getValue("response_format") == null ? "mp3" : text(body, "response_format");
    AudioFormat format = AudioFormat.parse(name);
    if (format == null) {
      throw FlowException.bad("response_format is not supported: " + name);
    }
    int rate = (int) number(body, "sample_rate", format == AudioFormat.OPUS ? 48_000 : 44_100);
    if (!RATES.getOrDefault(format, Set.of()).contains(rate)) {
      throw FlowException.bad("sample_rate " + rate + " is not supported for " + name + ".");
    }
    return new SpeechOrder(
        model,
        spoken(input),
        voice,
        reference,
        format,
        rate,
        within(body, "speed", 1, 0.25, 4),
        within(body, "gain", 0, -10, 10),
        !Boolean.FALSE.equals(body.getValue("stream")));
  }

  /** What is said: neither the instruction before the mark nor the sounds and speakers' tags. */
  private static String spoken(String input) {
    int end = input.indexOf(INSTRUCTION_END);
    String text = end < 0 ? input : input.substring(end + INSTRUCTION_END.length());
    return text.replaceAll("\\[(laughter|breath|S\\d)]", " ");
  }

  private static @Nullable String reference(JsonObject body) {
    if (body.getValue("references") instanceof JsonArray references
        && !references.isEmpty()
        && references.getValue(0) instanceof JsonObject first
        && first.getValue("audio") instanceof String audio) {
      return audio;
    }
    return null;
  }

  static String text(JsonObject body, String name) {
    return body.getValue(name) instanceof String text ? text : "";
  }

  private static double within(
      JsonObject body, String name, double otherwise, double least, double most) {
    double value = number(body, name, otherwise);
    if (!(value >= least && value <= most)) {
      throw FlowException.bad(name + " must be between " + least + " and " + most + ".");
    }
    return value;
  }

  private static double number(JsonObject body, String name, double otherwise) {
    Object value = body.getValue(name);
    if (value == null) {
      return otherwise;
    }
    if (!(value instanceof Number number)) {
      throw FlowException.bad(name + " must be a number.");
    }
    return number.doubleValue();
  }
}
