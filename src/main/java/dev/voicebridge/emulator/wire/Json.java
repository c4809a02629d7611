package dev.voicebridge.emulator.wire;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Reads what clients send without trusting its types. */
final class Json {
  private Json() {}

  /**
   * @return null when it isn't a JSON object
   */
  static @Nullable JsonObject parse(String text) {
    try {
      return new JsonObject(text);
    } catch (DecodeException e) {
      return null;
    }
  }

  /**
   * @return an empty object when there is none
   */
  static JsonObject object(JsonObject in, String name) {
    return in.getValue(name) instanceof JsonObject object ? object : new JsonObject();
  }

  /**
   * @return null when there is none, or it isn't a string
   */
  static @Nullable String text(JsonObject in, String name) {
    return in.getValue(name) instanceof String text ? text : null;
  }

  static boolean flag(JsonObject in, String name) {
    return Boolean.TRUE.equals(in.getValue(name));
  }

  /**
   * @throws WireError when there is something, but no number of that range
   */
  static double number(JsonObject in, String name, double otherwise, double least, double most) {
    Object value = in.getValue(name);
    if (value == null) {
      return otherwise;
    }
    if (!(value instanceof Number number)
        || !(number.doubleValue() >= least && number.doubleValue() <= most)) {
      throw new WireError(
          "InvalidParameter",
          name + " must be between " + plain(least) + " and " + plain(most) + ".",
          name);
    }
    return number.doubleValue();
  }

  static int whole(JsonObject in, String name, int otherwise, int least, int most) {
    return (int) Math.round(number(in, name, otherwise, least, most));
  }

  private static String plain(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
