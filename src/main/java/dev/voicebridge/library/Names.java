package dev.voicebridge.library;

import dev.voicebridge.enrolment.Prefix;
import dev.voicebridge.enrolment.Provider;
import java.security.SecureRandom;
import java.util.Locale;

/** Names that we give: readable first, and unlike any other. */
final class Names {
  private static final String DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int ID_TAIL = 10;
  private static final int MAX_NAME_IN_ID = 40;

  private Names() {}

  /** An id of ours: {@code 小明的妈妈} → {@code xiaoming-de-mama-k3v09x2m4q}. */
  static String id(String displayName) {
    String name =
        Prefix.of(Provider.SILICONFLOW, displayName)
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9_-]", "");
    String head = name.length() <= MAX_NAME_IN_ID ? name : name.substring(0, MAX_NAME_IN_ID);
    return head + "-" + tail(ID_TAIL);
  }

  /**
   * A hint for the vendor that nobody else gives: by it, a voice whose making was cut off is found
   * in the vendor's list.
   */
  static String prefix(Provider family, String displayName) {
    String name = Prefix.of(family, displayName);
    return switch (family) {
      case COSYVOICE -> cut(name, 4) + tail(5);
      case QWEN -> cut(name, 8) + "_" + tail(7);
      case SILICONFLOW -> cut(name, 20) + "-" + tail(10);
    };
  }

  private static String cut(String text, int longest) {
    return text.length() <= longest ? text : text.substring(0, longest);
  }

  private static String tail(int length) {
    StringBuilder tail = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      tail.append(DIGITS.charAt(RANDOM.nextInt(DIGITS.length())));
    }
    return tail.toString();
  }
}
