package dev.voicebridge.text;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tags of HTML, and those that language models put around what is not for the listener. */
final class Tags {
  private static final int MAX_NAME = 24;

  /** What is between them is no text. */
  private static final Set<String> UNSPOKEN =
      Set.of(
          "think",
          "thinking",
          "thought",
          "reasoning",
          "tool_call",
          "tool_calls",
          "tool_response",
          "function_call",
          "script",
          "style",
          "svg",
          "iframe",
          "video",
          "audio",
          "object",
          "canvas",
          "head",
          "noscript",
          "template",
          "pre");

  private static final Set<String> BLOCKS =
      Set.of(
          "p",
          "div",
          "li",
          "ul",
          "ol",
          "tr",
          "table",
          "thead",
          "tbody",
          "tfoot",
          "caption",
          "h1",
          "h2",
          "h3",
          "h4",
          "h5",
          "h6",
          "br",
          "hr",
          "blockquote",
          "section",
          "article",
          "header",
          "footer",
          "main",
          "nav",
          "aside",
          "details",
          "summary",
          "dl",
          "dt",
          "dd",
          "figure",
          "figcaption",
          "center",
          "body",
          "html",
          "form",
          "address");

  private static final Set<String> INLINE =
      Set.of(
          "a",
          "abbr",
          "b",
          "bdi",
          "bdo",
          "big",
          "button",
          "cite",
          "code",
          "data",
          "del",
          "dfn",
          "em",
          "font",
          "i",
          "img",
          "input",
          "ins",
          "kbd",
          "label",
          "mark",
          "q",
          "ruby",
          "rb",
          "rp",
          "s",
          "samp",
          "small",
          "source",
          "span",
          "strike",
          "strong",
          "sub",
          "sup",
          "td",
          "th",
          "time",
          "tt",
          "u",
          "var",
          "wbr",
          "answer",
          "response",
          "output",
          "final",
          "col",
          "colgroup",
          "option",
          "select",
          "textarea",
          "picture",
          "link",
          "meta",
          "base");

  /**
   * @param name lower case
   * @param length of the whole tag
   */
  record Tag(String name, boolean closing, int length) {
    boolean unspoken() {
      return !closing && UNSPOKEN.contains(name);
    }

    boolean block() {
      return BLOCKS.contains(name);
    }

    boolean cell() {
      return name.equals("td") || name.equals("th");
    }

    /** Ends with a sentence, whatever punctuation it has. */
    boolean item() {
      return name.equals("li")
          || name.equals("dt")
          || name.equals("tr")
          || name.equals("caption")
          || name.equals("summary")
          || (name.length() == 2 && name.charAt(0) == 'h' && Marks.isDigit(name.charAt(1)));
    }
  }

  private Tags() {}

  /**
   * @param most how far it may reach
   * @return the tag that begins here; null: none that we know
   */
  static @Nullable Tag at(Ahead text, int most) {
    boolean closing = text.peek(1) == '/';
    int from = closing ? 2 : 1;
    int at = from;
    StringBuilder name = new StringBuilder();
    while (name.length() <= MAX_NAME) {
      int c = text.peek(at);
      if (!Marks.isWord(c) && !(c == '_' && name.length() > 0)) {
        break;
      }
      name.append((char) (c >= 'A' && c <= 'Z' ? c + 32 : c));
      at++;
    }
    String named = name.toString();
    if (!UNSPOKEN.contains(named) && !BLOCKS.contains(named) && !INLINE.contains(named)) {
      return null;
    }
    int end = end(text, at, most, named.length() > 2);
    return end == 0 ? null : new Tag(named, closing, end);
  }

  /**
   * After attributes, if they look like some; zero: it is no tag.
   *
   * @param sure the name alone says that it is one
   */
  private static int end(Ahead text, int from, int most, boolean sure) {
    int at = from;
    int quote = 0;
    boolean assigned = false;
    boolean named = false;
    while (at < most) {
      int c = text.peek(at);
      if (quote != 0) {
        quote = c == quote ? 0 : quote;
        if (c == Ahead.END) {
          return 0;
        }
      } else if (c == '>') {
        return named && !assigned && !sure ? 0 : at + 1;
      } else if (c == Ahead.END || c == '<') {
        return 0;
      } else if (c == '"' || c == '\'') {
        if (!assigned) {
          return 0;
        }
        quote = c;
      } else if (c == '=') {
        assigned = true;
      } else if (c == '/' || Marks.isBlank(c) || c == '\n') {
        at++;
        continue;
      } else if (at == from) {
        return 0;
      } else {
        named = true;
      }
      at++;
    }
    return 0;
  }
}
