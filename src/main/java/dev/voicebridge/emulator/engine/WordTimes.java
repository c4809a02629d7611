package dev.voicebridge.emulator.engine;

import dev.voicebridge.emulator.engine.SpeechEngine.Sink;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes words of the original text out of espeak's word events. An event tells where in the spoken
 * text a word begins, not always where it ends, and some words (and many Chinese characters) share
 * one; so what lies between two events is divided by length.
 */
final class WordTimes {
  private final String text;
  private final Sink sink;

  private Spoken spoken = new Spoken();
  private boolean ideographic;

  /** Where the current word begins in the spoken text; -1 before the first. */
  private int from = -1;

  private int beginMs;

  /** End of the last word given on: times and indices never go back. */
  private int lastMs;

  private int lastIndex;

  WordTimes(String text, Sink sink) {
    this.text = text;
    this.sink = sink;
  }

  void begin(Spoken passage, boolean byCharacter) {
    spoken = passage;
    ideographic = byCharacter;
    from = -1;
  }

  /**
   * A word begins.
   *
   * @param at index in the spoken text
   * @param ms when
   * @param soundEndMs when the sound before it ended: a pause between them is nobody's
   */
  void word(int at, int ms, int soundEndMs) {
    if (from >= 0 && (at <= from || isInsideWord(at))) {
      return; // a number is several words of sound, one of text
    }
    if (from >= 0) {
      close(at, Math.min(ms, Math.max(soundEndMs, beginMs)));
    }
    from = from < 0 ? 0 : at;
    beginMs = ms;
  }

  void end(int soundEndMs) {
    if (from >= 0) {
      close(spoken.length(), Math.max(soundEndMs, beginMs));
    }
    from = -1;
  }

  private record Unit(int begin, int end, int weight) {}

  private void close(int to, int endMs) {
    List<Unit> units = new ArrayList<>();
    int at = Math.max(0, from);
    int limit = Math.min(to, spoken.length());
    while (at < limit) {
      int next = at + 1;
      while (next < limit && spoken.begin(next) == spoken.begin(at)) {
        next++; // stands for the same piece of the original
      }
      addUnits(units, spoken.begin(at), spoken.end(at), next - at);
      at = next;
    }
    units = ideographic ? units : joined(units);
    int total = units.stream().mapToInt(Unit::weight).sum();
    int sum = 0;
    for (Unit unit : units) {
      int unitBegin = beginMs + (endMs - beginMs) * sum / total;
      sum += unit.weight;
      int unitEnd = beginMs + (endMs - beginMs) * sum / total;
      give(unit.begin, unit.end, unitBegin, unitEnd);
    }
  }

  /** The letters of a piece of the original, each a unit of its own; its sound evenly divided. */
  private void addUnits(List<Unit> units, int begin, int end, int sounds) {
    String piece = text.substring(begin, end);
    long letters = piece.codePoints().filter(WordTimes::isSaid).count();
    int weight = letters == 0 ? 0 : Math.max(1, (int) (60L * mandarin(sounds, piece) / letters));
    for (int at = begin; at < end; ) {
      int codePoint = text.codePointAt(at);
      int next = at + Character.charCount(codePoint);
      if (isSaid(codePoint)) {
        units.add(new Unit(at, next, weight));
      }
      at = next;
    }
  }

  /** Phonemes in brackets are many characters but one syllable. */
  private static int mandarin(int sounds, String piece) {
    return piece.length() == 1 && sounds > 8 ? 1 : sounds;
  }

  /**
   * Letters that follow each other make a word; what stands inside one (it's, 3.5) belongs to it.
   */
  private List<Unit> joined(List<Unit> letters) {
    List<Unit> words = new ArrayList<>();
    for (Unit letter : letters) {
      Unit last = words.isEmpty() ? null : words.get(words.size() - 1);
      if (last != null && !partsWords(last, letter)) {
        words.set(words.size() - 1, new Unit(last.begin, letter.end, last.weight + letter.weight));
      } else {
        words.add(letter);
      }
    }
    return words;
  }

  private boolean partsWords(Unit left, Unit right) {
    String gap = text.substring(left.end, right.begin);
    boolean number =
        Character.isDigit(text.codePointAt(left.begin))
            && Character.isDigit(text.codePointAt(right.begin));
    return switch (gap) {
      case "", "'", "’", "-" -> false;
      case ".", ",", ":" -> !number;
      default -> true;
    };
  }

  /** Whether that place of the spoken text is inside what {@link #joined} makes one word. */
  private boolean isInsideWord(int at) {
    int before = at - 1;
    if (ideographic || before < 1 || at >= spoken.length()) {
      return false;
    }
    if (isSaid(spoken.codePoint(before))) {
      return true;
    }
    before--;
    return isSaid(spoken.codePoint(before))
        && !partsWords(
            new Unit(spoken.begin(before), spoken.end(before), 0),
            new Unit(spoken.begin(at), spoken.end(at), 0));
  }

  private static boolean isSaid(int codePoint) {
    return Character.isLetterOrDigit(codePoint)
        || Character.getType(codePoint) == Character.NON_SPACING_MARK
        || "%&+=$€¥°℃@".indexOf(codePoint) >= 0;
  }

  private void give(int begin, int end, int unitBeginMs, int unitEndMs) {
    if (begin < lastIndex) {
      return;
    }
    int startMs = Math.max(lastMs, unitBeginMs);
    lastMs = Math.max(startMs, unitEndMs);
    lastIndex = end;
    sink.word(begin, end, startMs, lastMs);
  }
}
