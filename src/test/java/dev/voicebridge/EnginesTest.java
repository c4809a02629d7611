package dev.voicebridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.config.Config;
import dev.voicebridge.config.ConfigException;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole servers whose speech comes over HTTP. */
@Timeout(90)
final class EnginesTest {
  private static final int HZ = 24_000;
  private static final String TEXT =
      "从前有一座山，山里有一座庙，庙里有一个老和尚在给小和尚讲故事。"
          + "他讲的是什么故事呢？从前有一座山，山里有一座庙，庙里有一个老和尚。"
          + "小和尚听了很高兴，第二天又来听，第三天也来了，他们就这样过了很多年。";

  @TempDir private Path folder;
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void stop() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  private Config config(Map<String, String> more) {
    Map<String, String> all = new java.util.HashMap<>(more);
    all.put("VOICEBRIDGE_PORT", "0");
    all.put("VOICEBRIDGE_INSTANCES", "1");
    all.put("VOICEBRIDGE_DATA_DIR", folder.resolve("data").toString());
    return Config.load(all, Map.of());
  }

  /** The PCM of a committed text, or of one that streams in and is finished. */
  private Buffer spoken(Voicebridge server, String model, String mode, String text)
      throws Exception {
    WebSocketClient sockets = vertx.createWebSocketClient();
    CompletableFuture<Buffer> spoken = new CompletableFuture<>();
    Buffer audio = Buffer.buffer();
    ClientWebSocket socket = sockets.webSocket();
    socket.textMessageHandler(
        message -> {
          String type = new JsonObject(message).getString("type");
          if (type.equals("session.finished")) {
            spoken.complete(audio);
          } else if (type.equals("error")) {
            spoken.completeExceptionally(new AssertionError(message));
          }
        });
    socket.binaryMessageHandler(audio::appendBuffer);
    socket
        .connect(server.port(), "127.0.0.1", "/v1/realtime?model=" + model)
        .await(10, TimeUnit.SECONDS);
    socket.writeTextMessage(
        new JsonObject()
            .put("type", "session.update")
            .put("session", new JsonObject().put("mode", mode))
            .encode());
    for (int i = 0; i < text.length(); i += 3) {
      socket.writeTextMessage(
          new JsonObject()
              .put("type", "input_text_buffer.append")
              .put("text", text.substring(i, Math.min(text.length(), i + 3)))
              .encode());
    }
    if (mode.equals("commit")) {
      socket.writeTextMessage("{\"type\":\"input_text_buffer.commit\"}");
    }
    socket.writeTextMessage("{\"type\":\"session.finish\"}");
    return spoken.get(60, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"commit", "server_commit"})
  void whatIsJoinedHasNeitherGapsNorClicks(String mode) throws Exception {
    try (Voicebridge server = Voicebridge.start(config(Map.of()))) {
      Buffer audio = spoken(server, "FunAudioLLM/CosyVoice2-0.5B", mode, TEXT);

      assertEquals(0, audio.length() % 2);
      int samples = audio.length() / 2;
      assertTrue(samples > 8 * HZ, samples + " samples");
      int jump = 0;
      int silent = 0;
      int longest = 0;
      for (int i = 1; i < samples; i++) {
        jump = Math.max(jump, Math.abs(audio.getShortLE(2 * i) - audio.getShortLE(2 * i - 2)));
        silent = Math.abs(audio.getShortLE(2 * i)) < 100 ? silent + 1 : 0;
        longest = i > HZ / 2 && i < samples - 1 ? Math.max(longest, silent) : longest;
      }
      assertTrue(longest < HZ / 2, longest * 1000 / HZ + " ms of silence");
      // Twice what the voice does within a piece would be heard.
      Buffer one = spoken(server, "FunAudioLLM/CosyVoice2-0.5B", "commit", "从前有一座山");
      int within = 0;
      for (int i = 1; i < one.length() / 2; i++) {
        within = Math.max(within, Math.abs(one.getShortLE(2 * i) - one.getShortLE(2 * i - 2)));
      }
      assertTrue(jump <= 2 * within, "a jump of " + jump + ", within a piece " + within);
    }
  }

  @Test
  void anEngineOfTheOperatorIsListedAndSpeaks() throws Exception {
    List<JsonObject> asked = new CopyOnWriteArrayList<>();
    HttpServer engine =
        vertx
            .createHttpServer()
            .requestHandler(
                request ->
                    request
                        .body()
                        .onSuccess(
                            body -> {
                              asked.add(
                                  body.toJsonObject()
                                      .put("authorization", request.getHeader("authorization")));
                              request
                                  .response()
                                  .putHeader("content-type", "audio/pcm;rate=22050")
                                  .end(Buffer.buffer(new byte[2 * 22_050]));
                            }))
            .listen(0, "127.0.0.1")
            .await(10, TimeUnit.SECONDS);
    Path file =
        Files.writeString(
            folder.resolve("upstreams.json"),
            """
            [{"name": "piper", "base_url": "http://127.0.0.1:%d/v1", "key": "sk-piper",
              "models": ["tts-1"], "voices": ["alloy", "Serena"]}]
            """
                .formatted(engine.actualPort()));
    try (Voicebridge server =
        Voicebridge.start(config(Map.of("VOICEBRIDGE_UPSTREAMS", file.toString())))) {
      Buffer audio = spoken(server, "tts-1", "commit", "Hello there.");

      assertEquals(2 * HZ, audio.length(), 100, "resampled from 22050 Hz");
      assertEquals(
          new JsonObject()
              .put("model", "tts-1")
              .put("voice", "alloy")
              .put("response_format", "pcm")
              .put("input", "Hello there.")
              .put("authorization", "Bearer sk-piper"),
          asked.get(0));
      HttpClient http = vertx.createHttpClient();
      JsonObject model =
          http.request(HttpMethod.GET, server.port(), "127.0.0.1", "/v1/models/tts-1")
              .compose(request -> request.send().compose(response -> response.body()))
              .await(10, TimeUnit.SECONDS)
              .toJsonObject();
      assertEquals("piper", model.getString("owned_by"));
      assertEquals("openai", model.getString("dialect"));
    }
  }

  @Test
  void aModelThatIsThereAlreadyStopsTheStart() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("upstreams.json"),
            """
            [{"name": "mine", "base_url": "http://127.0.0.1:9", "models": ["cosyvoice-v2"]}]
            """);

    String told =
        assertThrows(
                ConfigException.class,
                () -> Voicebridge.start(config(Map.of("VOICEBRIDGE_UPSTREAMS", file.toString()))))
            .mistakes()
            .toString();
    assertTrue(told.contains("cosyvoice-v2"), told);
  }
}
