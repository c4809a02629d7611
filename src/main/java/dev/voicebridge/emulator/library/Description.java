package dev.voicebridge.emulator.library;

import dev.voicebridge.emulator.engine.VoiceTraits;
import dev.voicebridge.emulator.engine.VoiceTraits.Age;
import dev.voicebridge.emulator.engine.VoiceTraits.Gender;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The words of a voice's description, Chinese and English, that the guest can do something with.
 */
public final class Description {
  private static final Pattern FEMALE =
      words("女|少女|姑娘|妈妈|母亲|奶奶|外婆|阿姨|萝莉", "female|woman|women|girl|lady|mother|grandmother|she|her");
  private static final Pattern MALE =
      words("男|爸爸|父亲|爷爷|外公|叔|先生|正太", "male|man|men|boy|gentleman|father|grandfather|he|his");
  private static final Pattern CHILD =
      words("儿童|小孩|孩子|童声|小女孩|小男孩|女童|男童|萝莉|正太", "child|childlike|kid|boy|girl|toddler");
  private static final Pattern OLD =
      words("老年|老人|老者|年迈|爷爷|奶奶|外公|外婆|苍老", "old|elderly|aged|senior|grandfather|grandmother");
  private static final Pattern YOUNG =
      words("年轻|青年|少年|少女|青春", "young|youthful|teen|teenage|teenager");
  private static final Pattern YEARS = Pattern.compile("(\\d{1,3})\\s*(?:岁|years?\\b|-years?-)");
  private static final Pattern DECADE =
      Pattern.compile("\\b(twent|thirt|fort|fift|sixt|sevent|eight|ninet)ies\\b");
  private static final Pattern SLOW =
      words("(?<!不)(?:慢|缓|舒缓|沉稳|慵懒)", "slow|slowly|slower|unhurried|leisurely");
  private static final Pattern FAST =
      words(
          "(?<!不)(?<!不要太)(?<!不太)(?:语速偏?较?快|快速|急促|轻快|快节奏|偏快)",
          "fast|quick|quickly|rapid|brisk|hurried");
  private static final Pattern LOW =
      words("低沉|浑厚|厚重|低音|磁性|音调偏?低|沙哑", "deep|low|bass|husky|baritone");
  private static final Pattern HIGH =
      words("高亢|清脆|尖|明亮|甜美|高音|音调偏?高", "high|high-pitched|bright|shrill|squeaky|soprano");

  private Description() {}

  /**
   * @param language what the voice reads first
   */
  public static VoiceTraits traits(String description, String language) {
    String text = description.toLowerCase(Locale.ROOT);
    double tempo = (SLOW.matcher(text).find() ? 0.8 : 1) * (FAST.matcher(text).find() ? 1.25 : 1);
    double pitch = (LOW.matcher(text).find() ? 0.84 : 1) * (HIGH.matcher(text).find() ? 1.19 : 1);
    return new VoiceTraits(gender(text), age(text), 0, pitch, tempo, language);
  }

  /** Whoever is named first: "a woman who sounds like a boy" is a woman. */
  private static Gender gender(String text) {
    Matcher female = FEMALE.matcher(text);
    Matcher male = MALE.matcher(text);
    int femaleAt = female.find() ? female.start() : Integer.MAX_VALUE;
    int maleAt = male.find() ? male.start() : Integer.MAX_VALUE;
    if (femaleAt == maleAt) {
      return Gender.UNKNOWN;
    }
    return femaleAt < maleAt ? Gender.FEMALE : Gender.MALE;
  }

  private static Age age(String text) {
    Matcher years = YEARS.matcher(text);
    if (years.find()) {
      return ofYears(Integer.parseInt(years.group(1)));
    }
    Matcher decade = DECADE.matcher(text);
    if (decade.find()) {
      return switch (decade.group(1)) {
        case "twent" -> Age.YOUNG;
        case "thirt", "fort", "fift" -> Age.ADULT;
        default -> Age.OLD;
      };
    }
    if (OLD.matcher(text).find()) {
      return Age.OLD;
    }
    boolean young = YOUNG.matcher(text).find();
    if (CHILD.matcher(text).find() && !text.contains("少女")) {
      return Age.CHILD;
    }
    return young ? Age.YOUNG : Age.ADULT;
  }

  private static Age ofYears(int years) {
    if (years < 13) {
      return Age.CHILD;
    }
    return years < 30 ? Age.YOUNG : years < 60 ? Age.ADULT : Age.OLD;
  }

  private static Pattern words(String chinese, String english) {
    return Pattern.compile(chinese + "|\\b(?:" + english + ")\\b");
  }
}
