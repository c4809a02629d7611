package dev.voicebridge.emulator.engine;

import com.atilika.kuromoji.ipadic.Token;
import com.atilika.kuromoji.ipadic.Tokenizer;
import java.util.List;
import java.util.Map;

/**
 * Kana for kanji, with kuromoji and its IPA dictionary. The dictionary takes most of a second and
 * some 60 MB, so it is loaded with the first Japanese text. Not thread-safe.
 */
final class Readings {
  /** As particles, three kana are not read as they are written. */
  private static final Map<String, String> PARTICLES = Map.of("は", "ワ", "へ", "エ", "を", "オ");

  private static final class Dictionary {
    static final Tokenizer TOKENIZER = new Tokenizer();
  }

  /**
   * A word and how it is read.
   *
   * @param kana katakana, or the surface where that has no kanji; empty when nobody knows
   * @param begin first UTF-16 index in the text
   * @param end index after the last
   */
  record Reading(String kana, int begin, int end) {}

  private Readings() {}

  static List<Reading> of(String text) {
    return Dictionary.TOKENIZER.tokenize(text).stream()
        .map(
            token ->
                new Reading(
                    kana(token),
                    token.getPosition(),
                    token.getPosition() + token.getSurface().length()))
        .toList();
  }

  private static String kana(Token token) {
    String surface = token.getSurface();
    String particle = PARTICLES.get(surface);
    if (particle != null && token.getPartOfSpeechLevel1().equals("助詞")) {
      return particle;
    }
    if (surface.codePoints().noneMatch(Character::isIdeographic)
        && surface.indexOf('々') < 0
        && surface.indexOf('ヶ') < 0) {
      return surface;
    }
    String reading = token.getReading();
    if (!reading.equals("*")) {
      return reading;
    }
    return surface.codePointCount(0, surface.length()) == 1 ? "" : oneByOne(surface);
  }

  private static String oneByOne(String surface) {
    StringBuilder out = new StringBuilder();
    surface
        .codePoints()
        .forEach(
            codePoint -> {
              String character = Character.toString(codePoint);
              if (Passages.isKana(codePoint)) {
                out.append(character);
              } else if (Character.isIdeographic(codePoint)) {
                Dictionary.TOKENIZER.tokenize(character).forEach(part -> out.append(kana(part)));
              }
            });
    return out.toString();
  }
}
