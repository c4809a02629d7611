package dev.voicebridge.llm;

import java.time.Duration;

/**
 * How long a language model may take.
 *
 * @param connect until a connection stands, waiting for a free one included
 * @param answer from the request to the head of the answer; models that think may take long
 * @param gap longest silence in the answer; keep-alives count as a sign
 * @param whole from the first to the last byte of the answer
 */
public record ChatDeadlines(Duration connect, Duration answer, Duration gap, Duration whole) {
  public static final ChatDeadlines DEFAULTS =
      new ChatDeadlines(
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(20),
          Duration.ofMinutes(10));
}
