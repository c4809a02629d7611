package dev.voicebridge.bridge;

import java.time.Duration;

/**
 * How long a session waits where no {@link SessionLimits} says so.
 *
 * @param authentication for the first message of a client that has not shown who it is
 * @param progress for the next sign of a service that has the whole text
 * @param openProgress likewise while a response speaks and its text may still grow; longer than a
 *     service's own limit for a gap in the text
 * @param idleLane for the next text, before the conversation with the service is ended; the vendors
 *     close idle sockets after about a minute
 * @param finishGrace between {@code session.finished} and the close: the vendor's SDK throws when a
 *     server closes in the same breath
 * @param farewell for a client to take the close frame, before the connection is cut
 * @param tick between two looks at the deadlines
 */
public record Patience(
    Duration authentication,
    Duration progress,
    Duration openProgress,
    Duration idleLane,
    Duration finishGrace,
    Duration farewell,
    Duration tick) {
  public static final Patience DEFAULTS =
      new Patience(
          Duration.ofSeconds(5),
          Duration.ofSeconds(20),
          Duration.ofSeconds(30),
          Duration.ofSeconds(50),
          Duration.ofMillis(2_500),
          Duration.ofSeconds(5),
          Duration.ofSeconds(1));
}
