package dev.voicebridge.text;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Entities of HTML: "&amp;nbsp;", "&amp;#8364;". */
final class Entities {
  private static final Map<String, String> SIGNS =
      Map.ofEntries(
          Map.entry("nbsp", " "),
          Map.entry("ensp", " "),
          Map.entry("emsp", " "),
          Map.entry("lt", "<"),
          Map.entry("gt", ">"),
          Map.entry("amp", "&"),
          Map.entry("quot", "\""),
          Map.entry("apos", "'"),
          Map.entry("hellip", "…"),
          Map.entry("mdash", "—"),
          Map.entry("ndash", "–"),
          Map.entry("ldquo", "“"),
          Map.entry("rdquo", "”"),
          Map.entry("lsquo", "‘"),
          Map.entry("rsquo", "’"),
          Map.entry("middot", "·"),
          Map.entry("times", "×"),
          Map.entry("divide", "÷"),
          Map.entry("deg", "°"),
          Map.entry("copy", "©"),
          Map.entry("reg", "®"));

  private final Page page;
  private final Ahead text;

  Entities(Page page) {
    this.page = page;
    this.text = page.text;
  }

  boolean entity() {
    int i = 1;
    while (i < 10 && (Marks.isWord(text.peek(i)) || (i == 1 && text.peek(i) == '#'))) {
      i++;
    }
    if (i < 3 || text.peek(i) != ';') {
      return false;
    }
    String sign = sign(text.text(1, i));
    if (sign == null) {
      return false;
    }
    if (sign.isBlank()) {
      page.out.blank(' ');
      page.out.leaveOut(i, SpokenOut.Pause.NONE);
      text.take(i + 1);
    } else {
      page.say(sign, i + 1);
    }
    return true;
  }

  private static @Nullable String sign(String name) {
    String sign = SIGNS.get(name);
    if (sign != null || !name.matches("#\\d{2,6}|#[xX][0-9a-fA-F]{2,5}")) {
      return sign;
    }
    boolean hex = Character.toLowerCase(name.charAt(1)) == 'x';
    int point = Integer.parseInt(name.substring(hex ? 2 : 1), hex ? 16 : 10);
    boolean readable =
        Character.isValidCodePoint(point)
            && !Character.isISOControl(point)
            && !(point >= 0xd800 && point <= 0xdfff)
            && !Marks.isPictograph(point);
    return readable ? Character.toString(point) : " ";
  }
}
