package dev.voicebridge.emulator.engine;

import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns a passage into what espeak reads rightly. What a language of it doesn't know it spells in
 * English ("Chinese letter"), so nothing of that kind may get through. Not thread-safe.
 */
final class Rewriting {
  /** Tells what the library would say: its phonemes, where {@code (en)} marks a fall to English. */
  interface Phonemes {
    String of(Tongue tongue, String text);
  }

  /** The library's pinyin has no -iong: these would be read as English. By initial and tone. */
  private static final String[] IONG = {
    "S;'yong55 兄兇凶匈哅忷恟汹洶胷胸訩詾讻賯芎",
    "S;'yong35 熊赨雄",
    "S;'yong51 夐敻詗诇",
    "tS;h'yong55 匔焪",
    "tS;h'yong35 卭宆惸桏棾橩焭煢琼瓊睘瞏穷穹窮竆笻筇茕藑藭蛩赹跫輁邛銎",
    "tS;'yong55 冂冋坰埛扃蘏蘔駫",
    "tS;'yong214 侰僒冏囧幜泂炯烱煚煛熲皛窘絅綗褧迥逈顈颎駉",
    "tS;'yong51 澃",
  };

  private static final Map<Integer, String> CHINESE_SIGNS =
      Map.of(
          (int) '+', "加",
          (int) '=', "等于",
          (int) '&', "和",
          (int) '$', "美元",
          (int) '€', "欧元",
          (int) '¥', "元",
          (int) '°', "度",
          (int) '℃', "摄氏度",
          (int) '兒', "儿");

  private static final Map<Integer, String> JAPANESE_SIGNS =
      Map.of((int) '%', "パーセント", (int) '&', "アンド", (int) '+', "プラス", (int) '℃', "ド");

  private static final Map<Integer, String> KOREAN_SIGNS =
      Map.of((int) '%', "퍼센트", (int) '&', "그리고", (int) '+', "더하기");

  private static final Pattern PERCENT = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s?[%％]");

  private static final String SMALL_KANA = "ぁぃぅぇぉゎゕゖァィゥェォヮヵヶ";
  private static final String LARGE_KANA = "あいうえおわかけアイウエオワカケ";

  /** Punctuation that the library's Asian languages make a pause of, or part of a number. */
  private static final String PAUSES = ".,:;!?。，、；：！？";

  private final Phonemes phonemes;
  private final Map<Integer, String> iong = new HashMap<>();
  private final Map<Tongue, BitSet> asked = new EnumMap<>(Tongue.class);
  private final Map<Tongue, BitSet> unknown = new EnumMap<>(Tongue.class);

  Rewriting(Phonemes phonemes) {
    this.phonemes = phonemes;
    for (String line : IONG) {
      int blank = line.indexOf(' ');
      for (int i = blank + 1; i < line.length(); i++) {
        iong.put((int) line.charAt(i), "[[" + line.substring(0, blank) + "]]");
      }
    }
  }

  Spoken of(String text, Passage passage) {
    return switch (passage.tongue()) {
      case CHINESE, CANTONESE -> chinese(text, passage);
      case JAPANESE -> japanese(text, passage);
      case KOREAN -> korean(text, passage);
      default -> alphabetic(text, passage);
    };
  }

  /**
   * Whether a Chinese language can say a character. Cantonese lacks many rare ones, which Mandarin
   * has.
   */
  boolean knows(Tongue tongue, int codePoint) {
    if (codePoint > 0xFFFF) {
      return false; // spelled by its number in Unicode
    }
    if (tongue == Tongue.CHINESE && (iong.containsKey(codePoint) || codePoint == '兒')) {
      return true;
    }
    BitSet done = asked.computeIfAbsent(tongue, t -> new BitSet());
    BitSet not = unknown.computeIfAbsent(tongue, t -> new BitSet());
    if (!done.get(codePoint)) {
      done.set(codePoint);
      String sound = phonemes.of(tongue, Character.toString(codePoint));
      not.set(codePoint, isSpelled(sound) || sound.isBlank());
    }
    return !not.get(codePoint);
  }

  private static boolean isSpelled(String sound) {
    return sound.contains("(en)") || sound.contains("l'et@");
  }

  private Spoken chinese(String text, Passage passage) {
    Spoken out = new Spoken();
    Matcher percent = PERCENT.matcher(text).region(passage.begin(), passage.end());
    boolean more = percent.find();
    for (int at = passage.begin(); at < passage.end(); ) {
      if (more && at == percent.start()) {
        out.add("百分之" + percent.group(1), percent.start(), percent.end());
        at = percent.end();
        more = percent.find();
        continue;
      }
      int original = text.codePointAt(at);
      int end = at + Character.charCount(original);
      int codePoint = plain(original);
      String sign = CHINESE_SIGNS.get(codePoint);
      String sound = passage.tongue() == Tongue.CHINESE ? iong.get(codePoint) : null;
      if (sign != null) {
        out.add(sign, at, end);
      } else if (sound != null) {
        out.add(sound, at, end);
      } else if (Character.isIdeographic(codePoint)) {
        out.add(knows(passage.tongue(), codePoint) ? codePoint : ' ', at, end);
      } else {
        out.add(isDigitOrPause(codePoint) ? wide(text, at, codePoint) : ' ', at, end);
      }
      at = end;
    }
    return out;
  }

