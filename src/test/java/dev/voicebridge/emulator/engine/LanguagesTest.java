package dev.voicebridge.emulator.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What reaches the library, and what it makes of it. */
@Timeout(60)
class LanguagesTest {
  private static NativeEspeak espeak;
  private static Rewriting rewriting;
  private static SpeechEngine engine;

  @BeforeAll
  static void load() {
    engine = EspeakEngine.open();
    espeak = NativeEspeak.get();
    rewriting = new Rewriting(LanguagesTest::phonemes);
  }

  private static String phonemes(Tongue tongue, String text) {
    espeak.lock.lock();
    try {
      espeak.voice(tongue.espeakVoice());
      return espeak.phonemes(text);
    } finally {
      espeak.lock.unlock();
    }
  }

  private static String spoken(String text, Tongue tongue) {
    return rewriting.of(text, new Passage(tongue, 0, text.length())).text();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "你好 world; Auto; zh; CHINESE 你好 |ENGLISH world",
        "你好 world; English; zh; CHINESE 你好 |ENGLISH world",
        "我去東京。私は東京へ行く。; Auto; zh; CHINESE 我去東京。|JAPANESE 私は東京へ行く。",
        "私は東京へ行く。; Chinese; zh; CHINESE 私|JAPANESE は|CHINESE 東京|JAPANESE へ|CHINESE 行|JAPANESE く。",
        "日本語; Japanese; zh; JAPANESE 日本語",
        "안녕 мир 3; Auto; zh; KOREAN 안녕 |RUSSIAN мир 3",
        "早晨 hello; Auto; yue; CANTONESE 早晨 |ENGLISH hello",
        "早晨; Chinese; yue; CANTONESE 早晨",
        "3个; Auto; en; CHINESE 3个",
        "Room 3 有3个; Auto; zh; ENGLISH Room 3 |CHINESE 有3个",
        "2024; Auto; zh; CHINESE 2024",
        "2024; German; zh; GERMAN 2024",
        "Hola; Spanish; zh; SPANISH Hola",
        "Ciao; Auto; it; ITALIAN Ciao",
        "Das ist nicht mein Haus; Auto; zh; GERMAN Das ist nicht mein Haus",
        "The house is not mine; Auto; zh; ENGLISH The house is not mine",
        "C'est la vie, je vous aime; Auto; zh; FRENCH C'est la vie, je vous aime",
        "¿Cómo está?; Auto; zh; SPANISH ¿Cómo está?",
        "Hello; Chinese; zh; ENGLISH Hello",
      })
  void mixedTextIsCutByScript(String text, String language, String first, String expected) {
    List<Passage> passages = Passages.of(text, Tongue.ofType(language), Tongue.ofCode(first));

    assertEquals(
        expected.strip(),
        passages.stream()
            .map(p -> p.tongue() + " " + text.substring(p.begin(), p.end()))
            .collect(Collectors.joining("|"))
            .strip());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "日本語を勉強しています。",
        "今日は2024年5月3日、東京で会いましょう！",
        "時々、一ヶ月に三回ラーメンを食べる。",
        "「彼女」は（きっと）来る・・・〜",
        "龘と𠮷野家と髙島屋",
        "すげぇー！ンー、ァァ、ヶ、ゝゞ゛",
        "消費税は10％です。ＡＢＣ＆Ｄ",
        "ｱﾘｶﾞﾄｳ",
        "々〆〇"
      })
  void japaneseIsNeverReadInEnglish(String text) {
    String spoken = spoken(text, Tongue.JAPANESE);

    assertTrue(spoken.codePoints().noneMatch(Character::isIdeographic), spoken);
    assertFalse(phonemes(Tongue.JAPANESE, spoken).contains("(en)"), spoken);
  }

  @ParameterizedTest
  @CsvSource({
    "您好，很高兴见到您, Chinese",
    "早晨，你好嗎, Cantonese",
    "Good morning to all of you, English",
    "Guten Morgen zusammen, German",
    "Buongiorno a tutti voi, Italian",
    "Bom dia a todos vocês, Portuguese",
    "Buenos días a todos, Spanish",
    "おはようございます, Japanese",
    "안녕하세요 여러분, Korean",
    "Bonjour à tout le monde, French",
    "Доброе утро всем, Russian"
  })
  void everyLanguageIsSpokenByManWomanAndChild(String text, String language) {
    for (String voice : new String[] {"Ethan", "Serena", "Pip"}) {
      assertTrue(Speech.of(engine, text, voice, language).ms() > 300, voice);
    }
  }

  @ParameterizedTest
  @CsvSource({"日本語, ニホンゴ", "東京, トウキョウ", "私, ワタシ", "勉強します, ベンキョウします"})
  void kanjiSoundLikeTheirReading(String kanji, String kana) {
    Speech written = Speech.of(engine, kanji, "Ono Anna", "Japanese");

    assertTrue(written.ms() > 200);
    assertTrue(written.sameSoundAs(Speech.of(engine, kana, "Ono Anna", "Japanese")));
  }

  @Test
  void particlesAreReadAsParticles() {
    assertEquals("ワタシワガッコウエイク", spoken("私は学校へ行く", Tongue.JAPANESE));
  }

  @Test
  void everyCommonCharacterHasASoundInMandarinThatIsNotEnglish() {
    List<String> english = new ArrayList<>();
    for (int codePoint = 0x3400; codePoint < 0xA000; codePoint++) {
      if (Character.isIdeographic(codePoint)) {
        String spoken = spoken(Character.toString(codePoint), Tongue.CHINESE);
        if (!spoken.isBlank() && phonemes(Tongue.CHINESE, spoken).contains("(en)")) {
          english.add(Character.toString(codePoint));
        }
      }
    }
    assertEquals(List.of(), english);
  }

  @ParameterizedTest
  @ValueSource(strings = {"兄弟熊猫贫穷琼瑶女兒", "10%的人，3.5％！", "A+B=C & #1 @x ~ / *", "𠮷𪚥", "「你好」——《书》…"})
  void chineseIsNeverReadInEnglish(String text) {
    for (Tongue tongue : new Tongue[] {Tongue.CHINESE, Tongue.CANTONESE}) {
      String spoken = spoken(text, tongue);

      assertFalse(phonemes(tongue, spoken).contains("(en)"), spoken);
      assertFalse(phonemes(tongue, spoken).contains("l'et@"), spoken);
    }
  }

  @Test
  void brothersAndBearsAreSaid() {
    assertTrue(
        phonemes(Tongue.CHINESE, spoken("熊猫", Tongue.CHINESE)).startsWith("S;'yong35"),
        "the library itself would read English here");
  }

  @Test
  void percentComesBeforeTheNumberInChinese() {
    assertEquals("有百分之3.5的人", spoken("有3.5％的人", Tongue.CHINESE));
  }

  @Test
  void asciiPunctuationPausesInChineseToo() {
    assertEquals("好，的。3.5", spoken("好,的.3.5", Tongue.CHINESE));
  }

  @Test
  void koreanIsNeverReadInEnglish() {
    String spoken = spoken("한국(韓國) 10% & 2024년 #1!", Tongue.KOREAN);

    assertFalse(phonemes(Tongue.KOREAN, spoken).contains("(en)"), spoken);
  }

  @Test
  void whatCantoneseLacksIsSaidInMandarin() {
    String rare = Character.toString(firstUnknownToCantonese());

    Speech speech = Speech.of(engine, "早晨" + rare + "早晨", "Rocky", "Chinese");

    assertEquals("早|晨|" + rare + "|早|晨", speech.spokenWords());
  }

  private static int firstUnknownToCantonese() {
    for (int codePoint = 0x4E00; codePoint < 0xA000; codePoint++) {
      if (!rewriting.knows(Tongue.CANTONESE, codePoint)
          && rewriting.knows(Tongue.CHINESE, codePoint)) {
        return codePoint;
      }
    }
    throw new AssertionError("Cantonese knows them all");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "你好，世界。今天天气很好！; Chinese; 你|好|世|界|今|天|天|气|很|好",
        "Hello world. This is a test, isn't it?; English; Hello|world|This|is|a|test|isn't|it",
        "Out of the 3.5 million — \"yes\"; English; Out|of|the|3.5|million|yes",
        "私は日本語を話します。; Japanese; 私|は|日|本|語|を|話|し|ま|す",
        "我有兄弟，10%的熊猫; Chinese; 我|有|兄|弟|1|0|%|的|熊|猫",
        "我喜欢Java和 C 语言; Auto; 我|喜|欢|Java|和|C|语|言",
        "안녕하세요 세계; Korean; 안녕하세요|세계",
        "Привет, мир!; Auto; Привет|мир",
        "(Über) naïve Häuser; German; Über|naïve|Häuser",
        "𠮷A𝒳 ok; Auto; A𝒳|ok",
      })
  void wordsAreThoseOfTheOriginalInOrderAndWithinTheSound(
      String text, String language, String expected) {
    Speech speech = Speech.of(engine, text, "Cherry", language);

    assertEquals(expected, speech.spokenWords());
    int before = 0;
    for (Speech.Word word : speech.words) {
      assertTrue(word.beginMs() >= before, Objects.toString(speech.words));
      assertTrue(word.endMs() >= word.beginMs(), Objects.toString(speech.words));
      before = word.endMs();
    }
    assertTrue(before <= speech.ms(), before + " of " + speech.ms());
    assertTrue(before > speech.ms() / 2, before + " of " + speech.ms());
    assertTrue(
        speech.words.stream().filter(word -> word.endMs() - word.beginMs() < 20).count() <= 1,
        Objects.toString(speech.words));
  }

  @Test
  void aPauseBelongsToNoWord() {
    Speech speech = Speech.of(engine, "你好。世界", "Cherry", "Chinese");

    assertTrue(
        speech.words.get(2).beginMs() - speech.words.get(1).endMs() > 80,
        Objects.toString(speech.words));
  }
}
