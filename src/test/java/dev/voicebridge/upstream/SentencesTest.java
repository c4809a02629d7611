package dev.voicebridge.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SentencesTest {
  static Stream<Arguments> texts() {
    return Stream.of(
        Arguments.of("今天天气不错。我们去公园吧！好吗？走", List.of("今天天气不错。", "我们去公园吧！", "好吗？", "走")),
        Arguments.of("「元気ですか。」彼は言った。はい", List.of("「元気ですか。」", "彼は言った。", "はい")),
        Arguments.of("Pi is 3.14 or so. Next one.", List.of("Pi is 3.14 or so. ", "Next one.")),
        Arguments.of("Dr. Smith came. He left.", List.of("Dr. Smith came. ", "He left.")),
        Arguments.of(
            "Mr. and Mrs. Jones live here. Yes.",
            List.of("Mr. and Mrs. Jones live here. ", "Yes.")),
        Arguments.of("价格是3.5元。好", List.of("价格是3.5元。", "好")),
        Arguments.of("第一行\n第二行", List.of("第一行\n", "第二行")),
        Arguments.of("no end in sight", List.of("no end in sight")));
  }

  @ParameterizedTest
  @MethodSource("texts")
  void cutsWhereASpeakerPauses(String text, List<String> expected) {
    Sentences sentences = new Sentences();
    sentences.append(text);
    List<String> cut = all(sentences);
    String rest = sentences.rest();
    if (!rest.isEmpty()) {
      cut.add(rest);
    }
    assertEquals(expected, cut);
  }

  @ParameterizedTest
  @MethodSource("texts")
  void cutsTheSameWhenTheTextComesCharacterByCharacter(String text, List<String> expected) {
    Sentences sentences = new Sentences();
    List<String> cut = new ArrayList<>();
    text.codePoints()
        .forEach(
            point -> {
              sentences.append(Character.toString(point));
              cut.addAll(all(sentences));
            });
    String rest = sentences.rest();
    if (!rest.isEmpty()) {
      cut.add(rest);
    }
    assertEquals(text, String.join("", cut));
    // A closing mark may come after the sentence has been spoken; no other cut may differ.
    if (!text.contains("」")) {
      assertEquals(expected, cut);
    }
  }

  private static List<String> all(Sentences sentences) {
    List<String> all = new ArrayList<>();
    for (String next = sentences.next(); next != null; next = sentences.next()) {
      all.add(next);
    }
    return all;
  }

  @Test
  void waitsForWhatMayYetBecomeANumber() {
    Sentences sentences = new Sentences();
    sentences.append("It is 3.");
    assertNull(sentences.next());
    sentences.append("14. ");
    assertNull(sentences.next());
    sentences.append("So");
    assertEquals("It is 3.14. ", sentences.next());
  }

  @Test
  void hasNothingToSayWithoutText() {
    Sentences sentences = new Sentences();
    assertNull(sentences.next());
    assertEquals("", sentences.rest());
  }
}
