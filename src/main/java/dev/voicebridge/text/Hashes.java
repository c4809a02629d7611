package dev.voicebridge.text;

/** Hashes that begin no line: around a hashtag, and behind a heading. */
final class Hashes {
  private final Page page;
  private final Ahead text;

  /** Whether a hashtag has begun that another hash may end. */
  private boolean hashtag;

  Hashes(Page page) {
    this.page = page;
    this.text = page.text;
    page.atLineEnd(this::blank);
  }

  /** No hashtag has a blank in it. */
  void blank() {
    hashtag = false;
  }

  boolean hash() {
    int before = text.previous();
    if (hashtag && before != '#' && !Marks.isBlank(before)) {
      hashtag = false;
      page.drop(1);
      return true;
    }
    if (page.line().kind == Line.Kind.SENTENCE && Marks.isBlankOrEnd(before)) {
      // The end of a heading.
      int length = text.run(0, 7);
      int next = text.peek(length);
      if (page.out.onLine() > 0 && (next == '\n' || next == Ahead.END)) {
        page.drop(length);
        return true;
      }
    }
    if (!Marks.isWord(before) && before != '#' && Marks.isCjk(text.codePoint(1))) {
      hashtag = true;
      page.drop(1);
      return true;
    }
    return false;
  }
}
