package dev.voicebridge.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SpeechTextTest {
  @Test
  void piecesAreShortEnoughAndJoinToTheText() {
    Random random = new Random(7);
    String[] alphabet = {"字", "a", " ", "。", ",", "😀", "，", "\n", "𠮷", "."};
    for (int round = 0; round < 2_000; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(200); i > 0; i--) {
        text.append(alphabet[random.nextInt(alphabet.length)]);
      }
      int max = 2 + random.nextInt(40);
      List<String> pieces = SpeechText.pieces(text.toString(), max);
      assertEquals(text.toString(), String.join("", pieces));
      for (String piece : pieces) {
        assertTrue(piece.length() <= max);
        assertFalse(!piece.isEmpty() && Character.isLowSurrogate(piece.charAt(0)));
      }
    }
  }

  @Test
  void cutsAfterASentenceElseAClauseElseABlank() {
    assertEquals(List.of("一二三四五。", "六七八九"), SpeechText.pieces("一二三四五。六七八九", 8));
    assertEquals(List.of("一二三四五，", "六七八九"), SpeechText.pieces("一二三四五，六七八九", 8));
    assertEquals(List.of("abcde ", "fghij"), SpeechText.pieces("abcde fghij", 8));
    assertEquals(List.of("Pay 3.5 ", "euros"), SpeechText.pieces("Pay 3.5 euros", 8));
  }

  @Test
  void onlyLettersAndDigitsCanBePronounced() {
    assertTrue(SpeechText.speakable("…好"));
    assertTrue(SpeechText.speakable("7"));
    assertFalse(SpeechText.speakable("……！？ 😀\n"));
    assertFalse(SpeechText.speakable(""));
  }

  @Test
  void countsHanTwice() {
    assertEquals(5, SpeechText.characters("你好a"));
    assertEquals(2, SpeechText.characters("かな"));
    assertEquals(3, SpeechText.characters("漢か"));
  }
}
