package dev.voicebridge.bridge;

import io.vertx.core.json.JsonObject;
import java.time.Duration;

/**
 * The limits of one session, told in {@code session.created}.
 *
 * @param maxMessageBytes longest client message
 * @param maxTextChars most text (UTF-16 units) of one response
 * @param maxQueuedChars most text waiting to be spoken
 * @param maxQueuedResponses most committed responses waiting
 * @param maxLead how far audio may run ahead of real time
 * @param idle close after this long without a client message or audio
 * @param maxAge close after this long whatever happens
 * @param slowReader close when the client took nothing for this long
 * @param maxMessagesPerSecond client messages in any second
 */
public record SessionLimits(
    int maxMessageBytes,
    int maxTextChars,
    int maxQueuedChars,
    int maxQueuedResponses,
    Duration maxLead,
    Duration idle,
    Duration maxAge,
    Duration slowReader,
    int maxMessagesPerSecond) {
  public static final SessionLimits DEFAULTS =
      new SessionLimits(
          256 * 1024,
          20_000,
          100_000,
          64,
          Duration.ofSeconds(30),
          Duration.ofMinutes(10),
          Duration.ofMinutes(120),
          Duration.ofSeconds(60),
          200);

  /** The same with another bound for what runs ahead of real time. */
  SessionLimits withLead(Duration lead) {
    return new SessionLimits(
        maxMessageBytes,
        maxTextChars,
        maxQueuedChars,
        maxQueuedResponses,
        lead,
        idle,
        maxAge,
        slowReader,
        maxMessagesPerSecond);
  }

  /** As told in {@code session.created}; milliseconds where the name says so. */
  public JsonObject toJson() {
    return new JsonObject()
        .put("max_message_bytes", maxMessageBytes)
        .put("max_text_chars", maxTextChars)
        .put("max_queued_chars", maxQueuedChars)
        .put("max_queued_responses", maxQueuedResponses)
        .put("max_lead_ms", maxLead.toMillis())
        .put("idle_ms", idle.toMillis())
        .put("max_session_ms", maxAge.toMillis())
        .put("slow_reader_ms", slowReader.toMillis())
        .put("max_messages_per_second", maxMessagesPerSecond);
  }
}
