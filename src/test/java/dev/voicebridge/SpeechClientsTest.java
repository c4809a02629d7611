package dev.voicebridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.audio.AudioFormat;
import dev.voicebridge.audio.Decoded;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The requests of clients in the field, written after their sources, and what each of them does
 * with the answer.
 */
final class SpeechClientsTest {
  @RegisterExtension static final FreshServer server = FreshServer.with();

  private static RawExchange replay(String client) throws IOException {
    return replay(client, "", "");
  }

  private static RawExchange replay(String client, String what, String with) throws IOException {
    String request = Files.readString(Path.of("src/test/resources/clients", client + ".http"));
    return RawExchange.send(server.port(), request.replace(what, with.isEmpty() ? what : with));
  }

  private static Decoded mp3(byte[] bytes) throws Exception {
    return Decoded.of(AudioFormat.MP3, 0, bytes);
  }

  /** What Dify's core takes the first 32 bytes for. */
  private static String magic(byte[] audio) {
    String latin = new String(audio, 0, Math.min(32, audio.length), StandardCharsets.ISO_8859_1);
    if (latin.startsWith("RIFF") && latin.startsWith("WAVE", 8)) {
      return "audio/wav";
    }
    if (latin.startsWith("OggS")) {
      return "audio/ogg";
    }
    if (latin.startsWith("fLaC")) {
      return "audio/flac";
    }
    if (audio.length > 1 && (audio[0] & 0xff) == 0xff && (audio[1] & 0xe0) == 0xe0) {
      return (audio[1] & 0x06) == 0 ? "audio/aac" : "audio/mpeg";
    }
    return "unknown";
  }

  @Test
  void difyChecksACredentialWithTheFirstPieceAndHangsUp() throws Exception {
    try (RawExchange answer = replay("dify")) {
      assertEquals(200, answer.status());
      assertTrue(answer.piece().length > 0);
    }
  }