  /** ASCII punctuation parts clauses before a blank only; the full-width kind always does. */
  private static int wide(String text, int at, int codePoint) {
    boolean inNumber =
        at > 0
            && at + 1 < text.length()
            && Character.isDigit(text.charAt(at - 1))
            && Character.isDigit(text.charAt(at + 1));
    int ascii = ",.!?;:".indexOf(codePoint);
    return ascii < 0 || inNumber ? codePoint : "，。！？；：".charAt(ascii);
  }

  private Spoken japanese(String text, Passage passage) {
    Spoken out = new Spoken();
    for (Readings.Reading word : Readings.of(text.substring(passage.begin(), passage.end()))) {
      int begin = passage.begin() + word.begin();
      int end = passage.begin() + word.end();
      String surface = text.substring(begin, end);
      if (word.kana().equals(surface)) {
        for (int at = begin; at < end; ) {
          int codePoint = text.codePointAt(at);
          int next = at + Character.charCount(codePoint);
          addJapanese(out, plain(codePoint), at, next);
          at = next;
        }
      } else {
        word.kana().codePoints().forEach(codePoint -> addJapanese(out, codePoint, begin, end));
      }
    }
    return isSpelled(phonemes.of(Tongue.JAPANESE, out.text())) ? withLargeKana(out) : out;
  }

  private static void addJapanese(Spoken out, int codePoint, int begin, int end) {
    String sign = JAPANESE_SIGNS.get(codePoint);
    if (sign != null) {
      out.add(sign, begin, end);
    } else if (Passages.isKana(codePoint) && "・゠ヽヾゝゞ゛゜".indexOf(codePoint) < 0) {
      out.add(codePoint, begin, end);
    } else {
      out.add(isDigitOrPause(codePoint) ? codePoint : ' ', begin, end);
    }
  }

  /** Small kana and long marks where no sound before them takes them up. */
  private Spoken withLargeKana(Spoken spoken) {
    Spoken out = new Spoken();
    for (int i = 0; i < spoken.length(); i++) {
      int codePoint = spoken.codePoint(i);
      int small = SMALL_KANA.indexOf(codePoint);
      int larger = small >= 0 ? LARGE_KANA.charAt(small) : codePoint;
      boolean sayable = !isSpelled(phonemes.of(Tongue.JAPANESE, Character.toString(larger)));
      out.add(sayable ? larger : ' ', spoken.begin(i), spoken.end(i));
    }
    return out;
  }

  private static Spoken korean(String text, Passage passage) {
    Spoken out = new Spoken();
    for (int at = passage.begin(); at < passage.end(); ) {
      int original = text.codePointAt(at);
      int end = at + Character.charCount(original);
      int codePoint = plain(original);
      String sign = KOREAN_SIGNS.get(codePoint);
      boolean hangul = Character.UnicodeScript.of(codePoint) == Character.UnicodeScript.HANGUL;
      if (sign != null) {
        out.add(sign, at, end);
      } else {
        out.add(hangul || isDigitOrPause(codePoint) ? codePoint : ' ', at, end);
      }
      at = end;
    }
    return out;
  }

  private static Spoken alphabetic(String text, Passage passage) {
    Spoken out = new Spoken();
    for (int at = passage.begin(); at < passage.end(); ) {
      int codePoint = text.codePointAt(at);
      int end = at + Character.charCount(codePoint);
      if (Character.getType(codePoint) != Character.FORMAT) {
        out.add(plain(codePoint), at, end);
      }
      at = end;
    }
    return out;
  }

  private static boolean isDigitOrPause(int codePoint) {
    return Character.isDigit(codePoint) || PAUSES.indexOf(codePoint) >= 0 || codePoint == '-';
  }

  /**
   * Full-width signs as ASCII, and blanks for what means something to the library: control
   * characters (a 1 begins a command), brackets (two begin phonemes), halves of a surrogate pair.
   */
  private static int plain(int codePoint) {
    boolean wide = codePoint >= 0xFF01 && codePoint <= 0xFF5E && PAUSES.indexOf(codePoint) < 0;
    int narrow = wide ? codePoint - 0xFEE0 : codePoint;
    boolean meaning =
        switch (Character.getType(narrow)) {
          case Character.CONTROL,
              Character.SURROGATE,
              Character.PRIVATE_USE,
              Character.UNASSIGNED ->
              narrow != '\n';
          default -> narrow == '[' || narrow == ']';
        };
    return meaning ? ' ' : narrow;
  }
}
