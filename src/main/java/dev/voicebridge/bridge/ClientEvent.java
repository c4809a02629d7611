package dev.voicebridge.bridge;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Everything a client may say, and the one parser of it. */
sealed interface ClientEvent {

  void applyTo(Session session);

  /** {@code session.update}: the fields that change. */
  record Update(JsonObject fields) implements ClientEvent {
    @Override
    public void applyTo(Session session) {
      session.update(fields);
    }
  }

  record Append(String text) implements ClientEvent {
    @Override
    public void applyTo(Session session) {
      session.append(text);
    }
  }

  record Commit() implements ClientEvent {
    @Override
    public void applyTo(Session session) {
      session.commit();
    }
  }

  record Clear() implements ClientEvent {
    @Override
    public void applyTo(Session session) {
      session.clear();
    }
  }

  record Create(Prompt prompt) implements ClientEvent {
    @Override
    public void applyTo(Session session) {
      session.create(prompt);
    }
  }

  record Finish() implements ClientEvent {
    @Override
    public void applyTo(Session session) {
      session.finish();
    }
  }

  /**
   * @param responseId null: the speaking response and all that wait
   * @param playedMs how much of the response the listener has heard; null: not known
   */
  record Cancel(@Nullable String responseId, @Nullable Integer playedMs) implements ClientEvent {
    @Override
    public void applyTo(Session session) {
      session.cancel(responseId, playedMs);
    }
  }

  record Authenticate(@Nullable String ticket, @Nullable String providerKey)
      implements ClientEvent {
    @Override
    public void applyTo(Session session) {
      session.authenticate(ticket, providerKey);
    }

    @Override
    public String toString() {
      return "Authenticate[***]";
    }
  }

  /**
   * Reads a message.
   *
   * @throws SessionError when it is none of the above
   */
  static ClientEvent of(JsonObject message) {
    Object type = message.getValue("type");
    if (!(type instanceof String name)) {
      throw new SessionError(
          ErrorCode.INVALID_VALUE, "type", "every event needs a string field 'type'");
    }
    return switch (name) {
      case "session.update" -> new Update(objectField(message, "session"));
      case "input_text_buffer.append" -> new Append(requiredText(message, "text"));
      case "input_text_buffer.commit" -> new Commit();
      case "input_text_buffer.clear" -> new Clear();
      case "session.finish" -> new Finish();
      case "response.create" ->
          new Create(Prompt.parse(objectField(message, "response"), "model", "response."));
      case "response.cancel" ->
          new Cancel(text(message, "response_id"), count(message, "played_ms"));
      case "session.authenticate" ->
          new Authenticate(text(message, "ticket"), text(message, "provider_key"));
      default ->
          throw new SessionError(
              ErrorCode.UNKNOWN_EVENT,
              "type",
              "unknown event type",
              "known are session.update, input_text_buffer.append, input_text_buffer.commit,"
                  + " input_text_buffer.clear, response.create, response.cancel, session.finish,"
                  + " session.authenticate");
    };
  }

  private static JsonObject objectField(JsonObject message, String field) {
    if (message.getValue(field) instanceof JsonObject object) {
      return object;
    }
    throw wrongType(field, "an object");
  }

  private static String requiredText(JsonObject message, String field) {
    String text = text(message, field);
    if (text == null) {
      throw wrongType(field, "a string");
    }
    return text;
  }

  private static @Nullable String text(JsonObject message, String field) {
    Object value = message.getValue(field);
    if (value == null || value instanceof String) {
      return (String) value;
    }
    throw wrongType(field, "a string");
  }

  private static @Nullable Integer count(JsonObject message, String field) {
    Object value = message.getValue(field);
    if (value == null) {
      return null;
    }
    if (value instanceof Number number && number.doubleValue() >= 0) {
      return number.intValue();
    }
    throw wrongType(field, "a number of milliseconds, 0 or more");
  }

  private static SessionError wrongType(String field, String expected) {
    return new SessionError(ErrorCode.INVALID_VALUE, field, "'" + field + "' must be " + expected);
  }
}
