package dev.voicebridge.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What all parts of the cleaner work on: the text ahead, what is to be spoken, and the line that is
 * being read. Every character is copied, replaced or left out, and taken from the text with that.
 */
final class Page {
  /** How far a mark may reach before it is taken for none. */
  static final int REACH = 160;

  final Ahead text = new Ahead();
  final SpokenOut out = new SpokenOut();

  /** What to do at the other half of a mark, by where that is in the whole text. */
  private final Map<Long, Runnable> ends = new HashMap<>();

  private final List<Runnable> atLineEnd = new ArrayList<>();

  private Line line = new Line();
  private @Nullable Stretch stretch;

  Line line() {
    return line;
  }

  // -- what to do with a character ------------------------------------------------------------

  void copy(int c) {
    int length = c == Ahead.END ? 0 : Character.charCount(c);
    out.copy(c);
    text.take(length);
    begun();
    line.equation |= c == '=' || c == '＝' || c == '×';
  }

  /**
   * These are no mark.
   *
   * @return true
   */
  boolean literal(int length) {
    for (int i = 0; i < length; i++) {
      copy(text.peek(0));
    }
    return true;
  }

  void blank(int c) {
    out.blank((char) c);
    text.take(1);
  }

  void drop(int length) {
    drop(length, SpokenOut.Pause.NONE);
  }

  void drop(int length, SpokenOut.Pause pause) {
    line.marked = true;
    out.leaveOut(length, pause);
    text.take(length);
  }

  /** Those words, perhaps none, in place of so much of the text. */
  void say(String words, int length) {
    String stripped = words.strip();
    if (stripped.isEmpty()) {
      drop(length);
    } else {
      out.replace(stripped, length);
      text.take(length);
      begun();
    }
  }

  private void begun() {
    line.marked = true;
    line.atStart = false;
    line.afterBullet = false;
  }

  // -- lines ----------------------------------------------------------------------------------

  void lineBreak() {
    endLine();
    text.take(1);
    out.lineBreak();
  }

  void endLine() {
    endSentence();
    atLineEnd.forEach(Runnable::run);
    line = new Line();
  }

  /** A line that is bold from its beginning to its end is somebody's heading. */
  private void endSentence() {
    boolean boldLine = line.boldTo >= 0 && line.boldTo == out.onLine();
    if (line.kind != Line.Kind.PLAIN || boldLine) {
      out.sentenceEnd();
    }
  }

  /** Calls that whenever a line ends, while {@link #line()} is still that line. */
  void atLineEnd(Runnable action) {
    atLineEnd.add(action);
  }

  void finish() {
    endSentence();
    out.finish();
  }

  // -- what goes over more than the next characters ---------------------------------------------

  /** The mark that ends what begins here is so far ahead: it is left out when it comes. */
  void closeAt(int ahead, int length) {
    at(ahead, () -> drop(length));
  }

  /** Does that, which takes something, as soon as what is so far ahead comes next. */
  void at(int ahead, Runnable action) {
    ends.put(text.at() + ahead, action);
  }

  /** Whether the other half of a mark was next. */
  boolean ended() {
    Runnable action = ends.remove(text.at());
    if (action == null) {
      return false;
    }
    action.run();
    return true;
  }

  void begin(Stretch next) {
    stretch = next;
  }

  /** Whether what comes next was for the stretch that goes on. */
  boolean stretched() {
    if (stretch == null) {
      return false;
    }
    if (!stretch.step()) {
      stretch = null;
    }
    return true;
  }

  // -- looking ahead --------------------------------------------------------------------------

  /** How often the unit so far ahead is repeated, as far as a mark may reach. */
  int run(int ahead) {
    return text.run(ahead, Math.max(1, REACH + 1 - ahead));
  }

  /**
   * Where the mark that ends what begins here is, on the same line; zero: nowhere near.
   *
   * @param length of both marks
   */
  int closer(int mark, int length, int from) {
    int i = from;
    while (i < REACH) {
      int c = text.peek(i);
      if (c == '\n' || c == Ahead.END) {
        return 0;
      }
      if (c == '\\') {
        i += 2;
      } else if (c == mark) {
        int run = run(i);
        if ((run == length || (length == 1 && run == 3))
            && i > from
            && !Marks.isBlank(text.peek(i - 1))
            && !Marks.isWord(text.peek(i + run))) {
          return i;
        }
        i += run;
      } else {
        i++;
      }
    }
    return 0;
  }
}
