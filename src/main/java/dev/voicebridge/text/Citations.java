package dev.voicebridge.text;

import java.util.regex.Pattern;

/** Where a model says it has something from: "[1]", "[2, 3]", "【4†source】". */
final class Citations {
  private static final Pattern CITATION =
      Pattern.compile(
          "(?:(?:citation|cite|source|ref|来源|参考|引用|webpage|网页)[ _:：]?)?"
              + "\\d{1,3}(?:\\s?[,，、\\-–~:]\\s?\\^?\\d{1,3})*(?:[†‡][^\\]】]*)?");

  /** What is named like this is a variable, and a number behind it an index. */
  private static final Pattern VARIABLE =
      Pattern.compile(
          "(?<![\\p{IsLatin}\\p{IsDigit}_.'’-])(?:[a-z]|[A-Za-z0-9]+(?:_[A-Za-z0-9]+)+"
              + "|argv|args|arr|nums|dp|buf|vec|ptr|idx|tmp)(?:\\[[\\w:]+\\])*$");

  private final Page page;
  private final Ahead text;

  Citations(Page page) {
    this.page = page;
    this.text = page.text;
  }

  /** Whether what stands in square brackets says which part of the variable before it is meant. */
  boolean isIndex(String inner) {
    return !inner.isEmpty()
        && Marks.isDigit(inner.charAt(0))
        && CITATION.matcher(inner).matches()
        && VARIABLE.matcher(text.behind()).find();
  }

  /**
   * Whether what stands in square brackets is one; a number there may also be an index or an
   * interval.
   *
   * @param close where they end
   * @param link whether the target of a link follows
   */
  boolean isCitation(String inner, int close, boolean link) {
    boolean doubled = inner.startsWith("[") && inner.endsWith("]");
    String bare = doubled ? inner.substring(1, inner.length() - 1) : inner;
    if (!CITATION.matcher(bare).matches()) {
      return false;
    }
    if (link || !Marks.isDigit(bare.charAt(0)) || text.peek(1) == '[') {
      return true;
    }
    if (bare.charAt(0) == '0') {
      return false;
    }
    if (bare.chars().allMatch(Marks::isDigit)) {
      // "row[1] = …" is no quotation.
      return !Marks.isWord(text.previous()) || !isOperator(close + 1);
    }
    return !mayBorderInterval(text.previous()) && mayFollowCitations(bare, text.peek(close + 1));
  }

  private boolean isOperator(int at) {
    int sign = text.peek(at);
    return "=(+*/".indexOf(sign == ' ' ? text.peek(at + 1) : sign) >= 0;
  }

  private static boolean mayBorderInterval(int before) {
    return Marks.isBlankOrEnd(before)
        || before == '间'
        || before == '围'
        || "∈=（(".indexOf(before) >= 0;
  }

  private static boolean mayFollowCitations(String numbers, int after) {
    return numbers.indexOf('-') > 0
        || numbers.indexOf('–') > 0
        || Marks.isBlankOrEnd(after)
        || Marks.isPause(after)
        || Marks.isCloser(after)
        || after == '[';
  }

  /** "【1†source】" is for machines, "【通知】" is text. */
  boolean lenticular() {
    for (int i = 1; i < 40; i++) {
      int c = text.peek(i);
      if (c == '】') {
        if (!CITATION.matcher(text.text(1, i)).matches()) {
          return false;
        }
        page.drop(i + 1);
        return true;
      }
      boolean possible =
          (c != Ahead.END && c < 0x80 && c != '\n') || "†‡–来源参考引用网页：，、".indexOf(c) >= 0;
      if (!possible) {
        return false;
      }
    }
    return false;
  }
}
