package dev.voicebridge.emulator.engine;

import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SsmlTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "<speak>你好<break time=\"1s\"/>世界</speak>| 你好 世界",
        "<?xml version=\"1.0\"?><speak rate='2'><!-- <b>no</b> -->yes</speak>| yes",
        "<speak><sub alias=\"a > b\">x</sub> &lt;y&gt; &amp;amp; &#20320;</speak>| x <y> &amp; 你",
        "<speak>1 < 2</speak>| 1 < 2",
        "<speak>&unknown; &#xFFFFFF;</speak>| `&unknown;  `",
        "plain <b> & text| plain <b> & text",
      })
  void onlyTheWordsAreLeft(String text, String words) {
    assertEquals(words.strip(), Ssml.plainText(text).strip());
  }

  @Test
  void entitiesOfADocumentTypeAreNotExpanded() {
    String bomb =
        "<!DOCTYPE s [<!ENTITY a \"ha\"><!ENTITY b SYSTEM \"file:///etc/passwd\">]>"
            + "<speak>&a;&b;</speak>";

    assertEquals("&a;&b;", Ssml.plainText(bomb));
  }

  @ParameterizedTest
  @ValueSource(strings = {"<", "<a ", "<a '", "<!--", "<a \"\" ", "&#"})
  void hugeBrokenMarkupIsQuick(String part) {
    assertTimeout(ofSeconds(5), () -> Ssml.plainText("<speak>" + part.repeat(20_000)));
  }
}
