package dev.voicebridge.enrolment;

import com.ibm.icu.text.Transliterator;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A name hint that the vendor takes, from whatever people call a voice: {@code 小明的妈妈} → {@code
 * xiaoming}. The same name always gives the same hint; two names may share one, since the vendor
 * adds something unique. Any thread; the first call loads ICU's rules (tens of milliseconds, see
 * {@link #warmUp}).
 */
public final class Prefix {
  /** Names from outside may be of any length. */
  private static final int READ = 80;

  private static final Pattern COSYVOICE = Pattern.compile("[A-Za-z0-9]{1,10}");
  private static final Pattern QWEN = Pattern.compile("[A-Za-z0-9_]{1,16}");
  private static final Pattern SILICONFLOW = Pattern.compile("[A-Za-z0-9_-]{1,32}");

  private Prefix() {}

  private static final class Latin {
    static final Transliterator RULES = Transliterator.getInstance("Any-Latin; Latin-ASCII");
  }

  /** Loads the rules, off the event loop if you like. */
  public static void warmUp() {
    of(Provider.COSYVOICE, "小明");
  }

  /**
   * @return never empty, always {@link #isLegal}; for CosyVoice the 9 lower-case characters that
   *     the vendor's oldest pages ask for too
   */
  public static String of(Provider provider, String displayName) {
    return switch (provider) {
      case COSYVOICE -> made(displayName, 9, "", true);
      case QWEN -> made(displayName, 16, "_", false);
      case SILICONFLOW -> made(displayName, 32, "-", false);
    };
  }

  /** Whether the vendor takes it. */
  public static boolean isLegal(Provider provider, String prefix) {
    return switch (provider) {
      case COSYVOICE -> COSYVOICE.matcher(prefix).matches();
      case QWEN -> QWEN.matcher(prefix).matches();
      case SILICONFLOW -> SILICONFLOW.matcher(prefix).matches();
    };
  }

  /** Whole syllables and words while they fit; of a first one that doesn't, its beginning. */
  private static String made(String name, int longest, String between, boolean lower) {
    StringBuilder made = new StringBuilder();
    for (String word : latin(name).split("[^A-Za-z0-9]+", -1)) {
      if (word.isEmpty()) {
        continue;
      }
      String next = lower ? word.toLowerCase(Locale.ROOT) : word;
      String gap = made.isEmpty() ? "" : between;
      if (made.length() + gap.length() + next.length() > longest) {
        if (made.isEmpty()) {
          made.append(next, 0, longest);
        }
        break;
      }
      made.append(gap).append(next);
    }
    // Nothing but signs and pictures: something stable of the same looks.
    return made.isEmpty() ? "v" + hash(name).substring(0, 8) : made.toString();
  }

  private static String latin(String name) {
    int end = name.offsetByCodePoints(0, Math.min(READ, name.codePointCount(0, name.length())));
    String start = name.substring(0, end);
    // An apostrophe parts no word: xi'an, o'neill.
    return Latin.RULES.transliterate(start).replaceAll("['’ʼ]", "");
  }

  private static String hash(String name) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
