package dev.voicebridge.emulator.wire;

/** The vendor's way to count text: a Han character is 2, everything else 1. */
final class TextCount {
  private TextCount() {}

  static int characters(String text) {
    return text.codePoints().map(TextCount::weight).sum();
  }

  /** Sambert counts every character as 1. */
  static int plain(String text) {
    return text.codePointCount(0, text.length());
  }

  /** A rough count of model tokens: a Han character each, four of anything else. */
  static int tokens(String text) {
    int han = characters(text) - plain(text);
    return han + (plain(text) - han + 3) / 4;
  }

  /** Whether there is a letter or a digit to speak. */
  static boolean isSpeakable(String text) {
    return text.codePoints().anyMatch(Character::isLetterOrDigit);
  }

  private static int weight(int codePoint) {
    return Character.UnicodeScript.of(codePoint) == Character.UnicodeScript.HAN ? 2 : 1;
  }
}
