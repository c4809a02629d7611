package dev.voicebridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.sample.TestSamples;
import dev.voicebridge.sdk.EnrolmentSdkDrive;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.json.JsonObject;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A voice that was cloned through one door speaks through the others. */
final class EveryDoorTest {
  private static final String SPOKEN = "从前有一座山，山里有一座庙。";

  private static Vertx vertx;
  private static WebSocketClient sockets;
  private static FreshServer server;
  private static VoicesDoor door;

  @BeforeAll
  static void start() throws Exception {
    vertx = Vertx.vertx();
    sockets = vertx.createWebSocketClient();
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort(); // the public address must be known before the start
    }
    server =
        FreshServer.with(
                "VOICEBRIDGE_PORT",
                Integer.toString(port),
                "VOICEBRIDGE_PUBLIC_URL",
                "http://127.0.0.1:" + port)
            .start();
    door = new VoicesDoor(server);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  private static JsonObject clone(String provider, String name, int number) throws Exception {
    return clone(provider, null, name, number);
  }

  private static JsonObject clone(
      String provider, @Nullable String targetModel, String name, int number) throws Exception {
    JsonObject order = targetModel == null ? new JsonObject() : targeted(targetModel);
    order
        .put("provider", provider)
        .put("name", name)
        .put("consent", true)
        .put(
            "sample",
            new JsonObject()
                .put(
                    "data",
                    "data:audio/wav;base64,"
                        + Base64.getEncoder().encodeToString(TestSamples.speech(number))));
    HttpResponse<byte[]> made = door.send("POST", "/v1/voices", order);
    assertEquals(201, made.statusCode(), VoicesDoor.text(made));
    return VoicesDoor.json(made);
  }

  private static JsonObject targeted(String model) {
    return new JsonObject().put("target_model", model);
  }

  private static JsonObject ready(String id) throws Exception {
    JsonObject voice = VoicesDoor.json(door.get("/v1/voices/" + id + "?wait_seconds=30"));
    assertEquals("ok", voice.getString("status"), voice.encode());
    return voice;
  }

  /** Milliseconds of audio that a session says it has spoken. */
  private static int spoken(String door, String model, String voice) throws Exception {
    CompletableFuture<Integer> spoken = new CompletableFuture<>();
    ClientWebSocket socket = sockets.webSocket();
    socket.textMessageHandler(
        text -> {
          JsonObject event = new JsonObject(text);
          switch (event.getString("type")) {
            case "response.done" -> {
              JsonObject usage = event.getJsonObject("response").getJsonObject("usage");
              spoken.complete(usage == null ? 0 : usage.getInteger("audio_ms", 0));
            }
            case "error" -> spoken.completeExceptionally(new AssertionError(text));
            default -> {}
          }
        });
    socket
        .connect(server.port(), "127.0.0.1", door + "?model=" + model)
        .await(10, TimeUnit.SECONDS);
    socket.writeTextMessage(
        new JsonObject()
            .put("type", "session.update")
            .put("session", new JsonObject().put("voice", voice).put("mode", "commit"))
            .encode());
    socket.writeTextMessage(
        new JsonObject().put("type", "input_text_buffer.append").put("text", SPOKEN).encode());
    socket.writeTextMessage(new JsonObject().put("type", "input_text_buffer.commit").encode());
    try {
      return spoken.get(20, TimeUnit.SECONDS);
    } finally {
      socket.close();
    }
  }

  /** Milliseconds of audio of a task. */
  private static int spokenByATask(String model, String voice) throws Exception {
    CompletableFuture<Integer> spoken = new CompletableFuture<>();
    ClientWebSocket socket = sockets.webSocket();
    AtomicInteger bytes = new AtomicInteger();
    socket.binaryMessageHandler(audio -> bytes.addAndGet(audio.length()));
    socket.textMessageHandler(
        text -> {
          switch (new JsonObject(text).getJsonObject("header").getString("event")) {
            case "task-finished" -> spoken.complete(bytes.get() / 48);
            case "task-failed" -> spoken.completeExceptionally(new AssertionError(text));
            default -> {}
          }
        });
    socket.connect(server.port(), "127.0.0.1", "/api-ws/v1/inference").await(10, TimeUnit.SECONDS);
    JsonObject run =
        new JsonObject()
            .put("model", model)
            .put(
                "parameters",
                new JsonObject()
                    .put("voice", voice)
                    .put("format", "pcm")
                    .put("sample_rate", 24_000));
    JsonObject text = new JsonObject().put("input", new JsonObject().put("text", SPOKEN));
    task(socket, "run-task", run);
    task(socket, "continue-task", text);
    task(socket, "finish-task", new JsonObject());
    try {
      return spoken.get(20, TimeUnit.SECONDS);
    } finally {
      socket.close();
    }
  }