  @Test
  void difyJoinsTheAnswersToALongTextAndLooksAtTheFirst32Bytes() throws Exception {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    double ms = 0;
    for (String text : new String[] {"床前明月光，疑是地上霜。", "举头望明月，低头思故乡。"}) {
      try (RawExchange answer = replay("dify", "Test.", text)) {
        assertEquals(200, answer.status());
        assertEquals("audio/mpeg", answer.header("content-type"));
        byte[] part = answer.body();
        assertEquals("audio/mpeg", magic(part));
        ms += mp3(part).ms();
        joined.writeBytes(part);
      }
    }
    Decoded all = mp3(joined.toByteArray());
    assertEquals(ms, all.ms(), 1);
    assertTrue(all.rms() > 300);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dify-siliconflow", "sillytavern", "lobetts", "home-assistant"})
  void wholeMp3sAreReadByWhoeverAsksForOne(String client) throws Exception {
    try (RawExchange answer = replay(client)) {
      assertEquals(200, answer.status());
      assertEquals("audio/mpeg", answer.header("content-type"));
      assertFalse(answer.header("x-request-id").isEmpty());
      byte[] body = answer.body();
      assertEquals("audio/mpeg", magic(body));
      Decoded speech = mp3(body);
      assertTrue(speech.ms() > 600, speech.ms() + " ms");
      assertTrue(speech.rms() > 300, "rms " + speech.rms());
    }
  }

  @Test
  void openWebUiSpeaksThroughADoubleSlashAndReadsItsListsWithoutAKey() throws Exception {
    try (RawExchange answer = replay("open-webui")) {
      assertEquals(200, answer.status());
      assertEquals("audio/mpeg", answer.header("content-type"));
      assertTrue(mp3(answer.body()).ms() > 600);
    }
    try (RawExchange answer = replay("open-webui-voices")) {
      assertEquals(200, answer.status());
      var voices = json(answer).getJsonArray("voices");
      assertTrue(voices.size() > 50);
      for (Object voice : voices) {
        assertFalse(((JsonObject) voice).getString("id").isEmpty());
        assertFalse(((JsonObject) voice).getString("name").isEmpty());
      }
    }
    try (RawExchange answer = replay("open-webui-models")) {
      assertEquals(200, answer.status());
      for (Object model : json(answer).getJsonArray("models")) {
        assertFalse(((JsonObject) model).getString("id").isEmpty());
      }
    }
  }

  @Test
  void openWebUiShowsWhatIsWrong() throws Exception {
    try (RawExchange answer = replay("open-webui", "cherry", "nobody")) {
      assertEquals(400, answer.status());
      assertTrue(json(answer).containsKey("error"));
    }
  }

  private static JsonObject json(RawExchange answer) throws IOException {
    return new JsonObject(new String(answer.body(), StandardCharsets.UTF_8));
  }

  @Test
  void homeAssistantChecksAKeyWithALoneDot() throws Exception {
    long asked = System.nanoTime();
    try (RawExchange answer = replay("home-assistant-check")) {
      assertEquals(200, answer.status());
      assertTrue(mp3(answer.body()).ms() >= 190);
    }
    assertTrue(System.nanoTime() - asked < 10_000_000_000L);
  }

  @Test
  void liveKitReadsEventsLineByLine() throws Exception {
    try (RawExchange answer = replay("livekit")) {
      assertEquals(200, answer.status());
      assertEquals("text/event-stream", answer.header("content-type"));
      ByteArrayOutputStream audio = new ByteArrayOutputStream();
      JsonObject usage = new JsonObject();
      for (String line : new String(answer.body(), StandardCharsets.UTF_8).split("\n", -1)) {
        if (!line.startsWith("data: ")) {
          assertEquals("", line);
          continue;
        }
        JsonObject event = new JsonObject(line.substring(6));
        if (event.getString("type").equals("speech.audio.done")) {
          usage = event.getJsonObject("usage");
        } else {
          assertEquals("speech.audio.delta", event.getString("type"));
          audio.writeBytes(Base64.getDecoder().decode(event.getString("audio")));
        }
      }
      assertTrue(mp3(audio.toByteArray()).ms() > 600);
      assertTrue(
          usage.getInteger("input_tokens", 0) > 0 && usage.getInteger("output_tokens", 0) > 0);
    }
  }

  @Test
  void liveKitsWarmUpIsAnsweredQuickly() throws Exception {
    try (RawExchange answer = replay("livekit-warm-up")) {
      assertEquals(404, answer.status());
    }
  }

  @Test
  void pipecatPlaysWhatComesAs24KHz() throws Exception {
    try (RawExchange answer = replay("pipecat")) {
      assertEquals(200, answer.status());
      assertEquals("audio/pcm;rate=24000;channels=1", answer.header("content-type"));
      byte[] body = answer.body();
      assertEquals(0, body.length % 2);
      Decoded speech = Decoded.of(AudioFormat.PCM, 24_000, body);
      assertTrue(speech.ms() > 600 && speech.ms() < 6_000, speech.ms() + " ms");
      assertTrue(speech.rms() > 300);
      assertEquals("instructions", answer.header("x-voicebridge-ignored"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"wyoming-openai", "xiaozhi"})
  void aWavSaysItsRateInItsFirstPiece(String client) throws Exception {
    try (RawExchange answer = replay(client)) {
      assertEquals(200, answer.status());
      assertEquals("audio/wav", answer.header("content-type"));
      byte[] first = answer.piece();
      assertEquals("audio/wav", magic(first));
      ByteBuffer header = ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN);
      assertEquals(-1, header.getInt(4));
      assertEquals(1, header.getShort(22));
      assertEquals(24_000, header.getInt(24));
      assertEquals(16, header.getShort(34));
      assertEquals(-1, header.getInt(40));
      assertTrue(answer.body().length > 20_000);
    }
  }

  @Test
  void wyomingTakesItForPlainOpenAi() throws Exception {
    for (String probe : new String[] {"/v1/readyz", "/v1/test", "/health"}) {
      try (RawExchange answer =
          RawExchange.send(server.port(), "GET " + probe + " HTTP/1.1\nHost: 127.0.0.1\n\n")) {
        assertEquals(404, answer.status(), probe);
        assertNotEquals("OK", new String(answer.body(), StandardCharsets.UTF_8));
      }
    }
  }
}
