package dev.voicebridge.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
  @ParameterizedTest
  @CsvSource({"'', '', 0", "abc, '', 3", "kitten, sitting, 3", "Cherry, cherry, 0", "ab, ba, 2"})
  void countsLettersToChange(String one, String other, int distance) {
    assertEquals(distance, Nearest.distance(one, other));
    assertEquals(distance, Nearest.distance(other, one));
  }

  @Test
  void ordersByLikenessAndKeepsTheOrderOfEquals() {
    assertEquals(
        List.of("port", "sort", "part"),
        Nearest.to("port", List.of("sort", "part", "port", "x"), 3));
  }

  @Test
  void aSlipIsAtMostAThird() {
    assertTrue(Nearest.alike("Cherri", "Cherry"));
    assertFalse(Nearest.alike("Momo", "Kai"));
  }
}