  private static void task(ClientWebSocket socket, String action, JsonObject payload) {
    socket.writeTextMessage(
        new JsonObject()
            .put(
                "header",
                new JsonObject()
                    .put("action", action)
                    .put("task_id", "t")
                    .put("streaming", "duplex"))
            .put("payload", payload)
            .encode());
  }

  private static void speaksThroughEveryDoor(String model, String... names) throws Exception {
    for (String name : names) {
      for (String door : new String[] {"/v1/realtime", "/api-ws/v1/realtime"}) {
        assertTrue(spoken(door, model, name) > 1_000, name + " through " + door);
      }
      assertTrue(spokenByATask(model, name) > 1_000, name + " in a task");
    }
  }

  @ParameterizedTest
  @CsvSource({"cosyvoice, 1, signed_link", "qwen, 2, inline", "siliconflow, 5, inline"})
  void aCloneSpeaksByBothItsNames(String provider, int sample, String route) throws Exception {
    JsonObject made = clone(provider, "故事", sample);
    assertEquals(route, made.getString("sample_route"), made.encode());
    JsonObject voice = ready(made.getJsonObject("voice").getString("id"));

    speaksThroughEveryDoor(
        voice.getString("target_model"),
        voice.getString("id"),
        voice.getString("provider_voice_id"));
  }

  @Test
  void aCloneForPlainHttpSpeaksThroughSocketsAndNotWithTheRealtimeModel() throws Exception {
    JsonObject made = clone("qwen", "qwen3-tts-vc-2026-01-22", "Plain", 6);
    JsonObject voice = ready(made.getJsonObject("voice").getString("id"));

    assertEquals("qwen3-tts-vc-2026-01-22", voice.getString("target_model"));
    speaksThroughEveryDoor(
        "qwen3-tts-vc-2026-01-22", voice.getString("id"), voice.getString("provider_voice_id"));
    String refused =
        assertThrows(
                Exception.class,
                () ->
                    spoken(
                        "/v1/realtime", "qwen3-tts-vc-realtime-2026-01-15", voice.getString("id")))
            .toString();
    assertTrue(refused.contains("voice_mismatch"), refused);
  }

  @Test
  void whatTheOfficialClientClonesSpeaksToo(@TempDir Path folder) throws Exception {
    Path sample = Files.write(folder.resolve("sample.wav"), TestSamples.speech(3));
    String id;
    try (EnrolmentSdkDrive client = EnrolmentSdkDrive.on(server.uri("/api/v1").toString(), "any")) {
      id = client.createFromFile("cosyvoice-v3-flash", "anna", sample);
    }
    JsonObject voice = ready(id);
    assertEquals("key_holder", voice.getJsonObject("consent").getString("how"));

    speaksThroughEveryDoor("cosyvoice-v3-flash", id, voice.getString("id"));
  }

  @ParameterizedTest
  @CsvSource({
    "FunAudioLLM/CosyVoice2-0.5B, FunAudioLLM/CosyVoice2-0.5B:bella",
    "FunAudioLLM/CosyVoice2-0.5B, cosyvoice2-0-5b-bella",
    "fnlp/MOSS-TTSD-v0.5, fnlp/MOSS-TTSD-v0.5:alex"
  })
  void aPresetOfSiliconFlowSpeaks(String model, String voice) throws Exception {
    speaksThroughEveryDoor(model, voice);
  }

  @Test
  void aVoiceIsRefusedWithAnotherModelBeforeAnythingIsSpent() throws Exception {
    JsonObject voice = clone("qwen", "Wrong", 4).getJsonObject("voice");

    String refused =
        assertThrows(
                Exception.class,
                () -> spoken("/v1/realtime", "cosyvoice-v3-flash", voice.getString("id")))
            .toString();

    assertTrue(refused.contains("voice_mismatch"), refused);
    assertTrue(refused.contains(voice.getString("target_model")), refused);
  }
}
