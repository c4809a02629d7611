package dev.voicebridge.upstream;

import java.util.ArrayList;
import java.util.List;

/** What can be said about a text before it is spoken. */
public final class SpeechText {
  private SpeechText() {}

  /** Whether there is anything to pronounce: a letter or a digit. */
  public static boolean speakable(CharSequence text) {
    return text.codePoints().anyMatch(Character::isLetterOrDigit);
  }

  /**
   * The vendor's count (CosyVoice limits and billing): a Han character is two, anything else one.
   */
  public static int characters(CharSequence text) {
    return text.codePoints()
        .map(point -> Character.UnicodeScript.of(point) == Character.UnicodeScript.HAN ? 2 : 1)
        .sum();
  }

  /**
   * Cuts a text that is too long for one synthesis where a listener expects a pause: after a
   * sentence, else after a clause, else at a blank, else anywhere but inside a character.
   *
   * @param maxChars most UTF-16 units of a piece, at least 2
   * @return the pieces; joined they are the text
   */
  public static List<String> pieces(String text, int maxChars) {
    List<String> pieces = new ArrayList<>();
    int from = 0;
    while (text.length() - from > maxChars) {
      int cut = cutBefore(text, from, from + maxChars);
      pieces.add(text.substring(from, cut));
      from = cut;
    }
    if (from < text.length() || pieces.isEmpty()) {
      pieces.add(text.substring(from));
    }
    return pieces;
  }

  private static int cutBefore(String text, int from, int to) {
    int clause = -1;
    int blank = -1;
    // A piece shorter than half the limit would cost more joins than it saves the ear.
    for (int i = to - 1; i >= from + (to - from) / 2; i--) {
      char c = text.charAt(i);
      if ("。！？!?\n".indexOf(c) >= 0 || (c == '.' && i + 1 < to && text.charAt(i + 1) == ' ')) {
        return i + 1;
      }
      if (clause < 0 && "，、；：,;:".indexOf(c) >= 0) {
        clause = i + 1;
      }
      if (blank < 0 && Character.isWhitespace(c)) {
        blank = i + 1;
      }
    }
    if (clause > 0) {
      return clause;
    }
    if (blank > 0) {
      return blank;
    }
    return Character.isLowSurrogate(text.charAt(to)) ? to - 1 : to;
  }
}
