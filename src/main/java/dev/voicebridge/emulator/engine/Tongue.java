package dev.voicebridge.emulator.engine;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The languages of the Qwen voices, and Cantonese. */
enum Tongue {
  CHINESE("Chinese", "zh", "cmn"),
  CANTONESE("Cantonese", "yue", "yue"),
  ENGLISH("English", "en", "en-us"),
  GERMAN("German", "de", "de"),
  ITALIAN("Italian", "it", "it"),
  PORTUGUESE("Portuguese", "pt", "pt"),
  SPANISH("Spanish", "es", "es"),
  JAPANESE("Japanese", "ja", "ja"),
  KOREAN("Korean", "ko", "ko"),
  FRENCH("French", "fr", "fr"),
  RUSSIAN("Russian", "ru", "ru");

  private static final Set<Tongue> NOT_LATIN =
      Set.of(CHINESE, CANTONESE, JAPANESE, KOREAN, RUSSIAN);

  /** Words that give a language away; short, because English is right when in doubt. */
  private static final List<Tell> TELLS =
      List.of(
          new Tell(
              GERMAN, "der die das und ist nicht ich sie ein eine mit für auf wir guten", "äöüß"),
          new Tell(FRENCH, "le la les est et je vous nous une des pas bonjour pour dans", "çèêëîœ"),
          new Tell(SPANISH, "el la los las es y que de por para una hola está gracias", "ñ¿¡ó"),
          new Tell(ITALIAN, "il la gli è e di che per una sono ciao non grazie buongiorno", "ìò"),
          new Tell(PORTUGUESE, "o a os as é e que de não uma para você olá obrigado", "ãõ"));

  private final String languageType;
  private final String code;
  private final String espeakVoice;

  Tongue(String languageType, String code, String espeakVoice) {
    this.languageType = languageType;
    this.code = code;
    this.espeakVoice = espeakVoice;
  }

  String espeakVoice() {
    return espeakVoice;
  }

  boolean isLatin() {
    return !NOT_LATIN.contains(this);
  }

  /** Whether it is written without blanks, and timed by the character. */
  boolean isIdeographic() {
    return this == CHINESE || this == CANTONESE || this == JAPANESE;
  }

  /** Null for {@code Auto} and for what we don't know. */
  static @Nullable Tongue ofType(String languageType) {
    for (Tongue tongue : values()) {
      if (tongue.languageType.equalsIgnoreCase(languageType)) {
        return tongue;
      }
    }
    return null;
  }

  static Tongue ofCode(String code) {
    for (Tongue tongue : values()) {
      if (tongue.code.equals(code)) {
        return tongue;
      }
    }
    return CHINESE;
  }

  /**
   * The language of words in Latin letters.
   *
   * @param first what to take when the words don't tell, if it is written in Latin letters
   */
  static Tongue ofLatin(String text, Tongue first) {
    Tongue best = first.isLatin() ? first : ENGLISH;
    int bestHits = 1; // a single word proves nothing
    List<String> words = List.of(text.toLowerCase(java.util.Locale.ROOT).split("[^\\p{L}]+"));
    for (Tell tell : TELLS) {
      int hits = 0;
      for (String word : words) {
        if (tell.words.contains(word)) {
          hits++;
        }
      }
      for (int i = 0; i < text.length(); i++) {
        if (tell.letters.indexOf(Character.toLowerCase(text.charAt(i))) >= 0) {
          hits++;
        }
      }
      if (hits > bestHits && 4 * hits >= words.size()) {
        bestHits = hits;
        best = tell.tongue;
      }
    }
    return best;
  }

  private record Tell(Tongue tongue, Set<String> words, String letters) {
    Tell(Tongue tongue, String words, String letters) {
      this(tongue, Set.of(words.split(" ")), letters);
    }
  }
}
