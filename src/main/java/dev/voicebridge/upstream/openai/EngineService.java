package dev.voicebridge.upstream.openai;

import dev.voicebridge.upstream.SpeechSettings;
import dev.voicebridge.upstream.UpstreamException;
import dev.voicebridge.upstream.pieces.PieceService;
import dev.voicebridge.upstream.pieces.Places;
import dev.voicebridge.upstream.pieces.Refusal;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** An engine as one caller asks it. */
record EngineService(Engine engine, HttpClient client, Places places, String key)
    implements PieceService {
  private static final String INSTRUCTION_END = "<|endofprompt|>";

  /** They stream at best in sentences. */
  @Override
  public boolean streams() {
    return false;
  }

  @Override
  public Order order(String text, SpeechSettings settings) {
    int hz = engine.rateFor(settings.sampleRateHz());
    return new Order(
        engine.baseUrl() + "/audio/speech",
        "application/json",
        "",
        false,
        body(text, settings, hz).toBuffer(),
        hz);
  }

  private JsonObject body(String text, SpeechSettings settings, int hz) {
    JsonObject body =
        new JsonObject()
            .put("model", settings.model())
            .put("voice", settings.voice())
            .put("response_format", engine.wav() ? "wav" : "pcm");
    String instructions = settings.instructions();
    if (engine.manner() == Engine.Manner.SILICONFLOW) {
      return body.put("input", instructions == null ? text : instructions + INSTRUCTION_END + text)
          .put("sample_rate", hz)
          .put("speed", settings.speechRate())
          .put("gain", gainDb(settings.volume()))
          .put("stream", true);
    }
    body.put("input", text);
    if (instructions != null) {
      body.put("instructions", instructions);
    }
    if (settings.speechRate() != 1) {
      // Some engines refuse any speed where they stream.
      body.put("speed", settings.speechRate());
    }
    return body;
  }

  /** A volume of 50 is the voice as it comes, 100 twice as loud. */
  private static double gainDb(int volume) {
    double gain = 20 * Math.log10(Math.max(1, volume) / 50.0);
    return Math.max(-10, Math.min(10, Math.round(gain * 10) / 10.0));
  }

  @Override
  public @Nullable Reading reading(String mediaType, Hearing hearing) {
    if (mediaType.startsWith("text/event-stream")) {
      return new SpeechEvents(key, hearing);
    }
    return mediaType.contains("json") || mediaType.startsWith("text/")
        ? null
        : PieceService.plain(hearing);
  }

  @Override
  public UpstreamException refusal(int status, Buffer body) {
    return Refusal.of(status, body, key);
  }

  @Override
  public String toString() {
    return "EngineService[" + engine + "]";
  }
}
