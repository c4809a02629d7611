package dev.voicebridge.text;

/** Tags and comments, and what is between tags that nobody would read. */
final class Html {
  private final Page page;
  private final Ahead text;
  private final WebAddresses addresses;

  Html(Page page, WebAddresses addresses) {
    this.page = page;
    this.text = page.text;
    this.addresses = addresses;
  }

  /** Whatever begins with "&lt;". */
  boolean angle() {
    int next = text.peek(1);
    if (next == '!') {
      return comment();
    }
    if (next == '|') {
      return special();
    }
    boolean name = next == '/' || Marks.isAsciiLetter(next);
    if (!name && !Marks.isDigit(next)) {
      return false;
    }
    return addresses.angled() || (name && tag());
  }

  private boolean comment() {
    if (!text.startsWith(1, "!--")) {
      return false;
    }
    page.drop(4);
    page.begin(Stretch.upTo(page, "-->"));
    return true;
  }

  /** "&lt;|im_end|&gt;" */
  private boolean special() {
    for (int i = 2; i < 40; i++) {
      int c = text.peek(i);
      if (c == '|' && i > 2) {
        if (text.peek(i + 1) != '>') {
          return false;
        }
        page.drop(i + 2);
        return true;
      }
      if (!Marks.isWord(c) && c != '_') {
        return false;
      }
    }
    return false;
  }

  private boolean tag() {
    Tags.Tag tag = Tags.at(text, Page.REACH);
    if (tag == null) {
      return false;
    }
    if (tag.unspoken()) {
      page.drop(tag.length());
      page.begin(() -> unspoken("</" + tag.name()));
    } else if (tag.cell() || (tag.name().equals("br") && page.line().kind == Line.Kind.ROW)) {
      page.drop(tag.length(), SpokenOut.Pause.FIRM);
    } else if (tag.block()) {
      block(tag);
    } else if (tag.name().equals("sup") && !tag.closing() && Marks.isWord(text.previous())) {
      page.say("^", tag.length());
    } else {
      page.drop(tag.length());
    }
    return true;
  }

  private boolean unspoken(String end) {
    boolean over = text.startsWithIgnoringCase(0, end) && text.peek(end.length()) == '>';
    page.drop(over ? end.length() + 1 : 1);
    return !over;
  }

  private void block(Tags.Tag tag) {
    if (tag.item() && tag.closing()) {
      page.out.sentenceEnd();
    }
    page.endLine();
    page.out.brokenAt(tag.length());
    text.take(tag.length());
    if (tag.item() && !tag.closing()) {
      page.line().kind = Line.Kind.SENTENCE;
    }
  }
}
