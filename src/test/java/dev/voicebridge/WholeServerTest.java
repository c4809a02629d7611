package dev.voicebridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.audio.AudioFormat;
import dev.voicebridge.audio.Decoded;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.json.JsonObject;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The server as it starts without a setting: what is typed comes out as speech, in every format.
 */
final class WholeServerTest {
  private static final String SENTENCE = "夜里下了一场小雨，清晨的街道闻起来有青草的味道。";

  @RegisterExtension static final FreshServer server = FreshServer.with();

  private static Vertx vertx;
  private static WebSocketClient client;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
    client = vertx.createWebSocketClient();
  }

  @AfterAll
  static void stop() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  /**
   * @param done the {@code response} of {@code response.done}
   */
  private record Heard(Buffer audio, JsonObject done) {}

  private static Heard speak(String model, JsonObject settings) throws Exception {
    CompletableFuture<Heard> heard = new CompletableFuture<>();
    Buffer audio = Buffer.buffer();
    ClientWebSocket socket = client.webSocket();
    socket.binaryMessageHandler(audio::appendBuffer);
    socket.textMessageHandler(
        text -> {
          JsonObject event = new JsonObject(text);
          switch (event.getString("type")) {
            case "response.done" ->
                heard.complete(new Heard(audio, event.getJsonObject("response")));
            case "error" -> heard.completeExceptionally(new AssertionError(text));
            default -> {}
          }
        });
    socket
        .connect(server.port(), "127.0.0.1", "/v1/realtime?model=" + model)
        .await(10, TimeUnit.SECONDS);
    socket.writeTextMessage(
        new JsonObject()
            .put("type", "session.update")
            .put("session", settings.put("mode", "commit"))
            .encode());
    socket.writeTextMessage(
        new JsonObject().put("type", "input_text_buffer.append").put("text", SENTENCE).encode());
    socket.writeTextMessage(new JsonObject().put("type", "input_text_buffer.commit").encode());
    try {
      return heard.get(20, TimeUnit.SECONDS);
    } finally {
      socket.close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "qwen3-tts-flash-realtime, Cherry,     PCM,  24000",
    "qwen3-tts-flash-realtime, Dylan,      WAV,  16000",
    "qwen3-tts-flash-realtime, Cherry,     MP3,  48000",
    "qwen3-tts-flash-realtime, Cherry,     OPUS, 24000",
    "qwen3-tts-flash,          Cherry,     PCM,  24000",
    "qwen3-tts-flash,          Dylan,      WAV,  16000",
    "qwen3-tts-flash,          Cherry,     MP3,  48000",
    "qwen3-tts-flash,          Cherry,     OPUS, 24000",
    "qwen-tts-latest,          Jada,       PCM,  24000",
    "qwen-tts-latest,          Jada,       MP3,  24000",
    "cosyvoice-v3-flash,       longanyang, PCM,  22050",
    "cosyvoice-v3-flash,       longanyang, WAV,  44100",
    "cosyvoice-v3-flash,       longanyang, MP3,  22050",
    "cosyvoice-v3-flash,       longanyang, OPUS, 16000",
    "sambert-zhichu-v1,        ,           PCM,  48000",
    "sambert-zhichu-v1,        ,           WAV,  16000",
    "sambert-zhichu-v1,        ,           MP3,  16000",
  })
  void speaks(String model, String voice, AudioFormat format, int rateHz) throws Exception {
    JsonObject settings =
        new JsonObject().put("response_format", format.wireName()).put("sample_rate", rateHz);
    if (voice != null) {
      settings.put("voice", voice);
    }

    Heard heard = speak(model, settings);

    Decoded speech = Decoded.of(format, rateHz, heard.audio().getBytes());
    assertEquals("completed", heard.done().getString("status"));
    assertTrue(speech.ms() > 3_000 && speech.ms() < 9_000, speech.ms() + " ms of speech");
    int saidMs = Objects.requireNonNull(heard.done().getJsonObject("usage").getInteger("audio_ms"));
    assertEquals(speech.ms(), saidMs, 150, "usage.audio_ms");
    assertTrue(speech.rms() > 300, "rms " + speech.rms());
    assertTrue(longestSilenceMs(speech) < 500, "silent for " + longestSilenceMs(speech) + " ms");
  }

  /** Longest stretch inside the speech, in steps of 10 ms, that stays under −50 dB. */
  private static int longestSilenceMs(Decoded speech) {
    int step = speech.sampleRateHz() / 100;
    int longest = 0;
    int run = 0;
    boolean begun = false;
    for (int at = 0; at + step <= speech.samples().length; at += step) {
      int peak = 0;
      for (int i = at; i < at + step; i++) {
        peak = Math.max(peak, Math.abs(speech.samples()[i]));
      }
      if (peak > 100) {
        longest = begun ? Math.max(longest, run) : 0;
        begun = true;
        run = 0;
      } else {
        run++;
      }
    }
    return longest * 10;
  }
}
