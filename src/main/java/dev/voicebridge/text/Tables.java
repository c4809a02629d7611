package dev.voicebridge.text;

/** Rows of tables: a bar between two cells is a pause. */
final class Tables {
  private final Page page;
  private final Ahead text;

  /** Until a line with nothing on it. */
  private boolean inTable;

  Tables(Page page) {
    this.page = page;
    this.text = page.text;
    page.atLineEnd(() -> inTable &= page.line().marked);
  }

  /** The line under the head of a table. */
  boolean delimiterRow() {
    int end = delimiterRow(0);
    if (end == 0) {
      return false;
    }
    page.drop(end);
    inTable = true;
    return true;
  }

  private int delimiterRow(int from) {
    boolean dash = false;
    boolean bar = false;
    for (int i = from; i < Page.REACH; i++) {
      int c = text.peek(i);
      if (c == '\n' || c == Ahead.END) {
        return dash && bar ? i : 0;
      }
      dash |= c == '-';
      bar |= c == '|';
      if (c != '-' && c != '|' && c != ':' && !Marks.isBlank(c)) {
        return 0;
      }
    }
    return 0;
  }

  /** A row that begins with a bar. */
  boolean row() {
    // "|x|" is also a number; a row has blanks in its cells, or a bar at its end.
    boolean spaced = Marks.isBlank(text.peek(1));
    int last = Ahead.END;
    for (int i = 1; i < Page.REACH; i++) {
      int c = text.peek(i);
      if (c == '\n' || c == Ahead.END) {
        if (last != '|') {
          return false;
        }
        break;
      }
      if (c == '|' && spaced) {
        break;
      }
      last = Marks.isBlank(c) ? last : c;
    }
    page.drop(1);
    page.line().kind = Line.Kind.ROW;
    page.line().atStart = false;
    return true;
  }

  /** A bar in the line. */
  boolean bar() {
    if (page.line().kind == Line.Kind.ROW || inTable) {
      return cellEnd();
    }
    for (int i = 1; i < Page.REACH; i++) {
      int c = text.peek(i);
      if (c == Ahead.END) {
        return false;
      }
      if (c == '\n') {
        return delimiterRow(i + 1) > 0 && cellEnd();
      }
    }
    return false;
  }

  private boolean cellEnd() {
    page.line().kind = Line.Kind.ROW;
    page.drop(1, SpokenOut.Pause.FIRM);
    return true;
  }

  /** A cell that says yes or no with a sign. */
  boolean verdict(int c) {
    if (page.line().kind != Line.Kind.ROW) {
      return false;
    }
    boolean yes = "✅✔✓☑".indexOf(c) >= 0;
    if (!yes && "❌✗✘✖".indexOf(c) < 0) {
      return false;
    }
    int end = 1;
    while (end < 10 && (Marks.isBlank(text.peek(end)) || text.peek(end) == 0xfe0f)) {
      end++;
    }
    int after = text.peek(end);
    if (after != '|' && after != '\n' && after != Ahead.END) {
      return false;
    }
    if (page.out.isChinese()) {
      page.say(yes ? "是" : "否", 1);
    } else {
      page.say(yes ? "yes" : "no", 1);
    }
    return true;
  }
}
