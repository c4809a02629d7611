package dev.voicebridge.emulator.wire;

import dev.voicebridge.audio.AudioFormat;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The {@code session} object of session.update, with its defaults. */
record RealtimeConfig(
    String voice,
    boolean serverCommit,
    String languageType,
    AudioFormat format,
    int sampleRateHz,
    double speechRate,
    double pitchRate,
    int volume,
    int bitRateKbps,
    @Nullable String instructions,
    boolean optimizeInstructions,
    boolean textNormalisation) {

  private static final Set<String> LANGUAGES =
      Set.of(
          "Auto",
          "Chinese",
          "English",
          "German",
          "Italian",
          "Portuguese",
          "Spanish",
          "Japanese",
          "Korean",
          "French",
          "Russian");
  private static final Set<Integer> SAMPLE_RATES = Set.of(8000, 16000, 22050, 24000, 44100, 48000);
  private static final int LONGEST_INSTRUCTIONS_TOKENS = 1600;

  static final RealtimeConfig DEFAULTS =
      new RealtimeConfig(
          "Cherry", true, "Auto", AudioFormat.PCM, 24000, 1, 1, 50, 128, null, false, true);

  /**
   * Fields that are left out stay as they are; unknown ones are ignored.
   *
   * @throws WireError when a field is wrong; nothing has changed then
   */
  RealtimeConfig with(JsonObject session, Roster.Entry model) {
    String nextVoice = string(session, "voice", voice);
    String mode = string(session, "mode", serverCommit ? "server_commit" : "commit");
    String language = string(session, "language_type", languageType);
    AudioFormat nextFormat = audioFormat(string(session, "response_format", format.wireName()));
    int rate = Json.whole(session, "sample_rate", sampleRateHz, 1, 192000);
    String nextInstructions =
        session.getValue("instructions") instanceof String s ? s : instructions;
    require(model.speaks(nextVoice), "voice", "Voice '" + nextVoice + "' is not supported.");
    require(
        mode.equals("server_commit") || mode.equals("commit"),
        "mode",
        "mode must be server_commit or commit.");
    require(LANGUAGES.contains(language), "language_type", "language_type is not supported.");
    require(SAMPLE_RATES.contains(rate), "sample_rate", "sample_rate is not supported.");
    require(
        !model.legacy() || (nextFormat == AudioFormat.PCM && rate == 24000),
        "response_format",
        "This model supports pcm at 24000 Hz only.");
    require(
        nextInstructions == null
            || TextCount.tokens(nextInstructions) <= LONGEST_INSTRUCTIONS_TOKENS,
        "instructions",
        "instructions must not be longer than 1600 tokens.");
    return new RealtimeConfig(
        nextVoice,
        mode.equals("server_commit"),
        language,
        nextFormat,
        rate,
        Json.number(session, "speech_rate", speechRate, 0.5, 2),
        Json.number(session, "pitch_rate", pitchRate, 0.5, 2),
        Json.whole(session, "volume", volume, 0, 100),
        Json.whole(session, "bit_rate", bitRateKbps, 6, 510),
        nextInstructions,
        flag(session, "optimize_instructions", optimizeInstructions),
        flag(session, "enable_tn", textNormalisation));
  }

  static boolean isLanguage(String name) {
    return LANGUAGES.contains(name);
  }

  Voicing voicing() {
    return new Voicing(
        voice, languageType, speechRate, pitchRate, volume, format, sampleRateHz, bitRateKbps);
  }

  /** What session.created says. */
  JsonObject brief(String model, String sessionId) {
    return new JsonObject()
        .put("object", "realtime.session")
        .put("mode", mode())
        .put("model", model)
        .put("voice", voice)
        .put("response_format", format.wireName())
        .put("sample_rate", sampleRateHz)
        .put("id", sessionId);
  }

  /** What session.updated says: everything in force. */
  JsonObject full(String model, String sessionId, boolean legacy) {
    JsonObject all =
        new JsonObject()
            .put("object", "realtime.session")
            .put("mode", mode())
            .put("model", model)
            .put("voice", voice)
            .put("language_type", languageType)
            .put("response_format", format.wireName())
            .put("sample_rate", sampleRateHz);
    if (!legacy) {
      all.put("speech_rate", speechRate)
          .put("pitch_rate", pitchRate)
          .put("volume", volume)
          .put("bit_rate", bitRateKbps)
          .put("enable_tn", textNormalisation);
    }
    if (instructions != null) {
      all.put("instructions", instructions).put("optimize_instructions", optimizeInstructions);
    }
    return all.put("id", sessionId);
  }

  private String mode() {
    return serverCommit ? "server_commit" : "commit";
  }

  private static String string(JsonObject session, String name, String otherwise) {
    Object value = session.getValue(name);
    if (value == null) {
      return otherwise;
    }
    require(value instanceof String, name, name + " must be a string.");
    return (String) value;
  }

  private static AudioFormat audioFormat(String wireName) {
    AudioFormat format = AudioFormat.parse(wireName);
    if (format == null) {
      throw new WireError(
          "InvalidParameter", "response_format is not supported.", "response_format");
    }
    return format;
  }

  private static boolean flag(JsonObject session, String name, boolean otherwise) {
    Object value = session.getValue(name);
    if (value == null) {
      return otherwise;
    }
    require(value instanceof Boolean, name, name + " must be a boolean.");
    return (Boolean) value;
  }

  private static void require(boolean holds, String param, String message) {
    if (!holds) {
      throw new WireError("InvalidParameter", message, param);
    }
  }
}
