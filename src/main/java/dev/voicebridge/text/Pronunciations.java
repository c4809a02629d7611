package dev.voicebridge.text;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Words and what to say for them. The longest word that fits is taken, and what is said for it is
 * not looked up again. A letter or digit of an alphabet at an end of a word must be at an end of
 * the word in the text, too: "AI" is in "AI写作" and not in "MAIL". Chinese is found anywhere. ASCII
 * letters fit in either case. Immutable.
 */
public final class Pronunciations {
  public static final Pronunciations NONE = new Pronunciations(Map.of());

  public static final int MAX_WORDS = 500;

  /** UTF-16 units of a word; no more than that and one more is held back. */
  public static final int MAX_WORD = 40;

  /** UTF-16 units of what is said for it. */
  public static final int MAX_SAID = 100;

  private final Map<String, String> words;
  private final Node root = new Node();

  private static final class Node {
    private final Map<Character, Node> next = new HashMap<>();

    /** Null: no word ends here. */
    private @Nullable String said;

    private boolean lettersFirst;
    private boolean lettersLast;
  }

  private Pronunciations(Map<String, String> words) {
    this.words = Map.copyOf(words);
    words.forEach(this::add);
  }

  /**
   * @throws IllegalArgumentException saying which word cannot be, or that there are too many
   */
  public static Pronunciations of(Map<String, String> words) {
    if (words.isEmpty()) {
      return NONE;
    }
    if (words.size() > MAX_WORDS) {
      throw new IllegalArgumentException("at most " + MAX_WORDS + " words");
    }
    words.forEach(
        (word, said) -> {
          if (word.isBlank() || word.length() > MAX_WORD || !word.equals(word.strip())) {
            throw new IllegalArgumentException(
                "a word has 1 to " + MAX_WORD + " characters, and no blanks at its ends");
          }
          if (said.length() > MAX_SAID || said.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                "what is said for a word has at most " + MAX_SAID + " characters on one line");
          }
        });
    return new Pronunciations(words);
  }

  private void add(String word, String said) {
    Node node = root;
    for (int i = 0; i < word.length(); i++) {
      node = node.next.computeIfAbsent(folded(word.charAt(i)), key -> new Node());
    }
    node.said = said;
    node.lettersFirst = joins(word.codePointAt(0));
    node.lettersLast = joins(word.codePointBefore(word.length()));
  }

  /** These, and of the others what these say nothing about. */
  public Pronunciations over(Pronunciations others) {
    if (others.words.isEmpty()) {
      return this;
    }
    Map<String, String> both = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    both.putAll(others.words);
    words.forEach(
        (word, said) -> {
          both.remove(word);
          both.put(word, said);
        });
    return new Pronunciations(both);
  }

  public boolean isEmpty() {
    return words.isEmpty();
  }

  public Map<String, String> words() {
    return words;
  }

  /** For one text. */
  public Rewriter reader() {
    return new Reader();
  }

  private static char folded(int c) {
    return (char) (c >= 'A' && c <= 'Z' ? c + 32 : c);
  }

  /** Whether another one beside it would make it another word. */
  private static boolean joins(int c) {
    return Marks.isLetterOrDigit(c) && !Marks.isCjk(c);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Pronunciations same && same.words.equals(words);
  }

  @Override
  public int hashCode() {
    return words.hashCode();
  }

  @Override
  public String toString() {
    return "Pronunciations[" + words.size() + "]";
  }

  private final class Reader implements Rewriter {
    private final Ahead text = new Ahead();
    private final Origins origins = new Origins();
    private final StringBuilder out = new StringBuilder();

    @Override
    public String feed(String piece) {
      text.add(piece);
      return work();
    }

    @Override
    public String finish() {
      text.finish();
      return work();
    }

    @Override
    public Origins origins() {
      return origins;
    }

    private String work() {
      try {
        while (!text.isEmpty()) {
          step();
        }
      } catch (Ahead.More waiting) {
        // A word may be on its way.
      }
      String certain = out.toString();
      out.setLength(0);
      return certain;
    }

    private void step() {
      boolean inWord = joins(text.previous());
      Node node = root;
      String said = null;
      int length = 0;
      for (int i = 0; ; ) {
        node = node.next.get(folded(text.peek(i)));
        if (node == null) {
          break;
        }
        i++;
        if (node.said != null
            && !(inWord && node.lettersFirst)
            && !(node.lettersLast && joins(text.peek(i)))) {
          said = node.said;
          length = i;
        }
        if (node.next.isEmpty()) {
          break;
        }
      }
      if (said == null) {
        out.append((char) text.peek(0));
        origins.copied(1);
        text.take(1);
      } else {
        out.append(said);
        origins.replaced(said.length(), length);
        text.take(length);
      }
    }
  }
}
