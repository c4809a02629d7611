package dev.voicebridge.upstream.pieces;

import dev.voicebridge.upstream.UpstreamException;
import dev.voicebridge.upstream.UpstreamException.Kind;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is no sound, in all the forms that engines have for it: OpenAI's {@code error},
 * SiliconFlow's {@code code} and {@code message}, FastAPI's {@code detail}, a JSON string, plain
 * text, nothing.
 */
public final class Refusal {
  private static final int LONGEST = 300;

  private Refusal() {}

  /**
   * @param status 2xx: it said yes, and gave no sound
   * @param key to be kept out of the message
   */
  public static UpstreamException of(int status, Buffer body, String key) {
    Object said = parse(body);
    String code = null;
    String words = said instanceof String text ? text : null;
    if (said instanceof JsonObject object) {
      JsonObject inner = inner(object);
      code = text(inner.getValue("code"));
      words = text(inner.getValue("message"));
      if (words == null) {
        words = text(object.getValue("detail"));
      }
    }
    String shown = words == null || words.isBlank() ? "" : ": " + clean(words, key);
    if (code != null) {
      code = clean(code, key);
    }
    return switch (status) {
      case 401 -> new UpstreamException(Kind.REFUSED, code, "the service refuses the key" + shown);
      case 403 ->
          new UpstreamException(
              Kind.REFUSED,
              code,
              "the service does not allow it (is the account verified, and has it a balance?)"
                  + shown);
      case 404 ->
          new UpstreamException(
              Kind.SERVICE, code, "the service does not know the address or the model" + shown);
      case 413 -> new UpstreamException(Kind.SERVICE, code, "the text is too long" + shown);
      case 429 -> new UpstreamException(Kind.RATE_LIMITED, code, "too many requests" + shown);
      default ->
          status / 100 == 2
              ? new UpstreamException(
                  code == null && words == null ? Kind.GARBAGE : Kind.SERVICE,
                  code,
                  "the service answered without sound" + shown)
              : new UpstreamException(
                  Kind.SERVICE, code, "the service answered HTTP " + status + shown);
    };
  }

  private static JsonObject inner(JsonObject object) {
    for (String name : new String[] {"error", "detail"}) {
      if (object.getValue(name) instanceof JsonObject inner) {
        return inner;
      }
    }
    return object;
  }

  private static @Nullable Object parse(Buffer body) {
    if (body.length() == 0) {
      return null;
    }
    try {
      return Json.decodeValue(body);
    } catch (RuntimeException notJson) {
      String text = body.toString().strip();
      // A gateway's page says nothing that the status does not.
      return text.startsWith("<") ? null : text;
    }
  }

  private static @Nullable String text(@Nullable Object value) {
    return value instanceof String || value instanceof Number ? value.toString() : null;
  }

  /** One line that is not long, without the key. */
  public static String clean(String words, String key) {
    String without = key.isEmpty() ? words : words.replace(key, "***");
    String line = without.replaceAll("\\p{Cntrl}+", " ").strip();
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST - 1) + "…";
  }
}
