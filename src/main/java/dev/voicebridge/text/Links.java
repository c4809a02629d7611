package dev.voicebridge.text;

/** Links and images: their text is read, their targets are not. */
final class Links {
  private final Page page;
  private final Ahead text;

  Links(Page page) {
    this.page = page;
    this.text = page.text;
  }

  /** Where the square bracket that begins here ends, on the same line; zero: nowhere near. */
  static int closing(Ahead text) {
    int depth = 0;
    for (int i = 0; i < Page.REACH; i++) {
      int c = text.peek(i);
      if (c == '\n' || c == Ahead.END) {
        return 0;
      }
      if (c == '\\') {
        i++;
      } else if (c == '[') {
        depth++;
      } else if (c == ']' && --depth == 0) {
        return i;
      }
    }
    return 0;
  }

  /** "[id]: https://…" and "[^1]: …" say something to the reader of the page only. */
  boolean definition() {
    int close = closing(text);
    if (close == 0 || text.peek(close + 1) != ':') {
      return false;
    }
    if (text.peek(1) != '^') {
      int at = close + 2;
      while (at < close + 6 && Marks.isBlank(text.peek(at))) {
        at++;
      }
      if (!WebAddresses.isScheme(text, at) && text.peek(at) != '<') {
        return false;
      }
    }
    page.drop(close + 2);
    page.begin(Stretch.line(page));
    return true;
  }

  /**
   * @param inner what is in the brackets
   * @param close where they end
   * @param target what {@link #hasTarget} says
   */
  boolean link(String inner, int close, boolean target) {
    if (target) {
      opened(1, close, ')');
      return true;
    }
    if (text.peek(close + 1) == '[' && !inner.isBlank() && isReference(close + 2)) {
      opened(1, close, ']');
      return true;
    }
    return false;
  }

  /** "![…](…)" */
  boolean image() {
    int before = text.previous();
    if (!Marks.isBlankOrEnd(before) && "([|".indexOf(before) < 0) {
      return false;
    }
    if (text.peek(1) != '[') {
      return false;
    }
    int close = 0;
    for (int i = 2; i < Page.REACH && close == 0; i++) {
      int c = text.peek(i);
      if (c == '\n' || c == Ahead.END || c == '[') {
        return false;
      }
      close = c == ']' ? i : 0;
    }
    if (close == 0 || text.peek(close + 1) != '(') {
      return false;
    }
    opened(2, close, ')');
    return true;
  }

  /** What follows the brackets goes with them. */
  void leaveOutTarget() {
    page.begin(new Target(0, ')'));
  }

  /** Reads the text, and leaves out the target behind it. */
  private void opened(int mark, int close, int targetEnd) {
    page.at(
        close,
        () -> {
          page.drop(2);
          page.begin(new Target(1, targetEnd));
        });
    page.drop(mark);
  }

  /** Whether what follows the brackets looks like the target of a link and not like a remark. */
  boolean hasTarget(int close) {
    if (text.peek(close + 1) != '(') {
      return false;
    }
    int at = close + 2;
    int c = text.peek(at);
    if (c == Ahead.END || c >= 0x80 || Marks.isBlankOrEnd(c)) {
      return false;
    }
    if ("/#.<?)".indexOf(c) >= 0 || WebAddresses.isScheme(text, at)) {
      return true;
    }
    for (int i = at; i < Page.REACH; i++) {
      c = text.peek(i);
      if (c == ')' || c == Ahead.END) {
        return c == ')';
      }
      if (Marks.isBlankOrEnd(c)) {
        int next = text.peek(i + 1);
        return next == '"' || next == '\'' || next == ')';
      }
    }
    return true;
  }

  /** "id]" */
  private boolean isReference(int at) {
    for (int i = at; i < at + 40; i++) {
      int c = text.peek(i);
      if (c == ']') {
        return true;
      }
      if (c == '\n' || c == Ahead.END || c == '[') {
        return false;
      }
    }
    return false;
  }

  /** What a link points to, up to the bracket that ends it; over no line's end. */
  private final class Target implements Stretch {
    private final int end;
    private int depth;

    Target(int depth, int end) {
      this.depth = depth;
      this.end = end;
    }

    @Override
    public boolean step() {
      int c = text.peek(0);
      if (c == '\n') {
        return false;
      }
      if (c == '\\' && text.peek(1) != Ahead.END && text.peek(1) != '\n') {
        page.drop(2);
        return true;
      }
      if (c == end) {
        depth--;
      } else if (c == (end == ')' ? '(' : '[')) {
        depth++;
      }
      page.drop(1);
      return depth != 0;
    }
  }
}
