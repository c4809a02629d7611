package dev.voicebridge.voice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VoiceTest {
  @Test
  void comesBackAsItWasWritten() {
    Voice voice = Samples.full("granny").edit().lastUsed(Samples.NOON).version(7).done();

    assertEquals(voice, Voice.parse(new JsonObject(voice.toJson().encode())));
  }

  @Test
  void keepsWhatANewerVersionWrote() {
    JsonObject newer = Samples.full("granny").toJson().put("mood", new JsonObject().put("a", 1));

    Voice changed = Voice.parse(newer).edit().displayName("Nonna").done();

    assertEquals(new JsonObject().put("a", 1), changed.toJson().getJsonObject("mood"));
    assertEquals("Nonna", changed.displayName());
  }

  @Test
  void readsARecordThatLacksAlmostEverything() {
    Voice voice =
        Voice.parse(
            new JsonObject()
                .put("id", "a")
                .put("provider", "dashscope")
                .put("state", "OK")
                .put("created", "2026-01-02T12:00:00Z"));

    assertEquals(List.of(), voice.tags());
    assertEquals(voice.created(), voice.modified());
    assertNull(voice.owner());
    assertEquals(0, voice.version());
  }

  @Test
  void isNotChangedFromOutside() {
    JsonObject usage = new JsonObject().put("count", 1);
    Voice voice = Samples.owned("a", "anna").usage(usage).done();

    usage.put("count", 2);
    voice.usage().put("count", 3);

    assertEquals(1, voice.usage().getInteger("count"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "A", "a b", "a/b", "../a", "a:b", "é", "a\n"})
  void refusesAnIdThatIsNotOurs(String id) {
    assertThrows(IllegalArgumentException.class, () -> Samples.owned(id, "anna").done());
  }

  @Test
  void refusesARecordInAStateItDoesNotKnow() {
    JsonObject odd = Samples.full("a").toJson().put("state", "DREAMING");

    assertThrows(IllegalArgumentException.class, () -> Voice.parse(odd));
  }
}
