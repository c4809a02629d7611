package dev.voicebridge.text;

/** What a line may begin with: a heading, a quotation, an item, a rule, and so on. */
final class Blocks {
  private static final String BULLETS = "•●○■□▪▫◦‣◆◇➢➤►▶◾◽";

  private final Page page;
  private final Ahead text;
  private final Tables tables;
  private final Code code;
  private final Links links;

  Blocks(Page page, Tables tables, Code code, Links links) {
    this.page = page;
    this.text = page.text;
    this.tables = tables;
    this.code = code;
    this.links = links;
  }

  /**
   * @param c what comes next, at the start of a line
   */
  boolean begin(int c) {
    return switch (c) {
      case '#' -> heading();
      case '>' -> quotation();
      case '-', '*', '+', '_', '=' -> rule(c) || tables.delimiterRow() || bullet(c);
      case ':' -> tables.delimiterRow();
      case '`', '~' -> code.fence(c);
      case '|' -> tables.delimiterRow() || tables.row();
      case '[' -> taskBox() || links.definition();
      default -> item(c);
    };
  }

  private boolean heading() {
    int length = text.run(0, 7);
    int next = text.peek(length);
    if (length > 6 || !(Marks.isBlankOrEnd(next) || (length > 1 && next > 0x7f))) {
      if (length < 2 || !Marks.isLetterOrDigit(next) || length > 6) {
        return false;
      }
    }
    page.drop(length);
    page.line().kind = Line.Kind.SENTENCE;
    return true;
  }

  private boolean quotation() {
    int next = text.peek(1);
    if (Marks.isDigit(next) || next == '=' || Faces.length(text) > 0) {
      return false;
    }
    page.drop(1);
    return true;
  }

  /** A line of three marks and more and nothing else. */
  private boolean rule(int mark) {
    if (mark == '+') {
      return false;
    }
    int marks = 0;
    for (int i = 0; i < Page.REACH; i++) {
      int c = text.peek(i);
      if (c == mark) {
        marks++;
      } else if (c == '\n' || c == Ahead.END) {
        if (marks < 3) {
          return false;
        }
        page.out.sentenceEnd();
        page.drop(i);
        return true;
      } else if (!Marks.isBlank(c)) {
        return false;
      }
    }
    return false;
  }

  private boolean bullet(int c) {
    if (c == '_' || c == '=') {
      return false;
    }
    int next = text.peek(1);
    boolean item = Marks.isBlankOrEnd(next) || (c == '-' && Marks.isCjk(next));
    if (!item || next == Ahead.END) {
      return false;
    }
    dropBullet();
    return true;
  }

  private void dropBullet() {
    page.drop(1);
    page.line().kind = Line.Kind.SENTENCE;
    page.line().afterBullet = true;
  }

  /** Another bullet; or a number, which is read as it is, but makes the line a sentence. */
  private boolean item(int c) {
    if (BULLETS.indexOf(c) >= 0) {
      dropBullet();
      return true;
    }
    boolean circled = c >= 0x2460 && c <= 0x2473;
    if (circled || (Marks.isDigit(c) && isNumbered())) {
      page.line().kind = Line.Kind.SENTENCE;
    }
    return false;
  }

  /** "1. …" */
  private boolean isNumbered() {
    int digits = 0;
    while (digits < 3 && Marks.isDigit(text.peek(digits))) {
      digits++;
    }
    int sign = text.peek(digits);
    return ((sign == '.' || sign == ')') && Marks.isBlank(text.peek(digits + 1)))
        || sign == '、'
        || sign == '）'
        || sign == '．';
  }

  /** "[x]" after a bullet. */
  private boolean taskBox() {
    if (!page.line().afterBullet || page.line().kind != Line.Kind.SENTENCE) {
      return false;
    }
    int state = text.peek(1);
    if ((state == ' ' || state == 'x' || state == 'X' || state == '√')
        && text.peek(2) == ']'
        && Marks.isBlankOrEnd(text.peek(3))) {
      page.drop(3);
      return true;
    }
    return false;
  }
}
