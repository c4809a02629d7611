package dev.voicebridge.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiKeysTest {
  private static final String ONE = "one-0123456789abcdef";
  private static final String TWO = "two-0123456789abcdef";

  @TempDir Path folder;

  private static List<String> mistakes(String raw) {
    return assertThrows(ConfigException.class, () -> ApiKeys.load(raw)).mistakes();
  }

  private static ApiKeys.Key found(ApiKeys keys, String secret) {
    ApiKeys.Key key = keys.find(secret);
    assertNotNull(key);
    return key;
  }

  private String file(String content) throws IOException {
    return "@" + Files.writeString(folder.resolve("keys.json"), content.replace('\'', '"'));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "  "})
  void nothingSetMeansNoKeys(String raw) {
    ApiKeys keys = ApiKeys.load(raw);

    assertTrue(keys.isEmpty());
    assertNull(keys.find(""));
    assertFalse(keys.reloadIfChanged());
  }

  @Test
  void aListNamesItsKeysOrNumbersThem() {
    ApiKeys keys = ApiKeys.load("kiosk=" + ONE + ", " + TWO + ",MDEyMzQ1Njc4OWFiY2RlZg==");

    assertFalse(keys.isEmpty());
    assertEquals(
        new ApiKeys.Key("kiosk", Set.of(), Set.of(), ApiKeys.Limits.NONE, 1, false),
        keys.find(ONE));
    assertEquals("key2", found(keys, TWO).name());
    assertEquals("key3", found(keys, "MDEyMzQ1Njc4OWFiY2RlZg==").name());
    for (String wrong : List.of("", ONE + "x", ONE.substring(1), "kiosk=" + ONE, "kiosk")) {
      assertNull(keys.find(wrong), wrong);
    }
  }

  @Test
  void aFileSaysWhatAKeyMay() throws IOException {
    ApiKeys keys =
        ApiKeys.load(
            file(
                "{'keys': [{'name': 'kiosk', 'key': '"
                    + ONE
                    + "', 'models': ['m'], 'voices': ['v', 'Eldric Sage'], 'weight': 3,"
                    + " 'limits': {'max_sessions': 2, 'idle_seconds': 9}}, {'key': '"
                    + TWO
                    + "'}]}"));

    ApiKeys.Key kiosk = found(keys, ONE);
    assertEquals(Set.of("m"), kiosk.models());
    assertEquals(Set.of("v", "Eldric Sage"), kiosk.voices());
    assertEquals(3, kiosk.weight());
    assertEquals(2, kiosk.limits().maxSessions());
    assertEquals(9, kiosk.limits().idleSeconds());
    assertNull(kiosk.limits().maxTextChars());
    assertEquals("key2", found(keys, TWO).name());
  }

  @Test
  void aFileMayBeABareArray() throws IOException {
    assertEquals(
        "a", found(ApiKeys.load(file("[{'name': 'a', 'key': '" + ONE + "'}]")), ONE).name());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "short-secret|entry 1: the key (not shown) needs 16",
        "a=one-0123456789abcdef,a=two-0123456789abcdef|entry 2: its name is there twice",
        "a=one-0123456789abcdef,b=one-0123456789abcdef|entry 2: its key is there twice",
        "one-0123456789abcdef,|entry 2: the key (not shown) needs 16",
        "a b=one-0123456789abcdef|entry 1: a name has 1 to 64",
        "one secret 0123456789|entry 1: the key (not shown) needs 16",
        "@no/such/file.json|no/such/file.json cannot be read"
      })
  void aMistakeInTheListIsTold(String raw, String expected) {
    List<String> mistakes = mistakes(raw);

    assertEquals(1, mistakes.size(), mistakes.toString());
    assertTrue(mistakes.get(0).startsWith("VOICEBRIDGE_API_KEYS: "), mistakes.get(0));
    assertTrue(mistakes.get(0).contains(expected), mistakes.get(0));
    assertFalse(mistakes.get(0).contains("0123456789"), mistakes.get(0));
    assertFalse(mistakes.get(0).contains("secret"), mistakes.get(0));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "|has no keys",
        "{'keys': [|is not JSON; it breaks at line 1, column",
        "sk-0123456789abcdef|is not JSON",
        "{}|has no keys",
        "{'keys': []}|has no keys",
        "{'keys': {}}|has no keys",
        "'sk-0123456789abcdef'|has no keys",
        "['sk-0123456789abcdef']|keys[0]: is of the wrong type",
        "[{'name': 'a'}]|keys[0]: the key (not shown) needs 16",
        "[{'key': 'sk-0123456789abcdef', 'modles': []}]|keys[0].modles: there is no such field",
        "[{'key': 'sk-0123456789abcdef', 'models': 'm'}]|keys[0].models: is of the wrong type",
        "[{'key': 'sk-0123456789abcdef', 'models': ['']}]|models and voices hold names",
        "[{'key': 'sk-0123456789abcdef', 'voices': [null]}]|models and voices hold names",
        "[{'key': 'sk-0123456789abcdef', 'weight': 0}]|keys[0].weight: expected",
        "[{'key': 'sk-0123456789abcdef', 'limits': {'max_sessions': 0}}]|limits.max_sessions:",
        "[{'key': 'sk-0123456789abcdef', 'limits': {'sessions': 1}}]|keys[0].limits.sessions: there",
        "[{'key': 'sk-0123456789abcdef', 'limits': {'idle_seconds': 1.5}}]|idle_seconds: is of the"
      })
  void aMistakeInTheFileIsTold(String content, String expected) throws IOException {
    List<String> mistakes = mistakes(file(content == null ? "" : content));

    assertEquals(1, mistakes.size(), mistakes.toString());
    assertTrue(mistakes.get(0).contains(expected), mistakes.get(0));
    assertFalse(mistakes.get(0).contains("0123456789"), mistakes.get(0));
  }

  @Test
  void aChangedFileHoldsWithoutARestart() throws IOException {
    ApiKeys keys = ApiKeys.load(file("[{'key': '" + ONE + "'}]"));
    assertFalse(keys.reloadIfChanged());

    file("[{'key': '" + TWO + "'}]");

    assertTrue(keys.reloadIfChanged());
    assertNull(keys.find(ONE));
    assertNotNull(keys.find(TWO));
    assertFalse(keys.reloadIfChanged());
  }

  @Test
  void aBrokenFileKeepsTheOldKeysAndIsToldOnce() throws IOException {
    ApiKeys keys = ApiKeys.load(file("[{'key': '" + ONE + "'}]"));

    for (String broken : List.of("[{", "[]", "")) {
      file(broken);
      assertThrows(ConfigException.class, keys::reloadIfChanged);
      assertFalse(keys.reloadIfChanged());
      assertNotNull(keys.find(ONE));
    }
    Files.delete(folder.resolve("keys.json"));
    assertThrows(ConfigException.class, keys::reloadIfChanged);
    assertFalse(keys.reloadIfChanged());
    assertNotNull(keys.find(ONE));

    file("[{'key': '" + TWO + "'}]");
    assertTrue(keys.reloadIfChanged());
    assertNotNull(keys.find(TWO));
  }

  @Test
  void toStringShowsNamesAlone() {
    assertEquals("ApiKeys[kiosk, key2]", ApiKeys.load("kiosk=" + ONE + "," + TWO).toString());
  }
}
