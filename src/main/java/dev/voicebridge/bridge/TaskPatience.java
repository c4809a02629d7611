package dev.voicebridge.bridge;

import java.time.Duration;

/**
 * How long a socket of tasks waits; the vendor's own numbers, because its clients count on them.
 *
 * @param idle for the next task, before the socket is closed
 * @param textGap for more text inside a task, while nothing is spoken, before the task fails
 * @param refused for the first task of a client that cannot be served, so that it can be told
 */
public record TaskPatience(Duration idle, Duration textGap, Duration refused) {
  public static final TaskPatience DEFAULTS =
      new TaskPatience(Duration.ofSeconds(60), Duration.ofSeconds(23), Duration.ofSeconds(5));
}
