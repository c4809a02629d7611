package dev.voicebridge.enrolment;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The vendor's rules for describing a voice, checked before a design is paid for. Any thread.
 *
 * <p>Careful rather than clever: it must not refuse a good description, so a rule speaks only when
 * the words leave no doubt.
 */
public final class DescriptionRules {
  /** Characters, both families; the Qwen API takes more, its guide doesn't. */
  static final int MAX_DESCRIPTION = 500;

  private static final JsonObject WORDS = DataFile.read("descriptions.json");
  private static final Map<String, List<String>> TRAITS = new HashMap<>();
  private static final List<String> JUDGEMENTS = DataFile.strings(WORDS, "judgements");
  private static final List<String> IMITATION = DataFile.strings(WORDS, "imitation");
  private static final List<String> PEOPLE = DataFile.strings(WORDS, "people");

  /** "like", "sounds like", "in the style of" and two capitalised words. */
  private static final Pattern LIKE_SOMEONE =
      Pattern.compile(
          "(?:[Ll]ike|[Vv]oice of|[Ss]tyle of|[Ss]imilar to|[Rr]esembl\\w{1,4})\\s+"
              + "((?:the (?:actor|singer|actress|president)\\s+)?\\p{Lu}[\\p{L}'.-]{1,30}\\s+\\p{Lu}[\\p{L}'.-]{1,30})");

  private static final Pattern LIKE_A_STAR =
      Pattern.compile("(?:像|学|仿|类似).{0,8}?((?:歌手|演员|歌星|影星|主持人|总统|网红)[\\u4e00-\\u9fff]{2,4})");

  private static final Pattern ENGLISH_WORD = Pattern.compile("[A-Za-z][A-Za-z'-]*");
  private static final Pattern CHINESE_AGAIN =
      Pattern.compile("([\\u4e00-\\u9fff]{2,4})[，、。,\\s]*(?:\\1[，、。,\\s]*){2,}");

  static {
    JsonObject traits = WORDS.getJsonObject("traits");
    traits.fieldNames().forEach(name -> TRAITS.put(name, DataFile.strings(traits, name)));
  }

  private DescriptionRules() {}

  /**
   * Description and preview text together.
   *
   * @return empty: fine; else what to change, the gravest first
   */
  public static List<Diagnosis> check(Provider provider, DesignRequest request) {
    List<Diagnosis> found = new ArrayList<>(description(request.description()));
    found.addAll(previewText(provider, request.previewText(), request.language()));
    return found;
  }

  /** The description alone. */
  public static List<Diagnosis> description(String description) {
    String text = description.strip();
    if (text.isEmpty()) {
      return List.of(Diagnosis.named("description_empty"));
    }
    int length = description.codePointCount(0, description.length());
    if (length > MAX_DESCRIPTION) {
      return List.of(
          Diagnosis.named(
              "description_too_long",
              new JsonObject().put("length", length).put("limit", MAX_DESCRIPTION)));
    }
    if (foreign(text)) {
      return List.of(Diagnosis.named("description_language"));
    }
    List<Diagnosis> found = new ArrayList<>();
    String someone = imitated(text);
    if (someone != null) {
      found.add(
          Diagnosis.named(
              "description_imitation", new JsonObject().put("word", Diagnosis.shown(someone))));
    }
    String again = repeated(text);
    if (again != null) {
      found.add(
          Diagnosis.named(
              "description_repetition", new JsonObject().put("word", Diagnosis.shown(again))));
    }
    if (traits(text).isEmpty()) {
      if (judges(text)) {
        found.add(Diagnosis.named("description_only_judgement"));
      } else if (found.isEmpty() && gibberish(text)) {
        found.add(Diagnosis.named("description_gibberish"));
      }
    }
    return found;
  }

  /** The dimensions that a description names: {@code gender}, {@code age}, {@code pitch} … */
  public static Set<String> traits(String description) {
    String lower = description.toLowerCase(Locale.ROOT);
    Set<String> named = new LinkedHashSet<>();
    TRAITS.forEach(
        (dimension, words) -> {
          if (words.stream().anyMatch(word -> says(lower, word))) {
            named.add(dimension);
          }
        });
    return named;
  }

  /**
   * The text that a preview speaks.
   *
   * @param language a BCP 47 tag; null: the provider's default
   */
  public static List<Diagnosis> previewText(
      Provider provider, String text, @Nullable String language) {
    int minimum = provider == Provider.QWEN ? 1 : 15;
    int limit = provider == Provider.QWEN ? 1024 : 200;
    int length = text.codePointCount(0, text.length());
    if (length < minimum || length > limit) {
      return List.of(
          Diagnosis.named(
              "preview_text_length",
              new JsonObject().put("length", length).put("minimum", minimum).put("limit", limit)));
    }
    if (text.codePoints().noneMatch(Character::isLetterOrDigit)) {
      return List.of(Diagnosis.named("preview_text_unspeakable"));
    }
    return language != null && contradicts(text, Targets.languageCode(language))
        ? List.of(
            Diagnosis.named(
                "preview_text_language",
                new JsonObject().put("language", Diagnosis.shown(language))))
        : List.of();
  }

