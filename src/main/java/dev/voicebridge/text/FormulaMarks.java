package dev.voicebridge.text;

/** Where a formula begins and ends; {@link Formula} reads what is between. */
final class FormulaMarks {
  private final Page page;
  private final Ahead text;

  FormulaMarks(Page page) {
    this.page = page;
    this.text = page.text;
  }

  /** "$…$" and "$$…$$", but not "$5". */
  boolean dollar() {
    if (text.peek(1) == '$') {
      return formula("$$", true);
    }
    int before = text.previous();
    if (Marks.isWord(before) || Marks.isBlankOrEnd(text.peek(1))) {
      return false;
    }
    int depth = 0;
    boolean commands = false;
    for (int i = 1; i < Page.REACH; i++) {
      int c = text.peek(i);
      depth += c == '{' ? 1 : c == '}' ? -1 : 0;
      if (c == '\\') {
        commands = true;
        i++;
      } else if (c == '$') {
        return closed(i);
      } else if (c == '\n'
          || c == Ahead.END
          || (depth == 0 && (commands ? c >= 0x2e80 : isProse(c, i)))) {
        return false;
      }
    }
    return false;
  }

  private boolean closed(int end) {
    if (Marks.isBlank(text.peek(end - 1)) || Marks.isWord(text.peek(end + 1))) {
      return false;
    }
    String inner = text.text(1, end);
    if (!isFormula(inner)) {
      return false;
    }
    page.say(Formula.spoken(inner), end + 1);
    return true;
  }

  /** Two words side by side, or a sentence that goes on: that dollar was a price. */
  private boolean isProse(int c, int at) {
    if (c >= 0x2e80) {
      return true;
    }
    if (!Marks.isBlank(c)) {
      return false;
    }
    boolean sentence = ".;:!?".indexOf(text.peek(at - 1)) >= 0;
    return sentence
        || (Marks.isAsciiLetter(text.peek(at + 1)) && Marks.isAsciiLetter(text.peek(at + 2)));
  }

  /** And no price, though two of them stand in one line. */
  private static boolean isFormula(String inner) {
    return inner.chars().anyMatch(c -> "\\^_=+<>{".indexOf(c) >= 0)
        || (inner.length() <= 12 && inner.indexOf(' ') < 0);
  }

  /**
   * What begins here with two characters.
   *
   * @param displayed whether it may go over lines; then it is left out if it is longer than anybody
   *     would read
   */
  boolean formula(String end, boolean displayed) {
    int i = 2;
    while (i < Page.REACH) {
      int c = text.peek(i);
      if (c == Ahead.END || (c == '\n' && !displayed)) {
        break;
      }
      if (text.startsWith(i, end)) {
        page.say(Formula.spoken(text.text(2, i)), i + end.length());
        return true;
      }
      i++;
    }
    if (displayed && i >= Page.REACH) {
      page.drop(2);
      page.begin(Stretch.upTo(page, end));
    } else {
      page.drop(end.equals("$$") ? 2 : 1);
    }
    return true;
  }
}
