package dev.voicebridge.emulator.engine;

import java.util.Arrays;

/**
 * Text as the library gets it, with the place in the utterance that each character stands for: the
 * two differ where kanji became kana or signs became words.
 */
final class Spoken {
  private final StringBuilder text = new StringBuilder();
  private int[] codePoints = new int[64];
  private int[] begins = new int[64];
  private int[] ends = new int[64];
  private int length;

  /** One character that stands for the utterance's text from begin to end. */
  void add(int codePoint, int begin, int end) {
    if (length == codePoints.length) {
      codePoints = Arrays.copyOf(codePoints, 2 * length);
      begins = Arrays.copyOf(begins, 2 * length);
      ends = Arrays.copyOf(ends, 2 * length);
    }
    text.appendCodePoint(codePoint);
    codePoints[length] = codePoint;
    begins[length] = begin;
    ends[length] = end;
    length++;
  }

  /** Several characters that together stand for the utterance's text from begin to end. */
  void add(String replacement, int begin, int end) {
    replacement.codePoints().forEach(codePoint -> add(codePoint, begin, end));
  }

  String text() {
    return text.toString();
  }

  /** In code points, as the library counts. */
  int length() {
    return length;
  }

  int codePoint(int at) {
    return codePoints[at];
  }

  int begin(int at) {
    return begins[at];
  }

  int end(int at) {
    return ends[at];
  }

  boolean hasSound() {
    for (int i = 0; i < length; i++) {
      if (Character.isLetterOrDigit(codePoints[i])
          || codePoints[i] == '&'
          || codePoints[i] == '%') {
        return true;
      }
    }
    return false;
  }

  /** Whether a pause belongs after the last character. */
  boolean endsWithPunctuation() {
    for (int i = length - 1; i >= 0; i--) {
      if (!Character.isWhitespace(codePoints[i])) {
        return ".!?,;:。！？，、；：…".indexOf(codePoints[i]) >= 0;
      }
    }
    return false;
  }
}
