package dev.voicebridge.text;

/**
 * What is to be spoken, as it is found. Blanks wait for the next word: where something between them
 * was left out they become one, and a pause may take their place.
 */
final class SpokenOut {
  /** Blanks that wait, at most; it is no gap between words any more. */
  static final int MAX_GAP = 40;

  enum Pause {
    NONE,
    /** Between two words that nothing else parts. */
    SOFT,
    /** Unless there is one already. */
    FIRM
  }

  private static final int SOME_WORDS = 12;

  private final Origins origins = new Origins();
  private final StringBuilder out = new StringBuilder();

  // The gap since the last word.
  private final StringBuilder blanks = new StringBuilder();
  private int gapLength;
  private boolean leftOut;
  private boolean anyBlank;
  private int lineBreaks;
  private Pause pause = Pause.NONE;

  private boolean wrote;
  private int last = Ahead.END;

  /** Whether a voice pauses here by itself. */
  private boolean pausing = true;

  // What the line and the text consist of, to know which punctuation belongs there.
  private int lineCjk;
  private int lineLatin;
  private int cjk;
  private int latin;

  /** Words and signs on this line. */
  private int onLine;

  Origins origins() {
    return origins;
  }

  /** The last character written that was no blank; {@link Ahead#END} after a blank or nothing. */
  int last() {
    return gapLength == 0 ? last : Ahead.END;
  }

  int onLine() {
    return onLine;
  }

  int waiting() {
    return blanks.length();
  }

  /** One character as it is. */
  void copy(int codePoint) {
    closeGap(codePoint);
    out.appendCodePoint(codePoint);
    origins.copied(Character.charCount(codePoint));
    wrote(codePoint);
  }

  /**
   * @param text not empty, without a blank at its beginning
   * @param originalLength what it stands for
   */
  void replace(String text, int originalLength) {
    closeGap(text.codePointAt(0));
    out.append(text);
    origins.replaced(text.length(), originalLength);
    text.codePoints().filter(c -> !Marks.isBlank(c)).forEach(this::wrote);
  }

  private void wrote(int codePoint) {
    wrote = true;
    last = codePoint;
    onLine++;
    if (Marks.isCjk(codePoint)) {
      cjk++;
      lineCjk++;
    } else if (Character.isLetter(codePoint)) {
      latin++;
      lineLatin++;
    }
    if (!Marks.isCloser(codePoint)) {
      pausing = Marks.isPause(codePoint);
    }
  }

  void blank(char c) {
    anyBlank = true;
    gap(c);
  }

  void lineBreak() {
    lineBreaks++;
    gap('\n');
    endLine();
  }

  /** A line that ends where the original has something else. */
  void brokenAt(int originalLength) {
    lineBreaks += onLine > 0 ? 1 : 0;
    leaveOut(originalLength, Pause.NONE);
    endLine();
  }

  private void endLine() {
    onLine = 0;
    lineCjk = 0;
    lineLatin = 0;
  }

  private void gap(char c) {
    gapLength++;
    if (!leftOut) {
      blanks.append(c);
      if (blanks.length() == MAX_GAP) {
        flush();
      }
    }
  }

  void leaveOut(int originalLength, Pause wanted) {
    leftOut = true;
    gapLength += originalLength;
    blanks.setLength(0);
    if (wanted.compareTo(pause) > 0) {
      pause = wanted;
    }
  }

  /** What ended here is a sentence. */
  void sentenceEnd() {
    if (!pausing) {
      out.append(isChinese() ? '。' : '.');
      origins.replaced(1, 0);
      pausing = true;
      pause = Pause.NONE;
    }
  }

  private boolean isChinese() {
    if (lineCjk > 0) {
      return true;
    }
    return lineLatin < SOME_WORDS && cjk * 3 >= latin && cjk > 0;
  }

  private void closeGap(int next) {
    if (gapLength == 0) {
      return;
    }
    if (!leftOut) {
      flush();
      return;
    }
    boolean paused =
        lineBreaks == 0
            && !pausing
            && (pause == Pause.FIRM
                || (pause == Pause.SOFT
                    && Marks.isLetterOrDigit(last)
                    && Marks.isLetterOrDigit(next)));
    String between = "";
    if (paused) {
      between = isChinese() ? "，" : ", ";
      pausing = true;
    } else if (!wrote) {
      between = "";
    } else if (lineBreaks > 0) {
      between = lineBreaks == 1 ? "\n" : "\n\n";
    } else if (anyBlank && !Marks.isPause(next)) {
      between = " ";
    }
    out.append(between);
    origins.replaced(between.length(), gapLength);
    clearGap();
  }

  private void flush() {
    out.append(blanks);
    origins.copied(blanks.length());
    clearGap();
  }

  private void clearGap() {
    blanks.setLength(0);
    gapLength = 0;
    leftOut = false;
    anyBlank = false;
    lineBreaks = 0;
    pause = Pause.NONE;
  }

  void finish() {
    if (leftOut) {
      origins.replaced(0, gapLength);
      clearGap();
    } else {
      flush();
    }
  }

  String take() {
    String text = out.toString();
    out.setLength(0);
    return text;
  }
}
