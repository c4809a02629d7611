package dev.voicebridge.text;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UProperty;
import java.lang.Character.UnicodeScript;

/** What kinds of characters there are for someone who reads aloud. */
final class Marks {
  /** After one of these a voice makes a pause by itself. */
  private static final String PAUSES = "。！？!?.;；:：,，、…—～~｡";

  private static final String CLOSERS = "\"'”’」』）)】》〉]}";

  /** Pictographs in name, but written in ordinary text. */
  private static final String READ = "©®™‼⁉ℹ↔↕〰〽㊗㊙♀♂♯♭";

  private Marks() {}

  static boolean isPause(int c) {
    return PAUSES.indexOf(c) >= 0;
  }

  static boolean isCloser(int c) {
    return CLOSERS.indexOf(c) >= 0;
  }

  static boolean isBlank(int c) {
    return c == ' ' || c == '\t' || c == '\r' || c == 0xa0 || c == 0x3000;
  }

  static boolean isBlankOrEnd(int c) {
    return c == Ahead.END || c == '\n' || isBlank(c);
  }

  /** A letter or digit of ASCII. */
  static boolean isWord(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c);
  }

  static boolean isAsciiLetter(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  /** Written without blanks between words, with full-width punctuation. */
  static boolean isCjk(int c) {
    if (c < 0x2e80) {
      return false;
    }
    UnicodeScript script = UnicodeScript.of(c);
    return script == UnicodeScript.HAN
        || script == UnicodeScript.HIRAGANA
        || script == UnicodeScript.KATAKANA
        || script == UnicodeScript.BOPOMOFO;
  }

  static boolean isLetterOrDigit(int c) {
    return c != Ahead.END && Character.isLetterOrDigit(c);
  }

  /** A pictograph that nobody reads aloud. */
  static boolean isPictograph(int c) {
    if (c < 0x2190) {
      return false;
    }
    if (c >= 0x1f1e6 && c <= 0x1f1ff) {
      return true;
    }
    if (READ.indexOf(c) >= 0) {
      return false;
    }
    return (c >= 0x2500 && c <= 0x259f)
        || (c >= 0x2600 && c <= 0x27bf && !(c >= 0x2776 && c <= 0x2793))
        || UCharacter.hasBinaryProperty(c, UProperty.EXTENDED_PICTOGRAPHIC);
  }

  /** Seen by nobody, or only as a part of a pictograph. */
  static boolean isInvisible(int c) {
    return (c < 0x20 && c != '\n' && c != '\t' && c != '\r')
        || (c >= 0x7f && c < 0xa0)
        || c == 0xad
        || (c >= 0x200b && c <= 0x200f && c != 0x200c && c != 0x200d)
        || (c >= 0x202a && c <= 0x202e)
        || (c >= 0x2060 && c <= 0x2069)
        || c == 0x20e3
        || (c >= 0xe000 && c <= 0xf8ff)
        || c == 0xfe0e
        || c == 0xfe0f
        || c == 0xfeff
        || c == 0xfffc
        || c == 0xfffd
        || (c >= 0x1f3fb && c <= 0x1f3ff)
        || (c >= 0xe0000 && c <= 0xe0fff);
  }

  /** Joins letters of some scripts, and pictographs. */
  static boolean isJoiner(int c) {
    return c == 0x200c || c == 0x200d;
  }
}
