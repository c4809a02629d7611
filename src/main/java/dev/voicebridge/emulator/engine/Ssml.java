package dev.voicebridge.emulator.engine;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the words out of marked-up text. Knows no document types, no entities but XML's five. */
public final class Ssml {
  private static final Pattern ENTITY =
      Pattern.compile("&(lt|gt|amp|quot|apos|#\\d{1,7}|#x[0-9A-Fa-f]{1,6});");

  private static final int UNENDING = -1;

  private Ssml() {}

  /**
   * The words of {@code <speak>…</speak>}, each tag replaced by a blank where it could part words.
   * Text that isn't marked up comes back as it is.
   */
  public static String plainText(String text) {
    if (!text.stripLeading().startsWith("<")) {
      return text;
    }
    String words = withoutTags(text).replaceAll("\\s+", " ").strip();
    Matcher entities = ENTITY.matcher(words);
    StringBuilder out = new StringBuilder(words.length());
    while (entities.find()) {
      entities.appendReplacement(out, Matcher.quoteReplacement(character(entities.group(1))));
    }
    return entities.appendTail(out).toString();
  }

  /** In one pass, whatever the input: after a tag that doesn't end, nothing more is one. */
  private static String withoutTags(String text) {
    StringBuilder out = new StringBuilder(text.length());
    int at = 0;
    while (at < text.length()) {
      int open = text.indexOf('<', at);
      if (open < 0) {
        break;
      }
      out.append(text, at, open);
      at = open;
      if (!beginsTag(text, open)) {
        out.append('<');
        at++;
        continue;
      }
      int end = tagEnd(text, open);
      if (end == UNENDING) {
        break;
      }
      if (text.charAt(end) == '<') {
        out.append(text, open, end); // another begins before this one ended
      } else {
        out.append(' ');
        end++;
      }
      at = end;
    }
    return out.append(text, at, text.length()).toString();
  }

  private static boolean beginsTag(String text, int open) {
    char next = open + 1 < text.length() ? text.charAt(open + 1) : ' ';
    return Character.isLetter(next) || next == '/' || next == '!' || next == '?';
  }

  /** Index of the {@code >}, or of a {@code <} that comes first. */
  private static int tagEnd(String text, int open) {
    if (text.startsWith("<!--", open)) {
      int end = text.indexOf("-->", open);
      return end < 0 ? UNENDING : end + 2;
    }
    char quote = 0;
    boolean declaration = text.charAt(open + 1) == '!';
    int brackets = 0;
    for (int i = open + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (declaration && (c == '[' || c == ']')) {
        brackets += c == '[' ? 1 : -1;
      } else if (brackets <= 0 && (c == '>' || c == '<')) {
        return i;
      }
    }
    return UNENDING;
  }

  private static String character(String entity) {
    return switch (entity) {
      case "lt" -> "<";
      case "gt" -> ">";
      case "amp" -> "&";
      case "quot" -> "\"";
      case "apos" -> "'";
      default -> {
        int codePoint =
            entity.startsWith("#x")
                ? Integer.parseInt(entity.substring(2), 16)
                : Integer.parseInt(entity.substring(1));
        yield Character.isValidCodePoint(codePoint) ? Character.toString(codePoint) : " ";
      }
    };
  }
}
