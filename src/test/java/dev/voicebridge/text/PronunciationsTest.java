package dev.voicebridge.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PronunciationsTest {
  private static final Pronunciations WORDS =
      Pronunciations.of(
          Map.of(
              "行长",
              "航掌",
              "行",
              "形",
              "AI",
              "A I",
              "SQL",
              "sequel",
              "PostgreSQL",
              "post gress",
              "C++",
              "see plus plus",
              "重庆",
              "崇庆",
              "New York",
              "the city"));

  private static String read(String text) {
    Rewriter reader = WORDS.reader();
    return reader.feed(text) + reader.finish();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "银行行长说|银形航掌说",
        "用AI写作|用A I写作",
        "ai and Ai|A I and A I",
        "MAIL, AIR and said|MAIL, AIR and said",
        "AI2 café|AI2 café",
        "MySQL, SQL, PostgreSQL|MySQL, sequel, post gress",
        "C++11 and c++|see plus plus11 and see plus plus",
        "in New York.|in the city.",
        "New Yorker|New Yorker",
        "naïAI|naïAI",
        "重庆|崇庆",
        "重|重"
      })
  void theLongestWholeWordIsSaidAsItShould(String written, String said) {
    assertEquals(said, read(written));
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of(
            "行", "长", "A", "I", "AI", "ai ", "S", "Q", "L", "SQL", "Postgre", "C", "+", " ", "New ",
            "York", "。", "x", "重", "庆", "é", "3")
        .list()
        .ofMaxSize(30)
        .map(parts -> String.join("", parts));
  }

  @Property(tries = 1000)
  void piecesAreReadLikeTheWhole(@ForAll("texts") String text, @ForAll long seed) {
    Rewriter reader = WORDS.reader();
    Random random = new Random(seed);
    StringBuilder said = new StringBuilder();
    for (int at = 0; at < text.length(); ) {
      int to = Math.min(text.length(), at + 1 + random.nextInt(4));
      said.append(reader.feed(text.substring(at, to)));
      assertTrue(to - reader.origins().original() <= Pronunciations.MAX_WORD + 1);
      at = to;
    }
    said.append(reader.finish());

    assertEquals(read(text), said.toString());
    assertEquals(text.length(), reader.origins().original());
    assertEquals(said.length(), reader.origins().written());
  }

  @Test
  void onlyWhatMayBecomeAWordIsHeldBack() {
    Rewriter reader = WORDS.reader();
    assertEquals("我去银", reader.feed("我去银行"));
    assertEquals("形了。", reader.feed("了。"));
  }

  @Test
  void ownWordsCountMoreThanOthers() {
    Pronunciations both =
        Pronunciations.of(Map.of("ai", "eye"))
            .over(Pronunciations.of(Map.of("AI", "A I", "SQL", "sequel")));
    Rewriter reader = both.reader();

    assertEquals("eye and sequel", reader.feed("AI and SQL") + reader.finish());
  }

  @Test
  void boundsAreKept() {
    Map<String, String> many = new HashMap<>();
    for (int i = 0; i <= Pronunciations.MAX_WORDS; i++) {
      many.put("w" + i, "x");
    }
    assertThrows(IllegalArgumentException.class, () -> Pronunciations.of(many));
    assertThrows(
        IllegalArgumentException.class,
        () -> Pronunciations.of(Map.of("x".repeat(Pronunciations.MAX_WORD + 1), "y")));
    assertThrows(
        IllegalArgumentException.class,
        () -> Pronunciations.of(Map.of("x", "y".repeat(Pronunciations.MAX_SAID + 1))));
    assertThrows(IllegalArgumentException.class, () -> Pronunciations.of(Map.of(" x", "y")));
  }
}
