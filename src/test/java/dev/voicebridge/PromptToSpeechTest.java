package dev.voicebridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.audio.AudioFormat;
import dev.voicebridge.audio.Decoded;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The server as it starts without a setting: a prompt comes out as speech, through every door. */
final class PromptToSpeechTest {
  @RegisterExtension static final FreshServer server = FreshServer.with();

  private static Vertx vertx;
  private static WebSocketClient client;
  private static HttpClient http;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
    client = vertx.createWebSocketClient();
    http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  @AfterAll
  static void stop() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  /** What a client of a realtime door heard, in order; audio under the type {@code audio}. */
  private record Conversation(List<JsonObject> events, Buffer audio) {
    List<String> types() {
      return events.stream().map(event -> event.getString("type")).toList();
    }

    JsonObject only(String type) {
      List<JsonObject> found =
          events.stream().filter(event -> event.getString("type").equals(type)).toList();
      assertEquals(1, found.size(), type + " in " + types());
      return found.get(0);
    }

    String deltas() {
      return events.stream()
          .filter(event -> event.getString("type").equals("response.text.delta"))
          .map(event -> event.getString("delta"))
          .collect(Collectors.joining());
    }
  }

  private static Conversation ask(String door, String model, String voice, JsonObject response)
      throws Exception {
    CompletableFuture<Conversation> over = new CompletableFuture<>();
    List<JsonObject> events = new ArrayList<>();
    Buffer audio = Buffer.buffer();
    ClientWebSocket socket = client.webSocket();
    socket.binaryMessageHandler(
        bytes -> {
          audio.appendBuffer(bytes);
          events.add(new JsonObject().put("type", "audio"));
        });
    socket.textMessageHandler(
        text -> {
          JsonObject event = new JsonObject(text);
          events.add(event);
          switch (event.getString("type")) {
            case "response.audio.delta" ->
                audio.appendBytes(Base64.getDecoder().decode(event.getString("delta")));
            case "response.done" -> over.complete(new Conversation(events, audio));
            case "error" -> over.completeExceptionally(new AssertionError(text));
            default -> {}
          }
        });
    socket
        .connect(server.port(), "127.0.0.1", door + "?model=" + model + "&voice=" + voice)
        .onComplete(
            opened ->
                socket.writeTextMessage(
                    new JsonObject()
                        .put("type", "response.create")
                        .put("response", response)
                        .encode()),
            over::completeExceptionally);
    try {
      return over.get(90, TimeUnit.SECONDS);
    } finally {
      socket.close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/realtime, qwen3-tts-flash-realtime, Cherry, 你好，请讲一个故事吧, 灯塔",
    "/api-ws/v1/realtime, qwen3-tts-flash-realtime, Cherry, Hello! Tell me a story., lighthouse",
    "/v1/realtime, cosyvoice-v3-flash, longanyang, Tell me a story., lighthouse",
    "/api-ws/v1/realtime, cosyvoice-v3-flash, longanyang, 讲一个故事, 灯塔",
    "/v1/realtime, sambert-zhichu-v1, zhichu, 讲一个故事, 灯塔",
    "/v1/realtime, FunAudioLLM/CosyVoice2-0.5B, FunAudioLLM/CosyVoice2-0.5B:alex, 讲一个故事, 灯塔",
  })
  void aPromptIsSpokenAsItIsWritten(
      String door, String model, String voice, String prompt, String contains) throws Exception {
    Conversation heard = ask(door, model, voice, new JsonObject().put("input", prompt));

    String text = heard.only("response.text.done").getString("text");
    assertTrue(text.contains(contains), text);
    assertEquals(text, heard.deltas());
    JsonObject queued = heard.only("response.queued");
    JsonObject done = heard.only("response.done").getJsonObject("response");
    String id = queued.getString("response_id");
    assertEquals(id, done.getString("id"));
    assertEquals(id, heard.only("response.created").getJsonObject("response").getString("id"));
    assertEquals("completed", done.getString("status"), done.encode());
    JsonObject usage = done.getJsonObject("usage");
    assertTrue(usage.getInteger("input_tokens") > 3, usage.encode());
    assertTrue(usage.getInteger("output_tokens") > 50, usage.encode());
    long ms = usage.getLong("audio_ms");
    int hz = heard.only("response.created").getJsonObject("response").getInteger("sample_rate");
    assertEquals(heard.audio().length() * 500.0 / hz, (double) ms, 10.0);
    assertTrue(ms > 15_000 && ms < 60_000, ms + " ms of speech");
    // Speech begins while the model still writes.
    List<String> types = heard.types();
    assertTrue(
        types.indexOf("response.created") < types.indexOf("response.text.done"), types.toString());
    JsonObject timings = done.getJsonObject("timings");
    assertTrue(
        timings.getLong("first_token_ms") <= timings.getLong("first_text_ms")
            && timings.getLong("first_text_ms") <= timings.getLong("first_audio_ms"),
        timings.encode());
  }

  @Test
  void theModelSeesTheWholeConversation() throws Exception {
    JsonArray messages =
        new JsonArray()
            .add(new JsonObject().put("role", "user").put("content", "The sky is green"))
            .add(new JsonObject().put("role", "assistant").put("content", "Is it?"))
            .add(new JsonObject().put("role", "user").put("content", "Yes, today it is!"));

    Conversation heard =
        ask(
            "/v1/realtime",
            "qwen3-tts-flash-realtime",
            "Cherry",
            new JsonObject()
                .put("messages", messages)
                .put("instructions", "You are a grumpy painter. Be brief."));

    String text = heard.deltas();
    assertTrue(text.startsWith("As grumpy painter, I heard you say"), text);
    assertTrue(text.contains("Yes, today it is") && text.contains("prompt number 2"), text);
  }

