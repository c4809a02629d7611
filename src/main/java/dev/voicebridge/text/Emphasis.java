package dev.voicebridge.text;

/** Bold, italic, struck out and highlighted text. */
final class Emphasis {
  /** More stars than this are no emphasis. */
  private static final int MAX_RUN = 4;

  /** So far ahead its end is looked for, where it may be none; a voice waits as long. */
  private static final int LONGEST_BOLD = 80;

  private final Page page;
  private final Ahead text;

  // Of this line.
  private boolean bold;

  /** Began together with bold, and has not ended. */
  private boolean italic;

  private boolean boldFromStart;

  /** Then stars are marks here, even without an end. */
  private boolean anyBold;

  Emphasis(Page page) {
    this.page = page;
    this.text = page.text;
    page.atLineEnd(
        () -> {
          bold = false;
          italic = false;
          boldFromStart = false;
          anyBold = false;
        });
  }

  boolean star() {
    int length = text.run(0, MAX_RUN);
    int before = text.previous();
    boolean masked = page.out.last() == '*';
    if (length == MAX_RUN || masked) {
      // "138****5678"
      int whole = page.run(0);
      if (masked || Marks.isWord(before) || Marks.isWord(text.peek(whole))) {
        return false;
      }
      page.drop(whole);
      return true;
    }
    int next = text.peek(length);
    return length > 1 ? strong(length, before, next) : single(before, next);
  }

  private boolean single(int before, int next) {
    if (italic && !Marks.isBlankOrEnd(before)) {
      italic = false;
      page.drop(1);
      return true;
    }
    if (Marks.isWord(before) || before == ')' || Marks.isBlankOrEnd(next)) {
      return false;
    }
    boolean opens = Marks.isLetterOrDigit(next) || next > 0x7f || "\"'([".indexOf(next) >= 0;
    if (!opens || (Marks.isCjk(before) && page.line().equation)) {
      return false;
    }
    int close = page.closer('*', 1, 1);
    if (close > 0 && !(Marks.isCjk(before) && close <= 2)) {
      page.closeAt(close, 1);
      page.drop(1);
      return true;
    }
    if (page.line().atStart && (Marks.isCjk(next) || (close == 0 && Marks.isAsciiLetter(next)))) {
      // A note under a table.
      page.drop(1);
      return true;
    }
    return false;
  }

  private boolean strong(int length, int before, int next) {
    if (bold) {
      bold = false;
      italic = false;
      anyBold = true;
      page.drop(length);
      page.line().boldTo = boldFromStart ? page.out.onLine() : -1;
      return true;
    }
    boolean power =
        (Marks.isWord(before) || before == ')' || before == ']')
            && !Marks.isCjk(next)
            && next != '"'
            && next != '“';
    boolean operator = !page.line().atStart && Marks.isBlankOrEnd(before) && Marks.isBlank(next);
    if (power || operator || isPointer(length, before, next)) {
      return page.literal(length);
    }
    bold = !Marks.isBlankOrEnd(next);
    italic = bold && length == 3;
    boldFromStart = bold && page.out.onLine() == 0;
    page.drop(length);
    return true;
  }

  /** "char **argv", "f(**options)": stars before a name, in a line where none end bold text. */
  private boolean isPointer(int length, int before, int next) {
    boolean mayBe =
        length == 2
            && !anyBold
            && page.out.onLine() > 0
            && endsNothing(before)
            && (Marks.isAsciiLetter(next) || next == '_');
    if (!mayBe) {
      return false;
    }
    for (int i = length; i < LONGEST_BOLD; i++) {
      int c = text.peek(i);
      if (c == '\n' || c == Ahead.END) {
        return true;
      }
      if (c == '*' && text.peek(i + 1) == '*' && !endsNothing(text.peek(i - 1))) {
        return false;
      }
    }
    return false;
  }

  /** Before a mark: that ends no bold text. */
  private static boolean endsNothing(int c) {
    return c == '(' || Marks.isBlank(c);
  }

  boolean underscore() {
    int length = page.run(0);
    int before = text.previous();
    int next = text.peek(length);
    if (length >= 3) {
      if (Marks.isWord(before) && Marks.isWord(next)) {
        return page.literal(length);
      }
      page.drop(length);
      return true;
    }
    if (Marks.isWord(before)
        || "_/.@-:\\".indexOf(before) >= 0
        || Marks.isBlankOrEnd(next)
        || !(Marks.isLetterOrDigit(next) || next > 0x7f || "\"'(*".indexOf(next) >= 0)) {
      return false;
    }
    int close = page.closer('_', length, length);
    if (close == 0) {
      return length == 2 && page.literal(2);
    }
    if (length == 2 && Words.PYTHON_NAMES.contains(text.text(2, close))) {
      return page.literal(2);
    }
    page.closeAt(close, length);
    page.drop(length);
    return true;
  }

  /** Two strike out, and any other number is as long as one. */
  boolean tilde() {
    if (text.previous() == '~' || text.peek(1) != '~') {
      return false;
    }
    int length = page.run(0);
    if (length == 2) {
      int close = Marks.isBlankOrEnd(text.peek(2)) ? 0 : struck();
      if (close > 0) {
        page.closeAt(close, 2);
        page.drop(2);
        return true;
      }
    }
    page.say("~", length);
    return true;
  }

  private int struck() {
    for (int i = 3; i < Page.REACH; i++) {
      int c = text.peek(i);
      if (c == '\n' || c == Ahead.END) {
        return 0;
      }
      if (c == '~' && text.peek(i + 1) == '~' && !Marks.isBlank(text.peek(i - 1))) {
        return i;
      }
    }
    return 0;
  }

  /** "==…==" */
  boolean highlight() {
    int line = text.run(0, 5) == 5 ? page.run(0) : 0;
    if (line > 0) {
      page.drop(line, SpokenOut.Pause.FIRM);
      return true;
    }
    int before = text.previous();
    if (before == '='
        || text.peek(1) != '='
        || text.peek(2) == '='
        || Marks.isWord(before)
        || Marks.isBlankOrEnd(text.peek(2))) {
      return false;
    }
    int close = page.closer('=', 2, 2);
    if (close == 0) {
      return false;
    }
    page.closeAt(close, 2);
    page.drop(2);
    return true;
  }
}
