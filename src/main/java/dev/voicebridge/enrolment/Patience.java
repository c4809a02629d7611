package dev.voicebridge.enrolment;

import java.time.Duration;

/**
 * How long anything may take, and how much may come.
 *
 * @param turn for {@link Pace}
 * @param connect until a connection stands
 * @param answer of a call that only looks something up, from sending to the last byte
 * @param create of a clone or design, which the vendor may work at before it answers
 * @param upload of a sample to the temporary store
 * @param maxAnswerBytes of an ordinary answer
 * @param maxPreviewBytes of an answer with audio in it (10 MB, in base64, and a little)
 */
public record Patience(
    Duration turn,
    Duration connect,
    Duration answer,
    Duration create,
    Duration upload,
    int maxAnswerBytes,
    int maxPreviewBytes) {
  public static final Patience DEFAULTS =
      new Patience(
          Duration.ofSeconds(30),
          Duration.ofSeconds(10),
          Duration.ofSeconds(20),
          Duration.ofSeconds(120),
          Duration.ofSeconds(120),
          4 * 1024 * 1024,
          15 * 1024 * 1024);
}
