package dev.voicebridge.net;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * What a service says with its no, in the forms that there are for it: OpenAI's {@code error},
 * plain {@code code} and {@code message}, FastAPI's {@code detail}, a JSON string, plain text,
 * nothing. Each is one line that is not long, without the key.
 *
 * @param code null: there is none
 * @param words likewise
 */
public record ErrorText(@Nullable String code, @Nullable String words) {
  private static final int LONGEST = 300;

  /**
   * @param key to be kept out of it
   */
  public static ErrorText of(Buffer body, String key) {
    if (body.length() == 0) {
      return new ErrorText(null, null);
    }
    Object said;
    try {
      said = Json.decodeValue(body);
    } catch (RuntimeException notJson) {
      String text = body.toString().strip();
      // A gateway's page says nothing that the status does not.
      said = text.startsWith("<") ? null : text;
    }
    if (said instanceof JsonObject object) {
      return of(object, key);
    }
    return new ErrorText(null, said instanceof String text ? clean(text, key) : null);
  }

  /**
   * @param key to be kept out of it
   */
  public static ErrorText of(JsonObject said, String key) {
    JsonObject inner = said;
    for (String name : new String[] {"error", "detail"}) {
      if (said.getValue(name) instanceof JsonObject nested) {
        inner = nested;
        break;
      }
    }
    String code = text(inner.getValue("code"));
    String words = text(inner.getValue("message"));
    for (String name : new String[] {"detail", "error"}) {
      words = words == null ? text(said.getValue(name)) : words;
    }
    return new ErrorText(
        code == null ? null : clean(code, key), words == null ? null : clean(words, key));
  }

  /** Whether nothing can be made of it. */
  public boolean isSilent() {
    return code == null && words == null;
  }

  /** A sentence of ours, and behind it the words, if there are any. */
  public String after(String sentence) {
    return words == null || words.isEmpty() ? sentence : sentence + ": " + words;
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
