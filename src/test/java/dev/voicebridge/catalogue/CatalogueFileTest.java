package dev.voicebridge.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogueFileTest {
  /** The smallest file that loads. Single quotes stand for double ones. */
  private static final String SMALL =
      """
      {'_comment': [], 'languages': {'Chinese': 'zh'},
       'families': {'f': {'dialect': 'COSYVOICE', 'formats': ['pcm'], 'sample_rates_hz': [8000],
         'default_sample_rate_hz': 8000, 'abilities': ['LANGUAGE'], 'languages': ['Auto', 'Chinese'],
         'voice_kinds': ['SYSTEM'], 'max_text_chars': 9,
         'budget': {'syntheses': 1, 'period_seconds': 1}}},
       'models': [{'name': 'm1', 'family': 'f'}, {'name': 'm2', 'same_as': 'm1'}],
       'unavailable': [{'name': 'm0', 'reason': 'is gone', 'instead': ['m1']}],
       'name_rules': [{'pattern': 'm.+', 'family': 'f'}],
       'custom_voices': [{'prefix': 'c-', 'dialects': ['COSYVOICE'], 'kind': 'CLONED'}],
       'voices': [{'name': 'v', 'first_language': 'zh', 'in': ['m1']}],
       'presets': [{'provider': 'p', 'models': ['q/r'], 'voices': [{'name': 's'}, {'name': 't'}]}]}
      """;

  private static Catalogue parse(String singleQuoted) {
    return Catalogue.parse(singleQuoted.replace('\'', '"'));
  }

  private static String refusalOf(String singleQuoted) {
    return String.valueOf(
        assertThrows(IllegalArgumentException.class, () -> parse(singleQuoted)).getMessage());
  }

  @Test
  void aSmallFileLoads() {
    Catalogue catalogue = parse(SMALL);

    assertEquals(2, catalogue.models().size());
    assertEquals(2, catalogue.voices().get(0).models().size());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'_comment': []|'colour': 'red'|colour: unknown field",
        "'name': 'm1', |'name': 'm1', 'formts': [], |model \"m1\": formts: unknown field",
        "'first_language'|'language'|voices[0].language: unknown field",
        "'unavailable'|'unavailible'|\"unavailable\" is missing",
        "'family': 'f'}, {|'family': 'g'}, {|model \"m1\": there is no family \"g\"",
        "'name': 'm2'|'name': 'm1'|model \"m1\": is there twice",
        "'same_as': 'm1'|'same_as': 'm3'|same_as \"m3\", which is not above it",
        "'same_as': 'm1'|'same_as': 'm1', 'formats': ['mp3']|it takes nothing else",
        "'instead': ['m1']|'instead': ['m9']|unavailable \"m0\": there is no model \"m9\"",
        "'name': 'm0'|'name': 'm1'|unavailable \"m1\": is there twice",
        "'in': ['m1']|'in': ['m1', 'n']|voice \"v\": no model speaks the voice set \"n\"",
        "'in': ['m1']|'in': []|SYSTEM, but it has no system voice",
        "'SYSTEM'|'CLONED'|lacks SYSTEM",
        "'SYSTEM'|'SISTEM'|SISTEM",
        "'formats': ['pcm']|'formats': ['pmc']|there is no format \"pmc\"",
        "'formats': ['pcm'],||lacks formats",
        "'Auto', 'Chinese'|'Auto', 'Chinees'|language \"Chinees\" is not in \"languages\"",
        "rate_hz': 8000|rate_hz': 9000|9000 is not among its rates",
        "'family': 'f'}, {|'family': 'f', 'default_voice': 'w'}, {|default_voice \"w\"",
        "'syntheses': 1|'syntheses': 0|a budget needs syntheses",
        "'pattern': 'm.+'|'pattern': 'm('|name rule \"m(\"",
        "'family': 'f'}],|'family': 'h'}],|there is no family \"h\"",
        "'f': {|'x': {}, 'f': {|family \"x\": nothing uses it",
        "'f': {|'f': {'extends': 'e',|extends \"e\", which is not above it",
        "'first_language': 'zh'|'first_language': 'zh', 'gender': 'm'|gender is \"female\"",
        "'name': 't'|'name': 's'|preset \"q/r:s\": is there twice",
        "'name': 't'|'name': 't', 'gender': 'm'|gender is \"female\"",
        "'provider': 'p', |'provider': '', |need provider, models and voices",
        "}|]|line"
      })
  void aMistakeInTheFileIsNamed(String right, String wrong, String message) {
    assertTrue(SMALL.contains(right), "the test changes something");
    String broken = SMALL.replace(right, wrong == null ? "" : wrong);

    String told = refusalOf(broken);
    assertTrue(told.contains(message), told);
  }

  @Test
  void allMistakesAreToldTogether() {
    String broken = SMALL.replace("'pcm'", "'pmc'").replace("['m1']", "['n']");

    String told = refusalOf(broken);
    assertTrue(told.contains("pmc") && told.contains("voice set \"n\""), told);
  }
}