  /** Chinese text said to be in a Latin script, or Latin text said to be Chinese; mixtures pass. */
  private static boolean contradicts(String text, String language) {
    long han = text.codePoints().filter(DescriptionRules::isHan).count();
    long letters = text.codePoints().filter(Character::isLetter).count();
    return switch (language) {
      case "zh" -> letters > 0 && han == 0;
      case "en", "de", "fr", "it", "es", "pt" -> letters > 0 && han == letters;
      default -> false;
    };
  }

  private static boolean isHan(int codePoint) {
    return Character.UnicodeScript.of(codePoint) == Character.UnicodeScript.HAN;
  }

  /** Most letters belong to another script: kana, hangul, Cyrillic, Thai … */
  private static boolean foreign(String text) {
    long letters = text.codePoints().filter(Character::isLetter).count();
    long readable =
        text.codePoints()
            .filter(Character::isLetter)
            .filter(
                letter ->
                    isHan(letter)
                        || Character.UnicodeScript.of(letter) == Character.UnicodeScript.LATIN)
            .count();
    return letters > 0 && readable * 2 < letters;
  }

  private static @Nullable String imitated(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    for (String person : PEOPLE) {
      if (says(lower, person)) {
        return person;
      }
    }
    for (String word : IMITATION) {
      // "Not an imitation" and its like are rare, and asking again costs little.
      if (says(lower, word)) {
        return word;
      }
    }
    Matcher someone = LIKE_SOMEONE.matcher(text);
    if (someone.find()) {
      return someone.group(1);
    }
    Matcher star = LIKE_A_STAR.matcher(text);
    return star.find() ? star.group(1) : null;
  }

  /** A word three times in a row, or an English one that is most of the description. */
  private static @Nullable String repeated(String text) {
    Matcher chinese = CHINESE_AGAIN.matcher(text);
    if (chinese.find()) {
      return chinese.group(1);
    }
    Map<String, Integer> counts = new HashMap<>();
    String last = "";
    int row = 0;
    int words = 0;
    Matcher word = ENGLISH_WORD.matcher(text);
    while (word.find()) {
      String each = word.group().toLowerCase(Locale.ROOT);
      row = each.equals(last) ? row + 1 : 1;
      last = each;
      words++;
      if (row >= 3) {
        return each;
      }
      counts.merge(each, 1, Integer::sum);
    }
    int total = words;
    return counts.entrySet().stream()
        .filter(entry -> entry.getValue() >= 4 && entry.getValue() * 2 > total)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(null);
  }

  private static boolean judges(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return JUDGEMENTS.stream().anyMatch(word -> says(lower, word));
  }

  /**
   * Too few letters, hardly a vowel, or one sign over and over. Only asked when no trait is named.
   */
  private static boolean gibberish(String text) {
    long letters = text.codePoints().filter(Character::isLetter).count();
    long signs = text.codePoints().filter(each -> !Character.isWhitespace(each)).count();
    long han = text.codePoints().filter(DescriptionRules::isHan).count();
    if (letters < 2 || letters * 2 < signs) {
      return true;
    }
    if (text.codePoints().filter(Character::isLetter).distinct().count() < 2) {
      return true;
    }
    if (han > 0) {
      return false;
    }
    Matcher word = ENGLISH_WORD.matcher(text);
    int words = 0;
    int odd = 0;
    while (word.find()) {
      String each = word.group().toLowerCase(Locale.ROOT);
      words++;
      if (each.length() > 20
          || each.matches(".*[bcdfghjklmnpqrstvwxz]{5,}.*")
          || (each.length() > 3 && !each.matches(".*[aeiouy].*"))) {
        odd++;
      }
    }
    return words == 0 || odd * 2 >= words;
  }

  /** Chinese words anywhere; English ones at the beginning of a word, short ones as a whole. */
  private static boolean says(String lower, String word) {
    if (isHan(word.codePointAt(0))) {
      return lower.contains(word);
    }
    for (int at = lower.indexOf(word); at >= 0; at = lower.indexOf(word, at + 1)) {
      int end = at + word.length();
      boolean begins = at == 0 || !Character.isLetter(lower.charAt(at - 1));
      boolean ends = end == lower.length() || !Character.isLetter(lower.charAt(end));
      if (begins && (ends || word.length() > 4)) {
        return true;
      }
    }
    return false;
  }
}
