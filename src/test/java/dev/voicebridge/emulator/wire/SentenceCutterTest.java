package dev.voicebridge.emulator.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SentenceCutterTest {
  private static List<String> cut(String... pieces) {
    SentenceCutter cutter = new SentenceCutter();
    List<String> sentences = new ArrayList<>();
    for (String piece : pieces) {
      sentences.addAll(cutter.add(piece));
    }
    sentences.add("|" + cutter.rest());
    return sentences;
  }

  @Test
  void sentencesEndWithTheirMarksAndQuotes() {
    assertEquals(List.of("他说：“走吧！”", "好？！", "|还有"), cut("他说：“走吧！”好？！还有"));
    assertEquals(List.of("One.", " Two;", "|"), cut("One. Two;"));
    assertEquals(List.of("first line\n", "|second"), cut("first line\nsecond"));
  }

  @Test
  void aFullStopNeedsABlankBehindIt() {
    assertEquals(
        List.of("Pi is 3.14 now.", "| voicebridge.dev."),
        cut("Pi is 3", ".14 now", ".", " voicebridge.dev."));
  }

  @Test
  void marksAloneJoinWhatFollows() {
    assertEquals(List.of("……！好。", "|。"), cut("……！好。", "。"));
  }

  @Test
  void aTextWithoutEndIsCutAtAPause() {
    List<String> sentences = cut("word ".repeat(100));

    assertTrue(sentences.size() > 3);
    assertTrue(sentences.stream().allMatch(s -> s.length() <= 151));
    assertTrue(sentences.get(0).endsWith(" "));
  }

  @Test
  void noCharacterIsLostWhateverThePieces() {
    Random random = new Random(7);
    String alphabet = "好a1。.! ，\n“”😀x";
    for (int round = 0; round < 300; round++) {
      SentenceCutter cutter = new SentenceCutter();
      StringBuilder in = new StringBuilder();
      StringBuilder out = new StringBuilder();
      for (int piece = 0; piece < 40; piece++) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(30); i > 0; i--) {
          int at = random.nextInt(alphabet.codePointCount(0, alphabet.length()));
          text.appendCodePoint(alphabet.codePointAt(alphabet.offsetByCodePoints(0, at)));
        }
        in.append(text);
        cutter.add(text.toString()).forEach(out::append);
      }
      out.append(cutter.rest());

      assertEquals(in.toString(), out.toString());
    }
  }
}
