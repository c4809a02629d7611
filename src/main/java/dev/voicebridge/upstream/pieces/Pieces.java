package dev.voicebridge.upstream.pieces;

import dev.voicebridge.upstream.Mode;
import dev.voicebridge.upstream.Sentences;
import dev.voicebridge.upstream.SpeechText;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the text of a turn into what is asked for at once: a short piece first, so that there is
 * soon something to hear, then as many whole sentences as wait, up to a length.
 */
final class Pieces {
  /** A piece shorter than this sounds torn off. */
  private static final int SHORTEST = 6;

  /** A sentence up to this length is short enough to begin with. */
  private static final int SHORT = 24;

  /** A service that makes all of a piece before it gives any of it gets no more than this. */
  private static final int LONG = 120;

  private static final String CLAUSE_ENDS = "，、；：,;:—";

  private final Mode mode;
  private final int maxChars;
  private final boolean streams;

  /** Sentences are put together up to this length. */
  private final int together;

  private final Sentences sentences = new Sentences();
  private final StringBuilder whole = new StringBuilder();
  private final Deque<Piece> ready = new ArrayDeque<>();

  /** Nothing of the turn has been cut yet. */
  private boolean first = true;

  /**
   * @param endsResponse whether the response ends with it
   */
  record Piece(String text, boolean endsResponse) {}

  /**
   * @param maxChars longest piece, UTF-16 units
   * @param streams whether a long piece begins to sound as soon as a short one: then what waits is
   *     cut no more than it must be
   */
  Pieces(Mode mode, int maxChars, boolean streams) {
    this.mode = mode;
    this.streams = streams;
    this.maxChars = Math.max(2, streams ? maxChars : Math.min(maxChars, 2 * LONG));
    this.together = streams ? this.maxChars : Math.min(LONG, this.maxChars);
  }

  void append(String text) {
    if (mode == Mode.COMMIT) {
      whole.append(text);
    } else {
      sentences.append(text);
      cut();
      beginEarly();
    }
  }

  /** The turn has no more text. */
  void end() {
    if (mode == Mode.COMMIT) {
      sentences.append(whole.toString());
      whole.setLength(0);
      cut();
    }
    String rest = sentences.rest();
    if (!rest.isEmpty()) {
      add(rest);
    }
    first = true;
  }

  private void cut() {
    for (String sentence = sentences.next(); sentence != null; sentence = sentences.next()) {
      add(sentence);
    }
  }

  /** The first clause of a sentence that is still growing. */
  private void beginEarly() {
    if (first) {
      String growing = sentences.rest();
      int end = clauseEnd(growing);
      if (end > 0 && SpeechText.speakable(growing.substring(0, end))) {
        ready.add(new Piece(growing.substring(0, end), false));
        first = false;
      }
      sentences.append(growing.substring(end));
    }
  }

  private void add(String sentence) {
    String text = sentence;
    if (first && !streams && text.length() > SHORT) {
      int end = clauseEnd(text);
      if (end > 0 && end < text.length() && SpeechText.speakable(text.substring(0, end))) {
        ready.add(new Piece(text.substring(0, end), false));
        text = text.substring(end);
      }
    }
    first &= !SpeechText.speakable(sentence);
    for (String part : SpeechText.pieces(text, maxChars)) {
      ready.add(new Piece(part, false));
    }
    Piece last = ready.removeLast();
    ready.add(new Piece(last.text, true));
  }

  /**
   * @return where the first clause of a fitting length ends; 0: nowhere
   */
  private static int clauseEnd(String text) {
    for (int i = SHORTEST - 1; i < text.length(); i++) {
      // Behind a Latin mark there must be a blank: "10,000" is one number.
      char c = text.charAt(i);
      boolean latin = c < 128;
      if (CLAUSE_ENDS.indexOf(c) >= 0
          && (!latin || (i + 1 < text.length() && Character.isWhitespace(text.charAt(i + 1))))) {
        return i + 1;
      }
    }
    return 0;
  }

  boolean isEmpty() {
    return ready.isEmpty();
  }

  /**
   * @return what to speak next; null: nothing yet
   */
  @Nullable Piece next() {
    Piece next = ready.poll();
    if (next == null) {
      return null;
    }
    StringBuilder text = new StringBuilder(next.text);
    boolean ends = next.endsResponse;
    // Only what begins a sentence is put together with whole sentences behind it.
    while (ends && !ready.isEmpty()) {
      Piece more = ready.element();
      if (!more.endsResponse || text.length() + more.text.length() > together) {
        break;
      }
      text.append(ready.remove().text);
    }
    // A committed text is one response, whatever it is cut into.
    return new Piece(text.toString(), ends && (mode != Mode.COMMIT || ready.isEmpty()));
  }
}
