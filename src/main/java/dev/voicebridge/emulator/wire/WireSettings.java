package dev.voicebridge.emulator.wire;

import io.vertx.core.json.JsonObject;
import java.time.Duration;

/**
 * How the guest behaves. The defaults are the vendor's documented values, or the safe choice where
 * none is documented.
 *
 * @param paced audio leaves no faster than it plays; otherwise as fast as it is made
 * @param limits text lengths and the gap between two texts of a task are enforced
 * @param rateLimits 3 CosyVoice and 20 Sambert tasks a second, 180 realtime sessions and 180
 *     generations a minute, 10 CosyVoice enrolment calls a second and 180 of Qwen's a minute, 100
 *     upload policies a second
 * @param deltaMs length of an audio frame, 20–200 ms
 * @param realtimeIdle a realtime session without a message is closed
 * @param realtimeMaxAge a realtime session is closed, whatever it does
 * @param finishGrace from session.finished to the server's own Close; clients may close first
 * @param inferenceIdle an inference socket without a task is closed
 * @param taskGap a task without text while nothing is spoken fails
 * @param deploy from a clone's creation to its status {@code OK}; 0: at once
 * @param policyLife how long an upload policy holds
 * @param oldErrors the HTTP statuses 415, 416 and 430 of older servers, and their words for a voice
 *     that isn't there; otherwise 400
 * @param designLinks query_voice tells an empty {@code resource_link} of designed voices, without
 *     which the Java SDK finds none
 * @param tokenMs how long the language model takes for a token
 */
public record WireSettings(
    boolean paced,
    boolean limits,
    boolean rateLimits,
    int deltaMs,
    Duration realtimeIdle,
    Duration realtimeMaxAge,
    Duration finishGrace,
    Duration inferenceIdle,
    Duration taskGap,
    Duration deploy,
    Duration policyLife,
    boolean oldErrors,
    boolean designLinks,
    int tokenMs) {

  public WireSettings {
    if (deltaMs < 20 || deltaMs > 200) {
      throw new IllegalArgumentException("deltaMs must be 20–200, not " + deltaMs);
    }
  }

  /** Keys are the names of the components; durations end in {@code Ms}. */
  public static WireSettings parse(JsonObject config) {
    return new WireSettings(
        config.getBoolean("paced", false),
        config.getBoolean("limits", true),
        config.getBoolean("rateLimits", false),
        config.getInteger("deltaMs", 100),
        millis(config, "realtimeIdleMs", Duration.ofMinutes(10)),
        millis(config, "realtimeMaxAgeMs", Duration.ofMinutes(120)),
        millis(config, "finishGraceMs", Duration.ofMillis(2500)),
        millis(config, "inferenceIdleMs", Duration.ofSeconds(60)),
        millis(config, "taskGapMs", Duration.ofSeconds(23)),
        millis(config, "deployMs", Duration.ofSeconds(1)),
        millis(config, "policyLifeMs", Duration.ofMinutes(5)),
        config.getBoolean("oldErrors", false),
        config.getBoolean("designLinks", false),
        config.getInteger("tokenMs", 25));
  }

  private static Duration millis(JsonObject config, String key, Duration otherwise) {
    Long value = config.getLong(key);
    return value == null ? otherwise : Duration.ofMillis(value);
  }
}
