package dev.voicebridge.text;

import java.util.regex.Pattern;

/** What stands in square brackets: a footnote, a citation, a face, a callout, a link, or text. */
final class Brackets {
  private static final Pattern CALLOUT =
      Pattern.compile("!(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION|INFO|DANGER)");

  private final Page page;
  private final Ahead text;
  private final Citations citations;
  private final Links links;

  Brackets(Page page, Citations citations, Links links) {
    this.page = page;
    this.text = page.text;
    this.citations = citations;
    this.links = links;
  }

  boolean bracket() {
    int close = Links.closing(text);
    if (close == 0) {
      return false;
    }
    String inner = text.text(1, close);
    if (isFootnote(inner)) {
      page.drop(close + 1);
      return true;
    }
    boolean target = links.hasTarget(close);
    if (!target && citations.isIndex(inner)) {
      return false;
    }
    if (citations.isCitation(inner, close, target)) {
      page.drop(close + 1);
      if (target) {
        links.leaveOutTarget();
      }
      return true;
    }
    if (Words.CHAT_FACES.contains(inner) && text.peek(close + 1) != '(') {
      page.drop(close + 1, SpokenOut.Pause.SOFT);
      return true;
    }
    if (CALLOUT.matcher(inner).matches()) {
      page.drop(close + 1);
      return true;
    }
    return links.link(inner, close, target);
  }

  private static boolean isFootnote(String inner) {
    return inner.startsWith("^") && inner.length() > 1 && inner.indexOf(' ') < 0;
  }
}
