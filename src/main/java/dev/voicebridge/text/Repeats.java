package dev.voicebridge.text;

/** Punctuation that is repeated: one is as loud as three. */
final class Repeats {
  private final Page page;
  private final Ahead text;
  private int dots;

  Repeats(Page page) {
    this.page = page;
    this.text = page.text;
  }

  boolean repeated(int c) {
    if (text.previous() != c) {
      return false;
    }
    page.drop(1);
    return true;
  }

  /** "..." is an ellipsis; more of it says no more. */
  boolean dot() {
    dots = text.previous() == '.' ? dots + 1 : 1;
    if (dots <= 3) {
      return false;
    }
    page.drop(1);
    return true;
  }

  /** Four and more are a line, not a dash. */
  boolean dashes() {
    int mark = text.peek(0);
    if (text.peek(1) != mark) {
      return false;
    }
    int length = page.run(0);
    if (length < (mark == '-' ? 4 : 5)) {
      return false;
    }
    page.drop(length, SpokenOut.Pause.FIRM);
    return true;
  }
}
