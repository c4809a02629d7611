package dev.voicebridge.text;

/**
 * A stretch of text with a rule of its own, however long it is: code in a line, or something that
 * is left out and not kept.
 */
interface Stretch {
  /**
   * Decides on what comes next, or throws {@link Ahead.More} before anything changes.
   *
   * @return whether the stretch goes on
   */
  boolean step();

  /** Left out, with the mark at its end. */
  static Stretch upTo(Page page, String end) {
    return () -> {
      boolean over = page.text.startsWith(0, end);
      page.drop(over ? end.length() : 1);
      return !over;
    };
  }

  /** The rest of the line is left out. */
  static Stretch line(Page page) {
    return () -> {
      if (page.text.peek(0) == '\n') {
        return false;
      }
      page.drop(1);
      return true;
    };
  }
}
