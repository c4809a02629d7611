package dev.voicebridge.upstream;

import com.ibm.icu.text.BreakIterator;
import com.ibm.icu.text.FilteredBreakIteratorBuilder;
import com.ibm.icu.util.ULocale;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts streaming text into sentences. A full stop of Chinese or Japanese ends one at once; a Latin
 * one only when the next word has begun, because "3." may become "3.14" and "Dr." is no end.
 */
public final class Sentences {
  private static final String ENDS_AT_ONCE = "。！？｡\n";
  private static final String CLOSERS = "」』”’）)】》\"'";

  /** Abbreviations before a capital letter that the rules' own list lacks. */
  private static final List<String> TITLES =
      List.of(
          "Dr.", "Prof.", "Mr.", "Mrs.", "Ms.", "St.", "Rev.", "Gen.", "Col.", "Capt.", "Lt.",
          "Sgt.", "Sen.", "Rep.", "vs.", "e.g.", "i.e.");

  private final StringBuilder buffer = new StringBuilder();

  /** Null until the first text: loading the rules costs more than cutting. */
  private @Nullable BreakIterator rules;

  public void append(String text) {
    buffer.append(text);
  }

  /**
   * @return the next complete sentence with the blanks that follow it; null when none is complete
   */
  public @Nullable String next() {
    if (buffer.length() == 0) {
      return null;
    }
    BreakIterator iterator = rules();
    iterator.setText(buffer.toString());
    iterator.first();
    int end = iterator.next();
    while (end != BreakIterator.DONE) {
      if (end < buffer.length() || endsAtOnce()) {
        String sentence = buffer.substring(0, end);
        buffer.delete(0, end);
        return sentence;
      }
      end = iterator.next();
    }
    return null;
  }

  /** Takes what is left, a sentence or not. */
  public String rest() {
    String rest = buffer.toString();
    buffer.setLength(0);
    return rest;
  }

  private boolean endsAtOnce() {
    int last = buffer.length() - 1;
    while (last > 0 && CLOSERS.indexOf(buffer.charAt(last)) >= 0) {
      last--;
    }
    return ENDS_AT_ONCE.indexOf(buffer.charAt(last)) >= 0;
  }

  private BreakIterator rules() {
    if (rules == null) {
      FilteredBreakIteratorBuilder filter =
          FilteredBreakIteratorBuilder.getInstance(ULocale.ENGLISH);
      TITLES.forEach(filter::suppressBreakAfter);
      rules = filter.wrapIteratorWithFilter(BreakIterator.getSentenceInstance(ULocale.ENGLISH));
    }
    return rules;
  }
}
