package dev.voicebridge.text;

/** What is known of the line that is being read; the next one begins without it. */
final class Line {
  enum Kind {
    PLAIN,
    /** Ends with a sentence, whatever punctuation it has: a heading, an item. */
    SENTENCE,
    /** Of a table; ends with a sentence, too. */
    ROW
  }

  Kind kind = Kind.PLAIN;

  /** Nothing has been spoken of it, and nothing but marks left out. */
  boolean atStart = true;

  boolean afterBullet;

  /** Whether there is anything on the line, spoken or not. */
  boolean marked;

  /** Somebody calculates: a star is a sign there. */
  boolean equation;

  /** How much was on it when bold text ended that the line began with; -1: no such text. */
  int boldTo = -1;
}
