package dev.voicebridge.enrolment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DescriptionRulesTest {
  private static List<String> codes(List<Diagnosis> found) {
    return found.stream().map(Diagnosis::code).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "沉稳的中年男声，语速偏慢。",
        "A calm male narrator in his fifties, low and slow.",
        "年轻活泼的女性声音，语速较快，带有明显的上扬语调，适合介绍时尚产品。",
        "A woman about 30, calm, for audiobooks",
        "像一位关心你的朋友，温柔、缓慢",
        "Like a caring friend, tender, slow and very very soft",
        "十岁左右的小男孩，声音稚嫩好听",
        "A 12-year-old boy with a bright voice and a British accent",
        "好听的女声",
        "A nice deep voice",
        "robotic, like a machine from an old film"
      })
  void goodDescriptionsPass(String description) {
    assertEquals(List.of(), codes(DescriptionRules.description(description)));
  }

  @ParameterizedTest
  @CsvSource({
    "'  ', description_empty",
    "好听的声音, description_only_judgement",
    "nice voice, description_only_judgement",
    "a really beautiful and pleasant voice, description_only_judgement",
    "像周杰伦一样的男声, description_imitation",
    "A man who sounds like Morgan Freeman, description_imitation",
    "A deep male voice in the style of Johnny Example, description_imitation",
    "模仿某位歌手的女声, description_imitation",
    "温柔温柔温柔的女声, description_repetition",
    "soft soft soft female voice, description_repetition",
    "123456789, description_gibberish",
    "!!!!???, description_gibberish",
    "asdfghjkl qwrtzpx, description_gibberish",
    "啊啊啊啊啊, description_gibberish",
    "やわらかいこえのおんなのひと, description_language",
  })
  void badOnesAreRefusedWithTheirReason(String description, String code) {
    assertEquals(code, codes(DescriptionRules.description(description)).get(0));
  }

  @Test
  void fiveHundredCharactersAreTheMost() {
    String longest = "沉稳的男声，" + "语速很慢而且音调低沉".repeat(49) + "好了啊吧";
    assertEquals(500, longest.length());
    assertEquals(
        List.of(),
        codes(DescriptionRules.description(longest)).stream()
            .filter("description_too_long"::equals)
            .toList());
    assertEquals(
        List.of("description_too_long"), codes(DescriptionRules.description(longest + "。")));
  }

  @Test
  void thePreviewTextHasItsLength() {
    assertEquals(
        List.of("preview_text_length"),
        codes(DescriptionRules.previewText(Provider.COSYVOICE, "x".repeat(14), null)));
    assertEquals(
        List.of(), codes(DescriptionRules.previewText(Provider.COSYVOICE, "x".repeat(15), null)));
    assertEquals(
        List.of("preview_text_length"),
        codes(DescriptionRules.previewText(Provider.COSYVOICE, "x".repeat(201), null)));
    assertEquals(
        List.of(), codes(DescriptionRules.previewText(Provider.QWEN, "x".repeat(1024), null)));
    assertEquals(
        List.of("preview_text_length"),
        codes(DescriptionRules.previewText(Provider.QWEN, "x".repeat(1025), null)));
    assertEquals(
        List.of("preview_text_unspeakable"),
        codes(DescriptionRules.previewText(Provider.QWEN, "……", null)));
    assertEquals(
        List.of("preview_text_language"),
        codes(DescriptionRules.previewText(Provider.COSYVOICE, "Welcome to the news.", "zh")));
  }

  @Test
  void traitsAreNamed() {
    assertEquals(
        Set.of("gender", "age", "pitch"), DescriptionRules.traits("a low woman in her thirties"));
  }
}
