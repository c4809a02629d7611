package dev.voicebridge.emulator.engine;

import java.lang.Character.UnicodeScript;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts mixed text by script, because espeak spells what a language doesn't know letter by letter,
 * in English.
 */
final class Passages {
  private enum Kind {
    HAN,
    KANA,
    HANGUL,
    CYRILLIC,
    LATIN,
    DIGIT,
    /** Blanks, punctuation and signs: they go with what is before them. */
    NEUTRAL
  }

  private record Run(Kind kind, int begin, int end) {}

  private final String text;
  private final @Nullable Tongue asked;
  private final Tongue first;

  private Passages(String text, @Nullable Tongue asked, Tongue first) {
    this.text = text;
    this.asked = asked;
    this.first = first;
  }

  /**
   * @param asked the language of the session, null for {@code Auto}
   * @param first the language that the voice reads first
   */
  static List<Passage> of(String text, @Nullable Tongue asked, Tongue first) {
    return new Passages(text, asked, first).passages();
  }

  private List<Passage> passages() {
    List<Run> runs = runs();
    List<Passage> out = new ArrayList<>();
    Tongue latin = latin(runs);
    int begin = 0;
    @Nullable Tongue current = null;
    for (int i = 0; i < runs.size(); i++) {
      @Nullable Tongue tongue = tongue(runs, i, latin);
      if (tongue == null || tongue == current) {
        continue;
      }
      if (current != null) {
        out.add(new Passage(current, begin, runs.get(i).begin));
        begin = runs.get(i).begin;
      }
      current = tongue;
    }
    if (begin < text.length()) {
      out.add(new Passage(current != null ? current : whenNothingTells(), begin, text.length()));
    }
    return out;
  }

  private Tongue whenNothingTells() {
    return asked != null ? chinese(asked) : first;
  }

  /** Null where the run goes with what is before it. */
  private @Nullable Tongue tongue(List<Run> runs, int i, Tongue latin) {
    Run run = runs.get(i);
    return switch (run.kind) {
      case HAN -> han(run);
      case KANA -> Tongue.JAPANESE;
      case HANGUL -> Tongue.KOREAN;
      case CYRILLIC -> Tongue.RUSSIAN;
      case LATIN -> latin;
      case DIGIT -> digits(runs, i, latin);
      case NEUTRAL -> null;
    };
  }

  private Tongue han(Run run) {
    if (asked == Tongue.JAPANESE) {
      return Tongue.JAPANESE;
    }
    if (asked == null && sentenceHasKana(run.begin)) {
      return Tongue.JAPANESE;
    }
    return chinese(Tongue.CHINESE);
  }

  private Tongue chinese(Tongue tongue) {
    return tongue == Tongue.CHINESE && first == Tongue.CANTONESE ? Tongue.CANTONESE : tongue;
  }

  /** Digits that stick to the word after them, and only to it, are read with it. */
  private @Nullable Tongue digits(List<Run> runs, int i, Tongue latin) {
    boolean sticksBefore = i > 0 && runs.get(i - 1).kind != Kind.NEUTRAL;
    boolean sticksAfter = i + 1 < runs.size() && runs.get(i + 1).kind != Kind.NEUTRAL;
    return sticksAfter && !sticksBefore ? tongue(runs, i + 1, latin) : null;
  }

  private boolean sentenceHasKana(int at) {
    for (int i = at; i >= 0 && !endsSentence(text.charAt(i)); i--) {
      if (isKana(text.charAt(i))) {
        return true;
      }
    }
    for (int i = at; i < text.length() && !endsSentence(text.charAt(i)); i++) {
      if (isKana(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  private static boolean endsSentence(char c) {
    return "。！？!?\n".indexOf(c) >= 0;
  }

  private Tongue latin(List<Run> runs) {
    if (asked != null && asked.isLatin()) {
      return asked;
    }
    StringBuilder words = new StringBuilder();
    for (Run run : runs) {
      if (run.kind == Kind.LATIN) {
        words.append(text, run.begin, run.end).append(' ');
      }
    }
    return Tongue.ofLatin(words.toString(), first);
  }

  private List<Run> runs() {
    List<Run> runs = new ArrayList<>();
    int begin = 0;
    @Nullable Kind current = null;
    for (int at = 0; at < text.length(); ) {
      int codePoint = text.codePointAt(at);
      Kind kind = kind(codePoint, current);
      if (current != null && kind != current) {
        runs.add(new Run(current, begin, at));
        begin = at;
      }
      current = kind;
      at += Character.charCount(codePoint);
    }
    if (current != null) {
      runs.add(new Run(current, begin, text.length()));
    }
    return runs;
  }

  private static Kind kind(int codePoint, @Nullable Kind before) {
    if (isKana(codePoint)) {
      return Kind.KANA;
    }
    if (Character.isDigit(codePoint)) {
      return Kind.DIGIT;
    }
    UnicodeScript script = UnicodeScript.of(codePoint);
    if (script == UnicodeScript.HAN) {
      return Kind.HAN;
    }
    if (script == UnicodeScript.HANGUL) {
      return Kind.HANGUL;
    }
    if (script == UnicodeScript.CYRILLIC) {
      return Kind.CYRILLIC;
    }
    if (script == UnicodeScript.INHERITED && before != null) {
      return before; // an accent goes with its letter
    }
    return Character.isLetter(codePoint) ? Kind.LATIN : Kind.NEUTRAL;
  }

  static boolean isKana(int codePoint) {
    UnicodeScript script = UnicodeScript.of(codePoint);
    return script == UnicodeScript.HIRAGANA
        || script == UnicodeScript.KATAKANA
        || codePoint == 'ー'
        || codePoint == 'ｰ';
  }
}
