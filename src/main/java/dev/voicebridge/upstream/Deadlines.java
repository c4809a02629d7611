package dev.voicebridge.upstream;

import java.time.Duration;

/**
 * How long a service may take, and what it would not wait for itself.
 *
 * @param connect until the upgrade is answered
 * @param taskStart until {@code task-started}; the vendor starts a task at once or not at all
 * @param textGap longest silence of ours inside a task: the vendor fails it after 23 s without
 *     text, and a little earlier it ends well
 * @param keepIdle how long a socket is kept for the next task; the vendor closes after about 60 s
 */
public record Deadlines(Duration connect, Duration taskStart, Duration textGap, Duration keepIdle) {
  public static final Deadlines DEFAULTS =
      new Deadlines(
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          Duration.ofSeconds(20),
          Duration.ofSeconds(50));
}
