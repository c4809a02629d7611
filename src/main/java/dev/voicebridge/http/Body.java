package dev.voicebridge.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A request's body, taken apart.
 *
 * @param fields of the JSON object, or the text parts of the form: strings, and an array of them
 *     where a name came more than once
 * @param file the form's part {@code file}; null: none
 * @param isForm whether numbers and booleans come as text
 */
record Body(JsonObject fields, @Nullable FilePart file, boolean isForm) {
  /**
   * @param mediaType as the part declares it; null: it doesn't
   */
  record FilePart(Buffer bytes, @Nullable String mediaType) {
    @Override
    public String toString() {
      return "FilePart[" + bytes.length() + " bytes]";
    }
  }

  /**
   * @throws Problem.Failure when it isn't one JSON object in UTF-8
   */
  static Body ofJson(Buffer bytes) {
    try {
      String text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.getBytes())).toString();
      return new Body(new JsonObject(text), null, false);
    } catch (CharacterCodingException | RuntimeException unreadable) {
      throw Problem.NOT_JSON.asException().inChinese("请求体不是 JSON 对象。");
    }
  }

  /** A text part more. */
  static void add(JsonObject fields, String name, String value) {
    Object before = fields.getValue(name);
    if (before == null) {
      fields.put(name, value);
    } else if (before instanceof JsonArray values) {
      values.add(value);
    } else {
      fields.put(name, new JsonArray().add(before).add(value));
    }
  }
}
