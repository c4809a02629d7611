package dev.voicebridge.text;

/** What is seen and not read, or not even seen: pictographs, faces, invisible characters. */
final class Pictures {
  // Between these, models put what is meant for the program that shows their answer.
  private static final int PRIVATE_BEGIN = 0xe200;
  private static final int PRIVATE_END = 0xe201;

  /** Puts the character before it on a key. */
  private static final int KEYCAP = 0x20e3;

  private final Page page;
  private final Ahead text;

  Pictures(Page page) {
    this.page = page;
    this.text = page.text;
  }

  boolean invisible(int c) {
    if (c == PRIVATE_BEGIN) {
      page.drop(1);
      page.begin(this::inPrivate);
      return true;
    }
    if (c == KEYCAP && page.out.onLine() == 1 && page.line().kind == Line.Kind.PLAIN) {
      // A digit on a key, where others write "1.".
      page.line().kind = Line.Kind.SENTENCE;
    }
    if (!Marks.isInvisible(c) && !(Marks.isJoiner(c) && !isLetter(text.previous()))) {
      return false;
    }
    page.drop(Character.charCount(c));
    return true;
  }

  private boolean inPrivate() {
    int c = text.peek(0);
    page.drop(1);
    return c != PRIVATE_END && c != '\n';
  }

  /** Of a script that may be written with joiners. */
  private static boolean isLetter(int c) {
    return c >= 0x250 && c < 0x2000;
  }

  boolean pictograph(int c) {
    if (!Marks.isPictograph(c)) {
      return false;
    }
    Line line = page.line();
    if (line.atStart && line.kind == Line.Kind.PLAIN && page.out.onLine() == 0) {
      line.kind = Line.Kind.SENTENCE;
    }
    page.drop(Character.charCount(c), SpokenOut.Pause.SOFT);
    return true;
  }

  /** ":-)" */
  boolean face() {
    int length = Faces.length(text);
    if (length == 0) {
      return false;
    }
    page.drop(length, SpokenOut.Pause.SOFT);
    return true;
  }

  /** ":smile:" */
  boolean shortcode() {
    if (!Marks.isBlankOrEnd(text.previous()) && text.previous() < 0x2e80) {
      return false;
    }
    int i = 1;
    while (i < 32) {
      int c = text.peek(i);
      boolean first = c >= 'a' && c <= 'z';
      if (!first && !(i > 1 && (Marks.isDigit(c) || c == '_' || c == '+' || c == '-'))) {
        break;
      }
      i++;
    }
    if (i < 3 || text.peek(i) != ':' || Marks.isWord(text.peek(i + 1))) {
      return false;
    }
    page.drop(i + 1, SpokenOut.Pause.SOFT);
    return true;
  }
}
