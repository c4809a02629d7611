package dev.voicebridge.library;

import java.time.Duration;

/**
 * How often, how long.
 *
 * @param refresh between two looks at the vendor's list, over all instances
 * @param settle a voice younger than that may be missing from the vendor's list
 * @param pending how long an enrolment without an answer may turn up in the vendor's list before
 *     its record is given up
 * @param ask between two questions for a voice's status, at first; it grows to ten times that
 * @param follow how long a voice is followed; the refresh looks after it from then on
 * @param take how long a designed voice that is one try of several is kept
 */
record Times(
    Duration refresh,
    Duration settle,
    Duration pending,
    Duration ask,
    Duration follow,
    Duration take) {
  static final Times USUAL =
      new Times(
          Duration.ofSeconds(60),
          Duration.ofSeconds(30),
          Duration.ofMinutes(10),
          Duration.ofSeconds(1),
          Duration.ofMinutes(6),
          Duration.ofHours(1));
}
