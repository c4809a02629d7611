package dev.voicebridge.emulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.emulator.engine.EspeakEngine;
import dev.voicebridge.emulator.wire.Faults;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.BindException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The guest as it is deployed, with its real voice. */
@Timeout(60)
class EmulatorVerticleTest {
  private static final String MODEL = "qwen3-tts-flash-realtime";
  private static GuestHouse house;

  @BeforeAll
  static void open() throws Exception {
    house = new GuestHouse(new JsonObject(), EspeakEngine::open);
  }

  @AfterAll
  static void close() {
    house.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {8000, 16000, 22050, 24000, 44100, 48000})
  void everyFormatSpeaksAtEveryRate(int rate) throws Exception {
    for (String format : List.of("pcm", "wav", "mp3", "opus")) {
      try (RawClient client = RawClient.realtime(house, MODEL)) {
        client.update(new JsonObject().put("response_format", format).put("sample_rate", rate));
        client.append("今天天气不错，我们去公园吧。");
        int bytes = 0;
        JsonObject event = client.await("response.audio.delta");
        String first = event.getString("delta");
        while (!event.getString("type").equals("response.done")) {
          if (event.getString("type").equals("response.audio.delta")) {
            bytes += Base64.getDecoder().decode(event.getString("delta")).length;
          }
          event = new JsonObject((String) client.next());
        }

        String what = format + " " + rate + ": " + bytes;
        assertEquals("completed", event.getJsonObject("response").getString("status"), what);
        assertTrue(bytes > (format.equals("pcm") || format.equals("wav") ? 2 * rate : 4000), what);
        byte[] head = Base64.getDecoder().decode(first);
        if (format.equals("wav")) {
          assertEquals('R', head[0], what);
        } else if (format.equals("opus")) {
          assertEquals('O', head[0], what);
        } else if (format.equals("mp3")) {
          assertEquals((byte) 0xFF, head[0], what);
        }
      }
    }
  }

  @Test
  void fasterSpeechIsShorter() throws Exception {
    assertTrue(spokenBytes(2.0) < spokenBytes(0.75) * 3 / 4);
  }

  private static int spokenBytes(double rate) throws Exception {
    try (RawClient client = RawClient.realtime(house, MODEL)) {
      client.update(new JsonObject().put("speech_rate", rate));
      client.append("今天天气不错，我们去公园吧。");
      client.await("response.content_part.added");
      int bytes = 0;
      JsonObject event = new JsonObject((String) client.next());
      while (event.getString("type").equals("response.audio.delta")) {
        bytes += event.getString("delta").length();
        event = new JsonObject((String) client.next());
      }
      return bytes;
    }
  }

  @Test
  void aGuestWithoutAKeyOrWithAWrongSettingDoesNotStart() throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      for (JsonObject config :
          List.of(new JsonObject(), new JsonObject().put("key", "k").put("deltaMs", 5000))) {
        assertThrows(
            IllegalArgumentException.class,
            () ->
                vertx
                    .deployVerticle(
                        EmulatorVerticle.class.getName(), new DeploymentOptions().setConfig(config))
                    .await(20, TimeUnit.SECONDS));
      }
    } finally {
      vertx.close().await(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void aTakenPortFailsTheStart() throws Exception {
    JsonObject config = new JsonObject().put("key", "k").put("port", house.port());
    Vertx vertx = Vertx.vertx();
    try {
      assertThrows(
          BindException.class,
          () ->
              vertx
                  .deployVerticle(
                      new EmulatorVerticle(ToneEngine::new, new Faults()),
                      new DeploymentOptions().setConfig(config))
                  .await(20, TimeUnit.SECONDS));
    } finally {
      vertx.close().await(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void flagsWinOverTheEnvironment() {
    JsonObject config =
        EmulatorMain.config(
            List.of("--port", "9000", "--paced"),
            Map.of("VOICEBRIDGE_GUEST_PORT", "1", "VOICEBRIDGE_GUEST_KEY", "sk-env"));

    assertEquals(9000, config.getInteger("port"));
    assertEquals("sk-env", config.getString("key"));
    assertTrue(config.getBoolean("paced"));
    assertThrows(
        IllegalArgumentException.class, () -> EmulatorMain.config(List.of("--port"), Map.of()));
    assertThrows(
        IllegalArgumentException.class,
        () -> EmulatorMain.config(List.of("--port", "x"), Map.of()));
    assertThrows(
        IllegalArgumentException.class, () -> EmulatorMain.config(List.of("--loud"), Map.of()));
  }
}
