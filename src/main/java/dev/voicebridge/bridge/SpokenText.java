package dev.voicebridge.bridge;

import dev.voicebridge.upstream.UpstreamListener.Word;
import java.lang.Character.UnicodeScript;
import java.util.List;

/** Guesses at how long a text takes, and how far into it a listener is. */
final class SpokenText {
  private SpokenText() {}

  /** Usual length of a text at a speech rate, ms: about four and a half syllables a second. */
  static long estimateMs(CharSequence text, double speechRate) {
    long ms =
        text.codePoints()
            .map(
                point ->
                    switch (UnicodeScript.of(point)) {
                      case HAN, HANGUL -> 220;
                      case HIRAGANA, KATAKANA -> 130;
                      default -> 65;
                    })
            .asLongStream()
            .sum();
    return Math.round(ms / speechRate);
  }

  /**
   * Where in the text a listener is after so much of its audio.
   *
   * @param words what times are known, in order
   * @return a UTF-16 index from 0 to the length of the text, never inside a character
   */
  static int indexAt(String text, long heardMs, double speechRate, List<Word> words) {
    if (heardMs <= 0) {
      return 0;
    }
    int index = 0;
    long fromMs = 0;
    for (Word word : words) {
      if (word.beginMs() > heardMs) {
        return Math.min(Math.max(index, word.beginIndex()), text.length());
      }
      index = Math.min(word.endIndex(), text.length());
      fromMs = word.endMs();
    }
    while (index < text.length()) {
      int next = text.offsetByCodePoints(index, 1);
      fromMs += estimateMs(text.substring(index, next), speechRate);
      if (fromMs > heardMs) {
        return index;
      }
      index = next;
    }
    return index;
  }
}
