package dev.voicebridge.emulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.emulator.wire.Fault;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /compatible-mode/v1/chat/completions} of the guest, as a client of the vendor sees it. */
final class ChatWireTest {
  private static GuestHouse house;
  private static HttpClient client;

  @BeforeAll
  static void open() throws Exception {
    house = new GuestHouse(new JsonObject().put("tokenMs", 1));
    client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  @AfterAll
  static void close() {
    house.close();
  }

  private static HttpResponse<String> post(String key, String body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(
                URI.create(
                    "http://127.0.0.1:" + house.port() + "/compatible-mode/v1/chat/completions"))
            .timeout(Duration.ofSeconds(20))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static JsonObject order(String prompt) {
    return new JsonObject()
        .put("model", "qwen3.5-flash")
        .put(
            "messages",
            new JsonArray().add(new JsonObject().put("role", "user").put("content", prompt)))
        .put("stream", true)
        .put("stream_options", new JsonObject().put("include_usage", true))
        .put("enable_thinking", false);
  }

  /** The data of every event. */
  private static List<String> events(HttpResponse<String> answer) {
    assertEquals(200, answer.statusCode(), answer.body());
    assertEquals(
        "text/event-stream;charset=UTF-8", answer.headers().firstValue("content-type").orElse(""));
    List<String> events = new ArrayList<>();
    for (String block : answer.body().split("\n\n", 0)) {
      assertTrue(block.startsWith("data: "), block);
      events.add(block.substring(6));
    }
    return events;
  }

  private static String text(List<String> events, String field) {
    StringBuilder text = new StringBuilder();
    for (String event : events.subList(0, events.size() - 1)) {
      JsonArray choices = new JsonObject(event).getJsonArray("choices");
      if (!choices.isEmpty()
          && choices.getJsonObject(0).getJsonObject("delta").getValue(field) instanceof String s) {
        text.append(s);
      }
    }
    return text.toString();
  }

  @Test
  void anAnswerIsStreamedAsTheVendorDoes() throws Exception {
    List<String> events = events(post(GuestHouse.KEY, order("数到12").encode()));

    assertEquals("[DONE]", events.get(events.size() - 1));
    assertEquals("1，2，3，4，5，6，7，8，9，10，11，12。数完了！", text(events, "content"));
    assertEquals("", text(events, "reasoning_content"));
    JsonObject first = new JsonObject(events.get(0));
    assertEquals("chat.completion.chunk", first.getString("object"));
    assertEquals("qwen3.5-flash", first.getString("model"));
    assertEquals(
        "assistant",
        first.getJsonArray("choices").getJsonObject(0).getJsonObject("delta").getString("role"));
    JsonObject usage = new JsonObject(events.get(events.size() - 2));
    assertTrue(usage.getJsonArray("choices").isEmpty());
    // A token in each event between the first, and the three at the end.
    assertEquals(events.size() - 4, usage.getJsonObject("usage").getInteger("completion_tokens"));
    assertEquals(
        "stop",
        new JsonObject(events.get(events.size() - 3))
            .getJsonArray("choices")
            .getJsonObject(0)
            .getString("finish_reason"));
  }

  @Test
  void itThinksUnlessToldNotTo() throws Exception {
    JsonObject order = order("Hello");
    order.remove("enable_thinking");
    List<String> events = events(post(GuestHouse.KEY, order.encode()));

    assertTrue(text(events, "reasoning_content").startsWith("The user wrote in English"));
    assertTrue(text(events, "content").startsWith("Hello!"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"你好", "你是谁？", "讲个故事", "番茄炒蛋怎么做", "写段代码", "天气如何", "谢谢", "嗯", "！"})
  void aChinesePromptHasAnAnswer(String prompt) throws Exception {
    JsonObject order = order(prompt);
    order
        .getJsonArray("messages")
        .add(0, new JsonObject().put("role", "system").put("content", "你是一位船长，说话简短。"));
    String text = text(events(post(GuestHouse.KEY, order.encode())), "content");

    assertTrue(text.codePoints().filter(Character::isIdeographic).count() > 5, text);
    assertTrue(!prompt.equals("你是谁？") || text.startsWith("我是船长。"), text);
    assertTrue(!prompt.equals("嗯") || text.startsWith("作为船长，我听到你说：“嗯”。"), text);
    assertTrue(!prompt.startsWith("番茄") || (text.contains("**") && text.contains("\n1. ")), text);
  }

  @ParameterizedTest
  @CsvSource({
    "Hi there, It's good to hear from you",
    "Tell me a story, lighthouse",
    "Who are you?, I'm a demo model",
    "A recipe please, **three steps**",
    "Show me some code, ```python",
    "Count to 3, '1, 2, 3.'",
    "Bananas?, 'I heard you say: \"Bananas\"'",
  })
  void anEnglishPromptHasAnAnswer(String prompt, String contains) throws Exception {
    String text = text(events(post(GuestHouse.KEY, order(prompt).encode())), "content");

    assertTrue(text.contains(contains), text);
  }

  @Test
  void anAnswerMayBeCutOrWhole() throws Exception {
    List<String> cut =
        events(post(GuestHouse.KEY, order("Tell me a story").put("max_tokens", 4).encode()));
    assertEquals("Once upon a time", text(cut, "content"));

    HttpResponse<String> whole =
        post(GuestHouse.KEY, order("Count to 3").put("stream", false).encode());
    assertEquals(
        "1, 2, 3. That's it!",
        new JsonObject(whole.body())
            .getJsonArray("choices")
            .getJsonObject(0)
            .getJsonObject("message")
            .getString("content"));
  }

  @ParameterizedTest
  @CsvSource({
    "sk-wrong, '{}', 401, invalid_api_key",
    "sk-test, '{', 400, invalid_parameter_error",
    "sk-test, '{}', 400, invalid_parameter_error",
    "sk-test, '{\"model\":\"qwen-plus\"}', 400, invalid_parameter_error",
    "sk-test, '{\"model\":\"qwen-plus\",\"messages\":[]}', 400, invalid_parameter_error",
    "sk-test, '{\"model\":\"x\",\"messages\":[]}', 404, model_not_found",
  })
  void aRefusalIsWordedAsTheVendorDoes(String key, String body, int status, String code)
      throws Exception {
    HttpResponse<String> answer = post(key, body);

    assertEquals(status, answer.statusCode(), answer.body());
    JsonObject json = new JsonObject(answer.body());
    assertEquals(code, json.getJsonObject("error").getString("code"));
    assertNotNull(json.getString("request_id"));
  }

  @Test
  void itMisbehavesWhenTold() throws Exception {
    String any = order("Hello").encode();
    house.faults().add(new Fault.LimitCall("chat/completions"));
    assertEquals(429, post(GuestHouse.KEY, any).statusCode());
    house.faults().add(new Fault.RefuseCall("chat/completions", 503, "internal_error", "no"));
    assertEquals(503, post(GuestHouse.KEY, any).statusCode());
    house.faults().add(new Fault.GarbageCall("chat/completions", "data: what\n\n"));
    assertEquals("data: what\n\n", post(GuestHouse.KEY, any).body());
    house.faults().add(new Fault.CutCall("chat/completions", 900));
    String cut;
    try {
      cut = post(GuestHouse.KEY, any).body();
    } catch (IOException gone) {
      cut = "";
    }
    assertTrue(!cut.contains("[DONE]"), cut);
    assertTrue(house.faults().isEmpty());
  }
}
