package dev.voicebridge.text;

/**
 * Text that has come and has not been decided on. Whoever looks further than it goes is stopped
 * with {@link More} and asked again later; so a decision sees the same text however it was cut.
 */
final class Ahead {
  /** What is behind the end of the text. */
  static final int END = -1;

  /** Nothing can be decided before more text has come. */
  static final class More extends RuntimeException {
    private static final long serialVersionUID = 1;

    private More() {
      super(null, null, false, false);
    }
  }

  /** So much is kept of what has been decided on. */
  private static final int BEHIND = 40;

  private final StringBuilder buffer = new StringBuilder();
  private int from;
  private long at;
  private boolean finished;
  private int previous = END;

  void add(String piece) {
    int done = Math.max(0, from - BEHIND);
    buffer.delete(0, done);
    from -= done;
    buffer.append(piece);
  }

  void finish() {
    finished = true;
  }

  boolean isEmpty() {
    return from == buffer.length();
  }

  /** How much waits for a decision. */
  int held() {
    return buffer.length() - from;
  }

  /** Index in the whole text of what comes next. */
  long at() {
    return at;
  }

  /** The unit before, or {@link #END}. */
  int previous() {
    return previous;
  }

  /** The last units before, some dozens at most. */
  String behind() {
    return buffer.substring(Math.max(0, from - BEHIND), from);
  }

  /** The unit so far ahead, or {@link #END}. */
  int peek(int index) {
    int i = from + index;
    if (i < buffer.length()) {
      return buffer.charAt(i);
    }
    if (finished) {
      return END;
    }
    throw new More();
  }

  int codePoint(int index) {
    int high = peek(index);
    if (high != END && Character.isHighSurrogate((char) high)) {
      int low = peek(index + 1);
      if (low != END && Character.isLowSurrogate((char) low)) {
        return Character.toCodePoint((char) high, (char) low);
      }
    }
    return high;
  }

  /** Looks no further than needed. */
  boolean startsWith(int index, String expected) {
    for (int i = 0; i < expected.length(); i++) {
      if (peek(index + i) != expected.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /**
   * @param lowerCase ASCII
   */
  boolean startsWithIgnoringCase(int index, String lowerCase) {
    for (int i = 0; i < lowerCase.length(); i++) {
      int c = peek(index + i);
      if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != lowerCase.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** How often the unit at that index is repeated, {@code most} at most. */
  int run(int index, int most) {
    int c = peek(index);
    int length = 1;
    while (length < most && peek(index + length) == c) {
      length++;
    }
    return length;
  }

  /** What has been looked at already. */
  String text(int begin, int end) {
    return buffer.substring(from + begin, Math.min(from + end, buffer.length()));
  }

  void take(int length) {
    from += length;
    at += length;
    previous = buffer.charAt(from - 1);
  }
}
