package dev.voicebridge.enrolment;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads foreign JSON, where every field may be missing or of another type. Never throws. */
final class Json {
  /** Both of DashScope's regions keep the same hours. */
  private static final ZoneOffset VENDOR_TIME = ZoneOffset.ofHours(8);

  private static final int MAX_FIELD = 20_000;

  private Json() {}

  /**
   * @return a JsonObject, JsonArray, String, Number or Boolean; null when it is nothing of the kind
   */
  static @Nullable Object value(Buffer body) {
    try {
      return io.vertx.core.json.Json.decodeValue(body);
    } catch (RuntimeException e) {
      return null;
    }
  }

  static @Nullable JsonObject object(Buffer body) {
    return value(body) instanceof JsonObject object ? object : null;
  }

  static @Nullable JsonObject object(JsonObject of, String field) {
    return of.getValue(field) instanceof JsonObject object ? object : null;
  }

  /** The objects of a list, everything else left out; null when it is no list. */
  static @Nullable List<JsonObject> objects(JsonObject of, String field) {
    return of.getValue(field) instanceof JsonArray array
        ? array.stream().filter(JsonObject.class::isInstance).map(JsonObject.class::cast).toList()
        : null;
  }

  /** A string or number as text; null when missing, empty or absurdly long. */
  static @Nullable String text(JsonObject of, String field) {
    Object value = of.getValue(field);
    if (!(value instanceof CharSequence || value instanceof Number)) {
      return null;
    }
    String text = value.toString();
    return text.isEmpty() || text.length() > MAX_FIELD ? null : text;
  }

  static int number(JsonObject of, String field, int otherwise) {
    return of.getValue(field) instanceof Number number ? number.intValue() : otherwise;
  }

  /** {@code 2026-03-02 09:15:00}, with or without fractions, also ISO 8601; null when neither. */
  static @Nullable Instant instant(JsonObject of, String field) {
    String text = text(of, field);
    if (text == null) {
      return null;
    }
    String iso = text.strip().replace(' ', 'T');
    try {
      return LocalDateTime.parse(iso).toInstant(VENDOR_TIME);
    } catch (DateTimeParseException notLocal) {
      try {
        return OffsetDateTime.parse(iso).toInstant();
      } catch (DateTimeParseException notThatEither) {
        return null;
      }
    }
  }
}
