package dev.voicebridge.upstream.qwenhttp;

import dev.voicebridge.net.ErrorText;
import dev.voicebridge.upstream.SpeechSettings;
import dev.voicebridge.upstream.UpstreamException;
import dev.voicebridge.upstream.UpstreamException.Kind;
import dev.voicebridge.upstream.pieces.PieceService;
import dev.voicebridge.upstream.pieces.Places;
import dev.voicebridge.upstream.pieces.Refusal;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** The vendor as one caller asks it. */
record GenerationService(
    HttpClient client, Places places, SoundFiles files, String url, String key, boolean streams)
    implements PieceService {

  /** There is no field for it; a header that says another one is believed. */
  private static final int HZ = 24_000;

  @Override
  public Order order(String text, SpeechSettings settings) {
    JsonObject input =
        new JsonObject()
            .put("text", text)
            .put("voice", settings.voice())
            .put("language_type", settings.languageType());
    String instructions = settings.instructions();
    if (instructions != null) {
      input
          .put("instructions", instructions)
          .put("optimize_instructions", settings.optimizeInstructions());
    }
    return new Order(
        url,
        "application/json",
        streams ? "text/event-stream" : "application/json",
        streams,
        new JsonObject().put("model", settings.model()).put("input", input).toBuffer(),
        HZ);
  }

  @Override
  public @Nullable Reading reading(String mediaType, Hearing hearing) {
    // What comes decides, not what was asked for.
    if (mediaType.startsWith("text/event-stream")) {
      return new GenerationEvents(this, hearing);
    }
    if (mediaType.contains("json")) {
      return new GenerationAnswer(this, hearing);
    }
    return mediaType.startsWith("audio/") ? PieceService.plain(hearing) : null;
  }

  @Override
  public UpstreamException refusal(int status, Buffer body) {
    JsonObject said = object(body.toString());
    UpstreamException vendors = said == null ? null : error(said);
    if (vendors == null) {
      return Refusal.of(status, body, key);
    }
    if (status == 429 && vendors.kind() != Kind.RATE_LIMITED) {
      return new UpstreamException(Kind.RATE_LIMITED, vendors.vendorCode(), words(vendors));
    }
    return status == 401 && vendors.kind() != Kind.REFUSED
        ? new UpstreamException(Kind.REFUSED, vendors.vendorCode(), words(vendors))
        : vendors;
  }

  private static String words(UpstreamException said) {
    return String.valueOf(said.getMessage());
  }

  @Override
  public Future<RequestOptions> file(String link) {
    return files.judge(link);
  }

  /**
   * What the vendor says went wrong.
   *
   * @return null: nothing did
   */
  @Nullable UpstreamException error(JsonObject said) {
    String code = text(said, "code");
    if (code == null || code.isEmpty() || code.equals("200")) {
      return null;
    }
    String message = text(said, "message");
    return UpstreamException.ofVendor(
        code.replace(key, "***"), message == null ? null : shown(message));
  }

  private String shown(String message) {
    return ErrorText.clean(message, key);
  }

  static @Nullable JsonObject object(String json) {
    try {
      return new JsonObject(json);
    } catch (RuntimeException notAnObject) {
      // The caller turns null into the one error that it is.
      return null;
    }
  }

  static JsonObject inside(JsonObject object, String name) {
    return object.getValue(name) instanceof JsonObject inner ? inner : new JsonObject();
  }

  static @Nullable String text(JsonObject object, String name) {
    return object.getValue(name) instanceof String text ? text : null;
  }

  /** What every answer and event may hold beside the sound. */
  static void tell(JsonObject said, Hearing hearing) {
    String request = text(said, "request_id");
    if (request != null) {
      hearing.named(request);
    }
    // Older models count tokens, which nobody here is told.
    if (inside(said, "usage").getValue("characters") instanceof Integer count && count > 0) {
      hearing.characters(count);
    }
  }

  @Override
  public String toString() {
    return "GenerationService[" + url + "]";
  }
}
