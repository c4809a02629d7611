package dev.voicebridge.http;

import dev.voicebridge.library.VoiceLibrary;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of a body, each once and strictly; what is wrong is a {@link Problem.Failure}
 * that names it. Null and a missing field are the same.
 */
final class Fields {
  private final JsonObject json;
  private final boolean isForm;

  /**
   * @param isForm whether numbers and booleans come as text
   */
  Fields(JsonObject json, boolean isForm) {
    this.json = json;
    this.isForm = isForm;
  }

  /** What is wrong with a field. */
  static Problem.Failure wrong(String param, String message, String chinese) {
    return Problem.BAD_FIELD.about(param + ": " + message, param).inChinese(param + "：" + chinese);
  }

  /** Nothing but these: a name that is mistyped would be a wish that is not heard. */
  void only(Set<String> known) {
    for (String name : json.fieldNames()) {
      if (!known.contains(name)) {
        String shown = name.length() <= 50 ? name : name.substring(0, 50);
        String all = String.join(", ", new TreeSet<>(known));
        throw wrong(shown, "not a field here; known are " + all, "没有这个字段；可用字段：" + all);
      }
    }
  }

  boolean has(String name) {
    return json.getValue(name) != null;
  }

  /**
   * @param most code points
   * @return null: not given. Not blank otherwise, and without blanks at its ends
   */
  @Nullable String text(String name, int most) {
    Object value = json.getValue(name);
    if (value == null) {
      return null;
    }
    if (!(value instanceof String given)) {
      throw wrong(name, "expected one text", "应为一段文本");
    }
    String text = given.strip();
    if (text.codePointCount(0, text.length()) > most) {
      throw wrong(name, "at most " + most + " characters", "最多 " + most + " 个字符");
    }
    if (text.isEmpty()) {
      throw wrong(name, "may not be blank", "不能为空");
    }
    return text;
  }

  /** Text of any length as it came; null: none. */
  @Nullable String raw(String name) {
    return json.getValue(name) instanceof String text ? text : null;
  }

  /** As {@link #text}, but must be given. */
  String needed(String name, int most) {
    String text = text(name, most);
    if (text == null) {
      throw wrong(name, "is needed", "必须填写");
    }
    return text;
  }

  /** As {@link #text}, of that form. */
  @Nullable String matching(String name, Pattern pattern, int most, String form) {
    String text = text(name, most);
    if (text != null && !pattern.matcher(text).matches()) {
      throw wrong(name, "expected " + form, "格式应为 " + form);
    }
    return text;
  }

  /** One line: no control characters, nothing that turns the order of writing. */
  @Nullable String line(String name, int most) {
    String text = text(name, most);
    if (text != null && !isLine(text)) {
      throw wrong(name, "no line breaks or control characters", "不能含换行或控制字符");
    }
    return text;
  }

  private static boolean isLine(String text) {
    return text.codePoints()
        .noneMatch(
            c -> {
              int type = Character.getType(c);
              // Joiners belong to some scripts; what overrides direction to none.
              return type == Character.CONTROL
                  || type == Character.LINE_SEPARATOR
                  || type == Character.PARAGRAPH_SEPARATOR
                  || type == Character.SURROGATE
                  || (type == Character.FORMAT && c != 0x200c && c != 0x200d);
            });
  }

  @Nullable Boolean flag(String name) {
    Object value = json.getValue(name);
    if (value == null || value instanceof Boolean) {
      return (Boolean) value;
    }
    if (isForm && ("true".equals(value) || "false".equals(value))) {
      return "true".equals(value);
    }
    throw wrong(name, "expected true or false", "应为 true 或 false");
  }

  @Nullable Double number(String name, double least, double most) {
    Object value = json.getValue(name);
    if (value == null) {
      return null;
    }
    double number = Double.NaN;
    if (value instanceof Number given) {
      number = given.doubleValue();
    } else if (isForm && value instanceof String text && text.matches("\\d{1,9}(\\.\\d{1,9})?")) {
      number = Double.parseDouble(text);
    }
    if (!(number >= least && number <= most)) {
      throw wrong(
          name,
          "expected a number from " + plain(least) + " to " + plain(most),
          "应为 " + plain(least) + " 到 " + plain(most) + " 的数");
    }
    return number;
  }

  @Nullable Integer whole(String name, int least, int most) {
    Double number = number(name, least, most);
    if (number == null) {
      return null;
    }
    if (number != Math.rint(number)) {
      throw wrong(name, "expected a whole number", "应为整数");
    }
    return number.intValue();
  }

  private static String plain(double bound) {
    return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
  }

  /**
   * In order, none twice. A form has one part for each tag, or one with commas.
   *
   * @return null: not given
   */
  @Nullable List<String> tags() {
    Object value = json.getValue("tags");
    if (value == null) {
      return null;
    }
    List<?> given;
    if (isForm && value instanceof String text) {
      given = List.of(text.split(",", -1));
    } else if (value instanceof JsonArray array) {
      given = array.getList();
    } else {
      throw wrong("tags", "expected an array of texts", "应为文本数组");
    }
    if (given.size() > VoiceLibrary.MAX_TAGS) {
      throw wrong("tags", "at most " + VoiceLibrary.MAX_TAGS, "最多 " + VoiceLibrary.MAX_TAGS + " 个");
    }
    Set<String> tags = new LinkedHashSet<>();
    for (Object tag : given) {
      String text = tag instanceof String string ? string.strip() : "";
      if (text.isEmpty()
          || text.codePointCount(0, text.length()) > VoiceLibrary.MAX_TAG
          || !isLine(text)) {
        throw wrong(
            "tags",
            "a tag has 1 to " + VoiceLibrary.MAX_TAG + " characters on one line",
            "每个标签 1 到 " + VoiceLibrary.MAX_TAG + " 个字符，不能换行");
      }
      tags.add(text);
    }
    return List.copyOf(tags);
  }

  /**
   * An object in the object.
   *
   * @return null: not given
   */
  @Nullable JsonObject object(String name) {
    Object value = json.getValue(name);
    if (value == null) {
      return null;
    }
    if (value instanceof JsonObject object) {
      return object;
    }
    throw wrong(name, "expected an object", "应为对象");
  }
}
