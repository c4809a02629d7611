package dev.voicebridge.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

class TimingsTest {
  private static final long MS = 1_000_000;
  private static final long COMMIT = 500 * MS;

  @Test
  void momentsCountFromTheCommit() {
    Timings timings = Timings.of(COMMIT, 510 * MS, 640 * MS, 641 * MS, 900 * MS);

    assertEquals(
        new JsonObject(
            "{'queued_ms':10,'upstream_open_ms':140,'first_text_ms':141,'first_audio_ms':400}"
                .replace('\'', '"')),
        timings.toJson());
  }

  @Test
  void whatWasThereBeforeTheCommitTookNoTime() {
    assertEquals(
        new Timings(0, 0, 0, 200), Timings.of(COMMIT, 300 * MS, 100 * MS, 310 * MS, 700 * MS));
  }

  @Test
  void whatIsSpokenByNobodyWaitedForNobody() {
    assertEquals(new Timings(30, 30, 30, 31), Timings.of(COMMIT, 530 * MS, 0, 0, 531 * MS));
  }
}
