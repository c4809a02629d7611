package dev.voicebridge.text;

/** Code: a block of it is left out, in a line it is read as it is. */
final class Code {
  private final Page page;
  private final Ahead text;

  /** A fence around Markdown, which is read: how its end looks. */
  private int readFence;

  private int readFenceMark;

  Code(Page page) {
    this.page = page;
    this.text = page.text;
  }

  /** The beginning of a block, or the end of one that has been read. */
  boolean fence(int mark) {
    int length = text.run(0, 20);
    if (length < 3) {
      return false;
    }
    int end = length;
    while (end < Page.REACH) {
      int c = text.peek(end);
      if (c == '\n' || c == Ahead.END) {
        break;
      }
      if (c == mark && mark == '`') {
        return false;
      }
      end++;
    }
    String kind = text.text(length, end).strip();
    if (readFenceMark == mark && length >= readFence && kind.isEmpty()) {
      readFenceMark = 0;
      page.drop(end);
      return true;
    }
    page.out.sentenceEnd();
    if (kind.equals("markdown") || kind.equals("md")) {
      readFenceMark = mark;
      readFence = length;
    } else {
      page.begin(new Block(mark, length));
    }
    page.drop(end);
    return true;
  }

  boolean backtick() {
    int length = page.run(0);
    int i = length;
    int previous = Ahead.END;
    while (i < Page.REACH) {
      int c = text.peek(i);
      if (c == Ahead.END || (c == '\n' && previous == '\n')) {
        break;
      }
      if (c == '`') {
        int run = page.run(i);
        if (run == length) {
          long end = text.at() + i;
          page.begin(() -> inLine(end, run));
          break;
        }
        i += run;
      } else {
        i++;
      }
      previous = c;
    }
    page.drop(length);
    return true;
  }

  private boolean inLine(long end, int mark) {
    if (text.at() >= end) {
      page.drop(mark);
      return false;
    }
    int c = text.codePoint(0);
    if (c == '\n') {
      page.lineBreak();
    } else if (Marks.isBlank(c)) {
      page.blank(c);
    } else {
      page.copy(c);
    }
    return true;
  }

  /** What is between two fences. */
  private final class Block implements Stretch {
    private final int mark;
    private final int length;
    private boolean atLineStart;

    Block(int mark, int length) {
      this.mark = mark;
      this.length = length;
    }

    @Override
    public boolean step() {
      int end = atLineStart ? end() : 0;
      if (end > 0) {
        page.drop(end);
        return false;
      }
      atLineStart = text.peek(0) == '\n';
      page.drop(1);
      return true;
    }

    /** How long the line is that ends the block; zero: this does not. */
    private int end() {
      int at = 0;
      while (at < Page.REACH && (Marks.isBlank(text.peek(at)) || text.peek(at) == '>')) {
        at++;
      }
      if (text.peek(at) != mark || page.run(at) < length) {
        return 0;
      }
      int end = at + page.run(at);
      while (end < Page.REACH && Marks.isBlank(text.peek(end))) {
        end++;
      }
      int after = text.peek(end);
      return after == '\n' || after == Ahead.END ? end : 0;
    }
  }
}
