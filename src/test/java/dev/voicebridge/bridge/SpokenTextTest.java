package dev.voicebridge.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.upstream.UpstreamListener.Word;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpokenTextTest {
  @Test
  void beginsAtTheBeginningAndEndsAtTheEnd() {
    assertEquals(0, SpokenText.indexAt("你好", 0, 1.0, List.of()));
    assertEquals(0, SpokenText.indexAt("你好", -5, 1.0, List.of()));
    assertEquals(2, SpokenText.indexAt("你好", 1_000_000, 1.0, List.of()));
    assertEquals(0, SpokenText.indexAt("", 100, 1.0, List.of()));
  }

  @Test
  void neverCutsACharacterAndNeverGoesBack() {
    String text = "a😀你𠮷b。";
    int last = 0;
    for (int ms = 0; ms < 2_000; ms += 10) {
      int index = SpokenText.indexAt(text, ms, 1.0, List.of());
      assertTrue(index >= last);
      assertFalse(index < text.length() && Character.isLowSurrogate(text.charAt(index)));
      last = index;
    }
    assertEquals(text.length(), last);
  }

  @Test
  void trustsTheTimesOfWords() {
    List<Word> words = List.of(new Word("你", 0, 1, 0, 500), new Word("好", 1, 2, 700, 900));
    assertEquals(1, SpokenText.indexAt("你好吗", 600, 1.0, words));
    assertEquals(2, SpokenText.indexAt("你好吗", 900, 1.0, words));
    assertEquals(3, SpokenText.indexAt("你好吗", 9_000, 1.0, words));
  }

  @Test
  void fasterSpeechGetsFurther() {
    String text = "一二三四五六七八九十";
    assertTrue(
        SpokenText.indexAt(text, 1_000, 2.0, List.of())
            > SpokenText.indexAt(text, 1_000, 1.0, List.of()));
    assertEquals(SpokenText.estimateMs(text, 1.0), 2 * SpokenText.estimateMs(text, 2.0));
  }
}
