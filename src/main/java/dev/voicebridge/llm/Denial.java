package dev.voicebridge.llm;

import dev.voicebridge.llm.ChatException.Kind;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is no answer, in the forms that services have for it: OpenAI's {@code error},
 * plain {@code code} and {@code message}, FastAPI's {@code detail}, plain text, nothing.
 */
final class Denial {
  private static final int LONGEST = 300;

  private Denial() {}

  /** Whether a chunk of a stream is an error rather than a piece of the answer. */
  static boolean isIn(JsonObject chunk) {
    Object error = chunk.getValue("error");
    if (error != null) {
      return error instanceof JsonObject || error instanceof String;
    }
    return !chunk.containsKey("choices")
        && chunk.getValue("code") instanceof String
        && chunk.getValue("message") instanceof String;
  }

  static ChatException inMidStream(JsonObject chunk, String key) {
    Said said = Said.of(chunk);
    Kind kind = kindOf(said.code);
    return new ChatException(
        kind,
        clean(said.code, key),
        "the language model broke off" + shown(said, key),
        hint(kind, said.code));
  }

  /**
   * @param status 2xx: it said yes, and did not stream
   * @param key to be kept out of the message
   */
  static ChatException of(int status, Buffer body, String key) {
    Said said = Said.of(parse(body));
    String what = shown(said, key);
    String code = clean(said.code, key);
    Kind known = kindOf(said.code);
    Kind kind =
        switch (status) {
          case 401, 402, 403 -> Kind.REFUSED;
          case 429 -> Kind.RATE_LIMITED;
          default ->
              status / 100 == 2 && said.words == null && said.code == null ? Kind.GARBAGE : known;
        };
    String message =
        switch (status) {
          case 401 -> "the language model's service refuses the key";
          case 402, 403 -> "the language model's service does not allow it";
          case 404 -> "the language model's service does not know the address or the model";
          case 429 -> "the language model is asked too often";
          default ->
              status / 100 == 2
                  ? "the language model did not stream its answer"
                  : "the language model's service answered HTTP " + status;
        };
    return new ChatException(kind, code, message + what, hint(kind, said.code));
  }

  private static Kind kindOf(@Nullable String code) {
    if (code == null) {
      return Kind.SERVICE;
    }
    String lower = code.toLowerCase(Locale.ROOT);
    if (lower.startsWith("limit_") || lower.startsWith("throttling") || lower.startsWith("rate_")) {
      return Kind.RATE_LIMITED;
    }
    return lower.equals("arrearage")
            || lower.equals("invalid_api_key")
            || lower.startsWith("access")
            || lower.startsWith("allocationquota")
            || lower.equals("insufficient_quota")
        ? Kind.REFUSED
        : Kind.SERVICE;
  }

  private static @Nullable String hint(Kind kind, @Nullable String code) {
    return switch (kind) {
      case REFUSED -> "the operator should look at the language model's key and its account";
      case RATE_LIMITED -> "wait a moment and ask again";
      default -> "model_not_found".equals(code) ? "name another language model, or none" : null;
    };
  }

  /** What can be made of an error. */
  private record Said(@Nullable String code, @Nullable String words) {
    static Said of(@Nullable Object body) {
      if (!(body instanceof JsonObject object)) {
        return new Said(null, body instanceof String text ? text : null);
      }
      JsonObject inner = object;
      for (String name : new String[] {"error", "detail"}) {
        if (object.getValue(name) instanceof JsonObject nested) {
          inner = nested;
          break;
        }
      }
      String words = text(inner.getValue("message"));
      for (String name : new String[] {"detail", "error"}) {
        words = words == null ? text(object.getValue(name)) : words;
      }
      return new Said(text(inner.getValue("code")), words);
    }
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

  private static String shown(Said said, String key) {
    String words = clean(said.words, key);
    return words == null || words.isEmpty() ? "" : ": " + words;
  }

  private static @Nullable String clean(@Nullable String words, String key) {
    if (words == null) {
      return null;
    }
    String without = key.isEmpty() ? words : words.replace(key, "***");
    String line = without.replaceAll("\\p{Cntrl}+", " ").strip();
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST - 1) + "…";
  }
}
