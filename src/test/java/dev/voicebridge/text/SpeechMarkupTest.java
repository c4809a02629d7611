package dev.voicebridge.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.text.SpeechMarkup.Flaw;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpeechMarkupTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "<speak>你好</speak>",
        " <speak>你好<break time=\"500ms\"/>再见</speak>\n",
        "<speak rate=\"1.2\" pitch=\"0.9\" volume=\"60\">a</speak>",
        "<speak voice=\"longanyang\" bgm=\"https://a.b/c.wav\""
            + " backgroundMusicVolume=\"30\">a</speak>",
        "<speak><p><s>去<phoneme alphabet=\"py\" ph=\"dian4 dang4\">典当</phoneme></s></p></speak>",
        "<speak><sub alias=\"世界卫生组织\">WHO</sub></speak>",
        "<speak><say-as interpret-as=\"telephone\">114</say-as></speak>",
        "<speak>a<soundEvent src=\"https://a.b/c.wav\"/></speak>",
        "<?xml version=\"1.0\"?><speak>&amp; &lt; &#65; <!-- x --></speak>"
      })
  void whatTheServiceKnowsPasses(String ssml) {
    assertNull(SpeechMarkup.flaw(ssml));
    assertTrue(SpeechMarkup.isMarkup(ssml));
    assertTrue(SpeechMarkup.isComplete(ssml));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<speak>你好|not well-formed|close every tag",
        "<speak>a & b</speak>|not well-formed|&amp;",
        "<speak>a < b</speak>|not well-formed|&lt;",
        "<speak><b>a</speak>|has no tag <b>|nearest",
        "<speak>a</speak><speak>b</speak>|not well-formed|close",
        "<p>a</p>|begins with <speak>|around",
        "<speak><speak>a</speak></speak>|in the <speak>|one document",
        "<speak><brek time='1s'/></speak>|no tag <brek>|nearest: break",
        "<speak><break tme='1s'/></speak>|no attribute 'tme'|nearest: time",
        "<speak>&nbsp;</speak>|not well-formed|close",
        "<speak><audio src='x'/></speak>|no tag <audio>|nearest"
      })
  void whatItDoesNotKnowIsNamed(String ssml, String message, String hint) {
    Flaw flaw = SpeechMarkup.flaw(ssml);

    assertNotNull(flaw);
    assertTrue(flaw.message().contains(message), flaw.message());
    assertTrue(String.valueOf(flaw.hint()).contains(hint), flaw.hint());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<!DOCTYPE speak [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><speak>&x;</speak>",
        "<!DOCTYPE speak SYSTEM \"http://127.0.0.1:1/x.dtd\"><speak>a</speak>",
        "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><speak>&b;</speak>"
      })
  void documentTypesAreRefused(String ssml) {
    Flaw flaw = SpeechMarkup.flaw(ssml);

    assertNotNull(flaw);
    assertEquals("SSML may not have a document type or entities of its own", flaw.message());
  }

  @Test
  void instructionsAreRefused() {
    assertNotNull(SpeechMarkup.flaw("<speak><?php echo 1; ?></speak>"));
  }

  @Test
  void depthAndNumberAreBounded() {
    int deep = SpeechMarkup.MAX_DEPTH;
    assertNotNull(
        SpeechMarkup.flaw("<speak>" + "<s>".repeat(deep) + "</s>".repeat(deep) + "</speak>"));
    assertNotNull(
        SpeechMarkup.flaw("<speak>" + "<break/>".repeat(SpeechMarkup.MAX_ELEMENTS) + "</speak>"));
    assertNull(SpeechMarkup.flaw("<speak>" + "<break/>".repeat(100) + "</speak>"));
  }

  @Test
  void plainTextIsNoMarkup() {
    assertFalse(SpeechMarkup.isMarkup("5 < 6"));
    assertFalse(SpeechMarkup.isMarkup(""));
    assertFalse(SpeechMarkup.isComplete("<speak>a"));
  }
}
