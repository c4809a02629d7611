package dev.voicebridge.bridge;

import dev.voicebridge.llm.ChatMessage;
import dev.voicebridge.llm.ChatOrder;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a language model is asked to say. Nothing of it is kept once it has been asked: who wants a
 * conversation sends all of it each time.
 *
 * @param chars how much text it holds, UTF-16 units
 */
public record Prompt(ChatOrder order, int chars) {
  private static final int MAX_MESSAGES = 256;
  private static final int MAX_CHARS = 100_000;
  private static final int MAX_MODEL_CHARS = 128;
  private static final double MAX_TEMPERATURE = 2;

  /**
   * Reads {@code messages} or {@code input}, {@code instructions}, {@code temperature} and {@code
   * max_output_tokens}.
   *
   * @param modelField what the name of the language model is called here
   * @param prefix of fields in errors, such as {@code response.}
   * @throws SessionError when it is no prompt
   */
  public static Prompt parse(JsonObject fields, String modelField, String prefix) {
    List<ChatMessage> messages = new ArrayList<>();
    Object instructions = fields.getValue("instructions");
    if (instructions instanceof String text) {
      if (!text.isBlank()) {
        messages.add(new ChatMessage("system", text));
      }
    } else if (instructions != null) {
      throw wrong(prefix + "instructions", "must be a string");
    }
    int before = messages.size();
    Object listed = fields.getValue("messages");
    Object input = fields.getValue("input");
    if (listed != null && input != null) {
      throw wrong(prefix + "input", "cannot be beside 'messages': give one of them");
    }
    if (listed == null && input instanceof String text) {
      if (!text.isBlank()) {
        messages.add(new ChatMessage("user", text));
      }
    } else {
      String field = prefix + (listed == null ? "input" : "messages");
      Object list = listed == null ? input : listed;
      if (!(list instanceof JsonArray array)) {
        throw wrong(
            prefix + "messages",
            list == null ? "is needed, or 'input'" : "must be a list of messages");
      }
      if (array.size() > MAX_MESSAGES) {
        throw wrong(field, "may hold at most " + MAX_MESSAGES + " messages");
      }
      for (int i = 0; i < array.size(); i++) {
        messages.add(message(array.getValue(i), field + "[" + i + "]"));
      }
    }
    if (messages.size() == before) {
      throw wrong(prefix + (listed == null ? "input" : "messages"), "must not be empty");
    }
    int chars = messages.stream().mapToInt(message -> message.content().length()).sum();
    if (chars > MAX_CHARS) {
      throw new SessionError(
          ErrorCode.TEXT_TOO_LONG,
          prefix + (listed == null ? "input" : "messages"),
          "a prompt takes at most " + MAX_CHARS + " characters",
          "leave out the oldest messages");
    }
    return new Prompt(
        new ChatOrder(
            messages,
            model(fields, modelField, prefix),
            temperature(fields, prefix),
            maxOutputTokens(fields, prefix)),
        chars);
  }

  private static ChatMessage message(@Nullable Object value, String field) {
    if (!(value instanceof JsonObject message)) {
      throw wrong(field, "must be an object with role and content");
    }
    Object said = message.getValue("role");
    String role = "developer".equals(said) ? "system" : String.valueOf(said);
    if (!List.of("system", "user", "assistant").contains(role)) {
      throw wrong(field + ".role", "must be system, user or assistant");
    }
    return new ChatMessage(role, content(message.getValue("content"), field + ".content"));
  }

  /** A text, or parts of text: {@code text}, {@code input_text}, {@code output_text}. */
  private static String content(@Nullable Object value, String field) {
    if (value instanceof String text) {
      return text;
    }
    if (value instanceof JsonArray parts) {
      StringBuilder whole = new StringBuilder();
      for (Object each : parts) {
        if (!(each instanceof JsonObject part)
            || !String.valueOf(part.getValue("type")).endsWith("text")
            || !(part.getValue("text") instanceof String text)) {
          throw wrong(field, "may hold parts of text only");
        }
        whole.append(text);
      }
      return whole.toString();
    }
    throw wrong(field, "must be a string, or a list of parts of text");
  }

  private static String model(JsonObject fields, String name, String prefix) {
    Object value = fields.getValue(name);
    if (value == null) {
      return "";
    }
    if (value instanceof String text && text.length() <= MAX_MODEL_CHARS) {
      return text.strip();
    }
    throw wrong(prefix + name, "must be the name of a language model");
  }

  private static @Nullable Double temperature(JsonObject fields, String prefix) {
    Object value = fields.getValue("temperature");
    if (value == null) {
      return null;
    }
    if (value instanceof Number number
        && number.doubleValue() >= 0
        && number.doubleValue() <= MAX_TEMPERATURE) {
      return number.doubleValue();
    }
    throw wrong(prefix + "temperature", "must be a number from 0 to 2");
  }

  private static @Nullable Integer maxOutputTokens(JsonObject fields, String prefix) {
    Object value = fields.getValue("max_output_tokens");
    if (value == null) {
      return null;
    }
    if (value instanceof Number number
        && number.doubleValue() == number.intValue()
        && number.intValue() >= 1) {
      return number.intValue();
    }
    throw wrong(prefix + "max_output_tokens", "must be a whole number, 1 or more");
  }

  private static SessionError wrong(String field, String what) {
    return new SessionError(ErrorCode.INVALID_VALUE, field, "'" + field + "' " + what);
  }

  @Override
  public String toString() {
    return "Prompt[" + order.messages().size() + " messages, " + chars + " characters]";
  }
}
