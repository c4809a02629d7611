package dev.voicebridge.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TextCleanerTest {
  /** What a voice would stumble over, in text that had marks. */
  private static final Pattern MARKS =
      Pattern.compile(
          "\\*\\*|```|~~|\\]\\(|!\\[|https?://|</?[a-z]+>|<!--|<\\||\\|\\s*-|\\\\(frac|text|sqrt|begin)\\{|\\$\\$"
              + "|【\\d|\\[\\^|[\\u200b\\ufeff\\ufe0f\\u20e3]|(?m)^\\s*(#{1,6}|[-*+•>])\\s");

  private static List<Arguments> answers() throws IOException {
    try (InputStream file = TextCleanerTest.class.getResourceAsStream("/text/answers.txt")) {
      String[] blocks =
          new String(file.readAllBytes(), StandardCharsets.UTF_8).split("(?m)^%%% (?!=>)");
      return Arrays.stream(blocks)
          .skip(1)
          .map(
              block -> {
                int title = block.indexOf('\n');
                int half = block.indexOf("\n%%% =>\n");
                return Arguments.of(
                    block.substring(0, title),
                    block.substring(title + 1, half),
                    block.substring(half + "\n%%% =>\n".length(), block.length() - 1));
              })
          .toList();
    }
  }

  @Test
  void theTableIsLongEnoughToMeanSomething() throws IOException {
    assertTrue(answers().size() >= 200, answers().size() + " answers");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("answers")
  void anAnswerIsReadAsAPersonWould(String title, String written, String read) {
    assertEquals(read, TextCleaner.clean(written));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("answers")
  void noMarkIsLeftForAVoice(String title, String written, String read) {
    String spoken = TextCleaner.clean(written);
    if (spoken.equals(written)) {
      return;
    }
    assertFalse(MARKS.matcher(spoken).find(), spoken);
    assertFalse(spoken.codePoints().anyMatch(Marks::isPictograph), spoken);
    assertFalse(spoken.startsWith(" ") || spoken.startsWith("\n"), spoken);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("answers")
  void whatWasReadIsReadAgainAlike(String title, String written, String read) {
    Random random = new Random(title.hashCode());
    for (int round = 0; round < 5; round++) {
      TextCleaner cleaner = new TextCleaner();
      StringBuilder spoken = new StringBuilder();
      for (int at = 0; at < written.length(); ) {
        int to = Math.min(written.length(), at + 1 + random.nextInt(6));
        spoken.append(cleaner.feed(written.substring(at, to)));
        at = to;
      }
      assertEquals(read, spoken + cleaner.finish());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '@',
      value = {
        "The sky is blue.\ue200cite\ue202turn0search1\ue201 Why?|The sky is blue. Why?",
        "a\u200bb\ufeffc|abc",
        "你好\u0007。|你好。",
        "- one\\r\\n- two\\r\\n|one.\\ntwo.\\r\\n",
        "line\\r\\nnext|line\\r\\nnext",
        "\ud83d|\ud83d",
        "می\u200cخواهم|می\u200cخواهم",
        "<THINK>x</THINK>y|y",
        "**a** **b|a b",
      })
  void oddCharacters(String written, String read) {
    assertEquals(read.translateEscapes(), TextCleaner.clean(written.translateEscapes()));
  }

  @Test
  void boldTextIsSpokenWithoutWaitingForItsEnd() {
    TextCleaner cleaner = new TextCleaner();
    assertEquals("重要的事", cleaner.feed("**重要的事"));
    assertEquals("。", cleaner.feed("**。"));
  }

  @Test
  void aSentenceIsNotHeldBack() {
    TextCleaner cleaner = new TextCleaner();
    assertEquals("你好。", cleaner.feed("你好。"));
    assertEquals("Hello!", cleaner.feed("Hello!"));
    assertEquals(" It costs", cleaner.feed(" It costs $5"));
    assertEquals(" $5 to", cleaner.feed(" today").substring(0, 6));
  }

  @Test
  void aLongCodeBlockIsNotKept() {
    TextCleaner cleaner = new TextCleaner();
    cleaner.feed("Look:\n```\n");
    for (int i = 0; i < 10_000; i++) {
      assertEquals("", cleaner.feed("line of code " + i + "\n"));
      assertTrue(cleaner.held() <= TextCleaner.MAX_HELD);
    }
    assertEquals("\n\nDone.", cleaner.feed("```\nDone.") + cleaner.finish());
  }

  @Test
  void whatIsSpokenIsFoundInTheOriginal() {
    String written = "**你好**，[世界](https://a.b)！";
    TextCleaner cleaner = new TextCleaner();
    String spoken = cleaner.feed(written) + cleaner.finish();
    Origins origins = cleaner.origins();

    assertEquals("你好，世界！", spoken);
    assertEquals(written.indexOf("你"), origins.beginOf(0));
    assertEquals(written.indexOf("世"), origins.beginOf(3));
    assertEquals(written.indexOf("界") + 1, origins.endOfCharacter(4));
    assertEquals(written.indexOf("界") + 1, origins.endOf(5));
    assertEquals(written.length(), origins.endOf(6));
  }
}
