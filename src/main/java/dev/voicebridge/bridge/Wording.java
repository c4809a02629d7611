package dev.voicebridge.bridge;

import dev.voicebridge.text.Origins;
import dev.voicebridge.text.Rewriter;
import dev.voicebridge.upstream.UpstreamListener.Word;
import java.util.List;

/**
 * The text of a turn as it was appended, and as it is spoken. Indices are UTF-16 units; those of
 * the service are of the spoken text, those of the client of its own.
 */
final class Wording {
  private final List<Rewriter> rewriters;
  private final StringBuilder original = new StringBuilder();

  /** The original itself where nothing is done to it. */
  private final StringBuilder spoken;

  private boolean ended;

  Wording(Diction diction) {
    this.rewriters = diction.rewriters();
    this.spoken = rewriters.isEmpty() ? original : new StringBuilder();
  }

  /**
   * @return what is to be spoken of it by now, perhaps nothing
   */
  String append(String more) {
    original.append(more);
    if (rewriters.isEmpty()) {
      return more;
    }
    String piece = more;
    for (Rewriter rewriter : rewriters) {
      piece = rewriter.feed(piece);
    }
    spoken.append(piece);
    return piece;
  }

  /**
   * No more text comes. Idempotent.
   *
   * @return what was held back
   */
  String end() {
    String piece = "";
    if (!ended) {
      ended = true;
      for (Rewriter rewriter : rewriters) {
        piece = rewriter.feed(piece) + rewriter.finish();
      }
      if (spoken != original) {
        spoken.append(piece);
      }
    }
    return piece;
  }

  /** As the client appended it. */
  StringBuilder original() {
    return original;
  }

  /** As the service gets it; grows. */
  StringBuilder spoken() {
    return spoken;
  }

  /** How much of the original has been spoken when so much of the spoken text has. */
  int originalTo(int spokenTo) {
    if (ended && spokenTo >= spoken.length()) {
      return original.length();
    }
    int index = spokenTo;
    for (int i = rewriters.size() - 1; i >= 0; i--) {
      Origins origins = rewriters.get(i).origins();
      index = origins.endOf(index);
    }
    return Math.min(index, original.length());
  }

  /**
   * Words of the service as the client knows them.
   *
   * @param from where the spoken text of their response begins
   * @param base where its original begins
   */
  List<Word> originals(List<Word> words, int from, int base) {
    if (rewriters.isEmpty()) {
      return words;
    }
    return words.stream()
        .map(
            word -> {
              int begin = beginOf(from + word.beginIndex());
              int end = Math.max(begin, endOf(from + word.endIndex()));
              return new Word(
                  word.text(),
                  Math.max(0, begin - base),
                  Math.max(0, end - base),
                  word.beginMs(),
                  word.endMs());
            })
        .toList();
  }

  private int beginOf(int spokenIndex) {
    int index = spokenIndex;
    for (int i = rewriters.size() - 1; i >= 0; i--) {
      index = rewriters.get(i).origins().beginOf(index);
    }
    return index;
  }

  /** Where the original of the character before that index ends. */
  private int endOf(int spokenIndex) {
    int index = spokenIndex;
    for (int i = rewriters.size() - 1; i >= 0; i--) {
      index = rewriters.get(i).origins().endOfCharacter(index - 1);
    }
    return index;
  }
}
