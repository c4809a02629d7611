package dev.voicebridge.emulator.engine;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the words out of marked-up text. Knows no document types, no entities but XML's five. */
public final class Ssml {
  /** Possessive, so that no input makes it look back. A {@code <} that begins no tag stays. */
  private static final Pattern TAG =
      Pattern.compile(
          "<!--.*?-->|<[/!?]?[A-Za-z_](?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+>", Pattern.DOTALL);

  private static final Pattern ENTITY =
      Pattern.compile("&(lt|gt|amp|quot|apos|#\\d{1,7}|#x[0-9A-Fa-f]{1,6});");

  private Ssml() {}

  /**
   * The words of {@code <speak>…</speak>}, each tag replaced by a blank where it could part words.
   * Text that isn't marked up comes back as it is.
   */
  public static String plainText(String text) {
    if (!text.stripLeading().startsWith("<")) {
      return text;
    }
    String words = TAG.matcher(text).replaceAll(" ").replaceAll("\\s+", " ").strip();
    Matcher entities = ENTITY.matcher(words);
    StringBuilder out = new StringBuilder(words.length());
    while (entities.find()) {
      entities.appendReplacement(out, Matcher.quoteReplacement(character(entities.group(1))));
    }
    return entities.appendTail(out).toString();
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
