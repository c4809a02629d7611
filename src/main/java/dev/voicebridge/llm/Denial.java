package dev.voicebridge.llm;

import dev.voicebridge.llm.ChatException.Kind;
import dev.voicebridge.net.ErrorText;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** An answer that is no answer, and what it means. */
final class Denial {
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
    ErrorText said = ErrorText.of(chunk, key);
    Kind kind = kindOf(said.code());
    return new ChatException(
        kind, said.code(), said.after("the language model broke off"), hint(kind, said.code()));
  }

  /**
   * @param status 2xx: it said yes, and did not stream
   * @param key to be kept out of the message
   */
  static ChatException of(int status, Buffer body, String key) {
    ErrorText said = ErrorText.of(body, key);
    Kind kind =
        switch (status) {
          case 401, 402, 403 -> Kind.REFUSED;
          case 429 -> Kind.RATE_LIMITED;
          default -> status / 100 == 2 && said.isSilent() ? Kind.GARBAGE : kindOf(said.code());
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
    return new ChatException(kind, said.code(), said.after(message), hint(kind, said.code()));
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
}
