package dev.voicebridge.text;

/** Addresses of the web and of mail; of a long one the host is read. */
final class WebAddresses {
  private static final int MAX_HOST = 100;

  private final Page page;
  private final Ahead text;

  WebAddresses(Page page) {
    this.page = page;
    this.text = page.text;
  }

  static boolean isScheme(Ahead text, int at) {
    return text.startsWithIgnoringCase(at, "http://")
        || text.startsWithIgnoringCase(at, "https://")
        || text.startsWithIgnoringCase(at, "ftp://");
  }

  /**
   * @param c what comes next
   */
  boolean address(int c) {
    if ("hHwWfF".indexOf(c) < 0 || Marks.isWord(text.previous())) {
      return false;
    }
    int scheme = 0;
    if (isScheme(text, 0)) {
      while (text.peek(scheme) != '/') {
        scheme++;
      }
      scheme += 2;
    } else if (!text.startsWithIgnoringCase(0, "www.")) {
      return false;
    }
    int end = scheme;
    while (end < scheme + MAX_HOST && isInHost(text.peek(end))) {
      end++;
    }
    boolean more = end < scheme + MAX_HOST && ":/?#".indexOf(text.peek(end)) >= 0;
    String host = text.text(scheme, end);
    while (host.endsWith(".") || host.endsWith("-")) {
      host = host.substring(0, host.length() - 1);
      more = false;
    }
    int length = scheme + host.length();
    if (host.length() > 4 && host.regionMatches(true, 0, "www.", 0, 4)) {
      host = host.substring(4);
    }
    if (host.isEmpty() || end == scheme + MAX_HOST) {
      return false;
    }
    if (more) {
      page.begin(new Rest());
    }
    page.say(host, length);
    return true;
  }

  private static boolean isInHost(int c) {
    return Marks.isWord(c) || c == '.' || c == '-';
  }

  /** "&lt;https://…&gt;" and "&lt;name@host&gt;". */
  boolean angled() {
    boolean mail = false;
    for (int i = 1; i < Page.REACH; i++) {
      int c = text.peek(i);
      if (c == '>') {
        return mail && opened(i);
      }
      if (c == '@' && i > 1) {
        mail = true;
      } else if (c == ':' && i > 3 && !mail) {
        return angledScheme();
      } else if (!Marks.isWord(c) && ".-_+".indexOf(c) < 0) {
        return false;
      }
    }
    return false;
  }

  private boolean angledScheme() {
    if (!isScheme(text, 1)) {
      return false;
    }
    for (int i = 8; i < Page.REACH; i++) {
      int c = text.peek(i);
      if (c == '>') {
        return opened(i);
      }
      if (c <= ' ' || c == '<') {
        return false;
      }
    }
    return false;
  }

  private boolean opened(int close) {
    page.closeAt(close, 1);
    page.drop(1);
    return true;
  }

  /** What follows the host. */
  private final class Rest implements Stretch {
    private static final String PUNCTUATION = ".,;:!?'";

    /** Of round brackets. */
    private int depth;

    @Override
    public boolean step() {
      int c = text.peek(0);
      if (PUNCTUATION.indexOf(c) >= 0) {
        int run = 1;
        while (run < Page.REACH && PUNCTUATION.indexOf(text.peek(run)) >= 0) {
          run++;
        }
        if (!contains(text.peek(run))) {
          return false;
        }
      } else if (!contains(c)) {
        return false;
      }
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      page.drop(1);
      return true;
    }

    private boolean contains(int c) {
      if (c == Ahead.END || c <= ' ' || c >= 0x2000 || "<>\"`|*\\]}".indexOf(c) >= 0) {
        return false;
      }
      return c != ')' || depth > 0;
    }
  }
}
