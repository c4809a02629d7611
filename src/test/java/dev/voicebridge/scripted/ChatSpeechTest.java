package dev.voicebridge.scripted;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.RawExchange;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code POST /v1/chat/speech} between a model and a voice that do as they are told. */
@Timeout(60)
final class ChatSpeechTest {
  private final ChatDouble model = new ChatDouble();
  private final ScriptedServer server =
      new ScriptedServer(
          "LLM_BASE_URL",
          model.service().baseUrl(),
          "LLM_API_KEY",
          ChatDouble.KEY,
          "LLM_MODEL",
          ChatDouble.MODEL);
  private final ScriptedUpstream upstream = server.upstream;

  @AfterEach
  void close() {
    server.close();
    model.close();
  }

  private static RawExchange ask(int port, String tts, String further) throws IOException {
    return RawExchange.send(
        port,
        "POST /v1/chat/speech HTTP/1.1\nHost: localhost\nContent-Type: application/json\n"
            + further
            + "\n{\"input\":\"说\",\"model\":\"%s\",\"voice\":\"%s\",\"response_format\":\"pcm\"}"
                .formatted(tts, tts.equals(TestBridge.COSYVOICE) ? "longanyang" : "Cherry"));
  }

  private static List<JsonObject> events(byte[] body) {
    return Arrays.stream(new String(body, StandardCharsets.UTF_8).split("\n\n"))
        .map(block -> new JsonObject(block.substring("data: ".length())))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {TestBridge.QWEN, TestBridge.COSYVOICE})
  void everyByteAndEveryWordArrives(String tts) throws IOException {
    upstream.script.audioBytes = text -> 60_000;
    model.next(ask -> ask.say("从前", "有座山。", "山里有座庙。").done());
    try (RawExchange answer = ask(server.port(), tts, "")) {
      assertEquals(200, answer.status());
      List<JsonObject> events = events(answer.body());

      ByteArrayOutputStream audio = new ByteArrayOutputStream();
      StringBuilder text = new StringBuilder();
      for (JsonObject event : events) {
        switch (event.getString("type")) {
          case "speech.audio.delta" ->
              audio.writeBytes(Base64.getDecoder().decode(event.getString("audio")));
          case "response.text.delta" -> text.append(event.getString("delta"));
          default -> {}
        }
      }
      assertEquals("从前有座山。山里有座庙。", text.toString());
      ByteArrayOutputStream spoken = new ByteArrayOutputStream();
      upstream.utterances.forEach(each -> spoken.writeBytes(each.audio()));
      assertArrayEquals(spoken.toByteArray(), audio.toByteArray());
      JsonObject done = events.get(events.size() - 1);
      assertEquals("speech.audio.done", done.getString("type"));
      assertEquals(7, done.getJsonObject("usage").getInteger("input_tokens"));
      assertEquals(5, done.getJsonObject("usage").getInteger("output_tokens"));
    }
  }

  @Test
  void aHangUpStopsModelAndVoiceWithin200Ms() throws IOException {
    upstream.script.audioBytes = text -> 50_000_000;
    upstream.script.paceMs = 2;
    model.next(ask -> ask.endless(2, "长篇大论。"));
    long hungUp;
    try (RawExchange answer = ask(server.port(), TestBridge.COSYVOICE, "")) {
      assertTrue(answer.piece().length > 0);
      hungUp = System.nanoTime();
    }

    ScriptedUpstream.Utterance dead = upstream.utterance(0);
    Eventually.holds("the voice hears of it", () -> dead.connection.closedNanos != 0);
    Eventually.holds("the model hears of it", () -> model.ask(0).closedNanos != 0);
    for (long nanos : new long[] {dead.connection.closedNanos, model.ask(0).closedNanos}) {
      AtOnce.followed(hungUp, nanos);
    }
  }

  @Test
  void aModelThatRefusesIsARefusal() throws IOException {
    int port = server.port();
    model.next(
        ask -> ask.answer(401, "application/json", "{\"error\":{\"code\":\"invalid_api_key\"}}"),
        ask -> ask.answer(429, "application/json", "{}", "Retry-After: 30\r\n"));
    try (RawExchange answer = ask(port, TestBridge.QWEN, "")) {
      assertEquals(502, answer.status());
      JsonObject error = error(answer.body());
      assertEquals("llm_refused", error.getString("code"));
      assertEquals("invalid_api_key", error.getString("upstream_code"));
    }
    try (RawExchange answer = ask(port, TestBridge.QWEN, "")) {
      assertEquals(429, answer.status());
    }
    assertEquals(0, upstream.utterances.size());
  }

  private static JsonObject error(byte[] body) {
    return new JsonObject(new String(body, StandardCharsets.UTF_8)).getJsonObject("error");
  }

  @Test
  void aModelThatBreaksOffIsAnErrorEventAndABrokenTransfer() throws IOException {
    upstream.script.audioBytes = text -> 50_000_000;
    upstream.script.paceMs = 1;
    model.next(
        ask -> {
          ask.say("第一句话。", "第二句");
          ask.vertx.setPeriodic(
              5,
              timer -> {
                if (upstream.utterances.size() > 0
                    && upstream.utterances.get(0).produced.get() > 100_000) {
                  ask.vertx.cancelTimer(timer);
                  ask.raw("data: {\"error\":{\"code\":\"data_inspection_failed\"}}\n\n");
                }
              });
        });
    try (RawExchange answer = ask(server.port(), TestBridge.COSYVOICE, "")) {
      assertEquals(200, answer.status());
      StringBuilder heard = new StringBuilder();
      assertThrows(
          IOException.class,
          () -> {
            for (byte[] piece = answer.piece(); piece.length > 0; piece = answer.piece()) {
              heard.append(new String(piece, StandardCharsets.UTF_8));
            }
          });
      String last = heard.substring(heard.lastIndexOf("data: ") + 6);
      JsonObject event = new JsonObject(last);
      assertEquals("error", event.getString("type"));
      assertEquals("llm_error", event.getJsonObject("error").getString("code"));
    }
  }

  @Test
  void withoutALanguageModelItIsRefusedWithAHint() throws IOException {
    int port =
        server.port(
            "LLM_BASE_URL", "",
            "LLM_API_KEY", "",
            "DASHSCOPE_API_KEY", "",
            "SILICONFLOW_API_KEY", "sk-silicon");
    try (RawExchange answer = ask(port, TestBridge.QWEN, "")) {
      assertEquals(400, answer.status());
      JsonObject error = error(answer.body());
      assertEquals("llm_not_configured", error.getString("code"));
      assertTrue(error.getString("message").contains("LLM_BASE_URL"), error.encode());
    }
  }

  @Test
  void aVisitorsKeyIsNotSentToTheOperatorsModel() throws IOException {
    try (RawExchange answer = ask(server.port(), TestBridge.QWEN, "X-Provider-Key: sk-visitor\n")) {
      assertEquals(400, answer.status());
      assertEquals("llm_not_configured", error(answer.body()).getString("code"));
    }
    assertEquals(0, model.asks.size());
  }
}
