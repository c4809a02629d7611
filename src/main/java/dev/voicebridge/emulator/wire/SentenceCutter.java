package dev.voicebridge.emulator.wire;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts text that comes in pieces into sentences, keeping every character. An incomplete rest waits.
 * A sentence without an end is cut after a while, which also bounds the audio held in memory.
 */
final class SentenceCutter {
  private static final int LONGEST_CHARS = 150;
  private static final String ENDS = "。！？!?；;\n";
  private static final String CLOSERS = "”’」』）)】\"'";
  private static final String PAUSES = "，,、：: \t";

  private final StringBuilder text = new StringBuilder();

  /**
   * @return the sentences that are now complete, perhaps none
   */
  List<String> add(String more) {
    text.append(more);
    List<String> sentences = new ArrayList<>();
    int begin = 0;
    int speakableFrom = -1;
    int pause = -1;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (speakableFrom < 0 && Character.isLetterOrDigit(text.codePointAt(i))) {
        speakableFrom = i;
      }
      if (PAUSES.indexOf(c) >= 0) {
        pause = i + 1;
      }
      int end = speakableFrom < 0 ? -1 : endAt(i);
      if (end < 0 && speakableFrom >= 0 && i - begin + 1 >= LONGEST_CHARS) {
        end = pause > speakableFrom ? pause : i + (Character.isHighSurrogate(c) ? 0 : 1);
      }
      if (end > begin) {
        sentences.add(text.substring(begin, end));
        begin = end;
        i = end - 1;
        speakableFrom = -1;
        pause = -1;
      }
    }
    text.delete(0, begin);
    return sentences;
  }

  /** Takes what is left, complete or not; empty when nothing is. */
  String rest() {
    String rest = text.toString();
    text.setLength(0);
    return rest;
  }

  boolean isBlank() {
    return text.chars().allMatch(Character::isWhitespace);
  }

  /**
   * @return the index after the sentence that ends at i, with its closing quotes; −1 if none does
   */
  private int endAt(int i) {
    char c = text.charAt(i);
    boolean full = ENDS.indexOf(c) >= 0;
    // a full stop needs the blank behind it: 3.14, voicebridge.dev
    boolean stop = c == '.' && i + 1 < text.length() && Character.isWhitespace(text.charAt(i + 1));
    if (!full && !stop) {
      return -1;
    }
    int end = i + 1;
    while (end < text.length()
        && (ENDS.indexOf(text.charAt(end)) >= 0 || CLOSERS.indexOf(text.charAt(end)) >= 0)) {
      end++;
    }
    return end;
  }
}