  @Test
  void anAnswerThatIsCutShortIsIncomplete() throws Exception {
    Conversation heard =
        ask(
            "/v1/realtime",
            "cosyvoice-v3-flash",
            "longanyang",
            new JsonObject().put("input", "讲一个故事").put("max_output_tokens", 9));

    JsonObject done = heard.only("response.done").getJsonObject("response");
    assertEquals("incomplete", done.getString("status"));
    assertEquals("max_output_tokens", done.getJsonObject("status_details").getString("reason"));
    assertEquals(9, done.getJsonObject("usage").getInteger("output_tokens"));
    assertTrue(heard.audio().length() > 10_000);
  }

  private static HttpResponse<String> post(String body) throws Exception {
    return http.send(
        server
            .request("/v1/chat/speech")
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  @ParameterizedTest
  @CsvSource({
    "qwen3-tts-flash-realtime, Cherry, mp3",
    "cosyvoice-v3-flash, longanyang, opus",
    "cosyvoice-v3-flash, longanyang, mp3",
    "qwen3-tts-flash-realtime, Cherry, pcm",
    "FunAudioLLM/CosyVoice2-0.5B, FunAudioLLM/CosyVoice2-0.5B:alex, wav",
  })
  void overHttpTextAndAudioComeAsEvents(String model, String voice, String format)
      throws Exception {
    HttpResponse<String> answer =
        post(
            new JsonObject()
                .put("input", "Please count to 12")
                .put("model", model)
                .put("voice", voice)
                .put("response_format", format)
                .encode());

    assertEquals(200, answer.statusCode(), answer.body());
    assertTrue(
        answer.headers().firstValue("content-type").orElse("").startsWith("text/event-stream"));
    StringBuilder text = new StringBuilder();
    ByteArrayOutputStream audio = new ByteArrayOutputStream();
    List<String> types = new ArrayList<>();
    JsonObject last = new JsonObject();
    for (String block : answer.body().split("\n\n", 0)) {
      assertTrue(block.startsWith("data: "), block);
      last = new JsonObject(block.substring(6));
      types.add(last.getString("type"));
      switch (last.getString("type")) {
        case "response.text.delta" -> text.append(last.getString("delta"));
        case "speech.audio.delta" ->
            audio.writeBytes(Base64.getDecoder().decode(last.getString("audio")));
        case "response.text.done" -> assertEquals(text.toString(), last.getString("text"));
        default -> {}
      }
    }
    assertTrue(text.toString().contains("10, 11, 12"), text.toString());
    assertEquals("response.text.delta", types.get(0));
    assertTrue(types.contains("response.text.done"), types.toString());
    assertEquals("speech.audio.done", last.getString("type"));
    JsonObject usage = last.getJsonObject("usage");
    assertTrue(usage.getInteger("output_tokens") > 20, usage.encode());
    assertTrue(usage.getInteger("characters") >= 20, usage.encode());
    long ms = usage.getLong("audio_ms");
    Decoded heard =
        switch (format) {
          case "mp3" -> Decoded.of(AudioFormat.MP3, 0, audio.toByteArray());
          case "opus" -> Decoded.of(AudioFormat.OPUS, 0, audio.toByteArray());
          case "wav" -> Decoded.of(AudioFormat.WAV, 0, audio.toByteArray());
          default -> Decoded.of(AudioFormat.PCM, 24_000, audio.toByteArray());
        };
    assertTrue(ms > 3_000 && ms < 20_000, ms + " ms");
    assertEquals((double) ms, heard.ms(), 200, "length");
    assertEquals("completed", last.getString("status"));
  }

  @Test
  void overHttpTooItIsToldThatTheModelWasCutShort() throws Exception {
    String order =
        new JsonObject()
            .put("input", "Please count to 12")
            .put("voice", "Cherry")
            .put("max_output_tokens", 5)
            .encode();

    String answer = post(order).body().strip();

    JsonObject last = new JsonObject(answer.substring(answer.lastIndexOf("data: ") + 6));
    assertEquals("speech.audio.done", last.getString("type"), answer);
    assertEquals("incomplete", last.getString("status"));
    assertEquals("max_output_tokens", last.getJsonObject("status_details").getString("reason"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"model\":\"qwen3-tts-flash-realtime\",\"input\":\" \"}",
        "{\"model\":\"qwen3-tts-flash-realtime\",\"messages\":\"hi\"}",
        "{\"model\":\"qwen3-tts-flash-realtime\",\"messages\":[{\"role\":\"tool\",\"content\":\"\"}]}",
        "{\"model\":\"qwen3-tts-flash-realtime\",\"input\":\"hi\",\"temperature\":3}",
        "{\"model\":\"qwen3-tts-flash-realtime\",\"input\":\"hi\",\"response_format\":\"ape\"}",
        "{\"model\":\"qwen3-tts-flash-realtime\",\"voice\":\"Nobody at all\",\"input\":\"hi\"}",
        "{\"model\":\"qwen3-tts-flash-realtime\",\"input\":\"hi\",\"llm_model\":\"no-such\"}",
      })
  void aRefusalHasAStatus(String body) throws Exception {
    HttpResponse<String> answer = post(body);

    int expected = body.contains("no-such") ? 502 : 400;
    assertEquals(expected, answer.statusCode(), answer.body());
    JsonObject error = new JsonObject(answer.body()).getJsonObject("error");
    assertTrue(!error.getString("code").isEmpty() && !error.getString("message").isEmpty());
  }
}
