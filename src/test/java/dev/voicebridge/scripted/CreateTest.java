package dev.voicebridge.scripted;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.bridge.Patience;
import dev.voicebridge.bridge.SessionLimits;
import dev.voicebridge.llm.ChatService;
import dev.voicebridge.scripted.ChatDouble.Ask;
import dev.voicebridge.upstream.Deadlines;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code response.create}: a language model writes while its words are spoken. */
@Timeout(120)
final class CreateTest {
  private final ChatDouble model = new ChatDouble();
  private TestBridge bridge = bridgeWith(model.service(), Deadlines.DEFAULTS);
  private Script script = bridge.script;

  private static TestBridge bridgeWith(@Nullable ChatService chat, Deadlines deadlines) {
    return new TestBridge(Patience.DEFAULTS, deadlines, List.of(), chat);
  }

  private void bridge(@Nullable ChatService chat) {
    bridge(chat, Deadlines.DEFAULTS);
  }

  private void bridge(@Nullable ChatService chat, Deadlines deadlines) {
    bridge.close();
    bridge = bridgeWith(chat, deadlines);
    script = bridge.script;
  }

  @AfterEach
  void close() {
    bridge.close();
    model.close();
  }

  private static JsonObject create(String input) {
    return new JsonObject()
        .put("type", "response.create")
        .put("response", new JsonObject().put("input", input));
  }

  private static String queued(RecordingClient client) {
    return client.expect("response.queued").getString("response_id");
  }

  private static String textOf(List<JsonObject> events, String id) {
    return events.stream()
        .filter(event -> event.getString("type").equals("response.text.delta"))
        .filter(event -> event.getString("response_id").equals(id))
        .map(event -> event.getString("delta"))
        .collect(Collectors.joining());
  }

  private byte[] spokenAudio() {
    return join(
        bridge.upstream.utterances.stream().map(ScriptedUpstream.Utterance::audio).toList());
  }

  private static byte[] join(List<byte[]> parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    parts.forEach(all::writeBytes);
    return all.toByteArray();
  }

  private String spokenText() {
    return bridge.upstream.utterances.stream().map(each -> each.text).collect(Collectors.joining());
  }

  @ParameterizedTest
  @EnumSource
  void whatTheModelWritesIsOneResponse(Manner manner) {
    for (Door door : Door.values()) {
      bridge(model.service());
      RecordingClient client = manner.open(bridge, door);
      model.next(ask -> ask.say("", "从前", "有座山。", "山里", "有个庙。", "庙里有", "个老和尚。").done());
      client.say(create("讲个故事"));

      JsonObject first = client.expect("response.queued");
      assertEquals(0, first.getInteger("place"));
      String id = first.getString("response_id");
      Spoken spoken = client.completed();

      assertEquals(id, spoken.id());
      assertEquals(id, spoken.created().getString("id"));
      String whole = "从前有座山。山里有个庙。庙里有个老和尚。";
      assertEquals(whole, textOf(spoken.others(), id));
      assertEquals(
          List.of(whole),
          spoken.others().stream()
              .filter(event -> event.getString("type").equals("response.text.done"))
              .map(event -> event.getString("text"))
              .toList());
      assertEquals(whole, spokenText());
      assertArrayEquals(spokenAudio(), spoken.audio());
      JsonObject usage = spoken.done().getJsonObject("usage");
      assertEquals(7, usage.getInteger("input_tokens"));
      assertEquals(5, usage.getInteger("output_tokens"));
      assertTrue(usage.getInteger("characters") >= whole.length(), usage.encode());
      assertTrue(usage.getLong("audio_ms") > 0);
      JsonObject timings = spoken.done().getJsonObject("timings");
      assertTrue(
          timings.getLong("first_token_ms") <= timings.getLong("first_audio_ms"), timings.encode());
      client.expectNothingMore();
    }
  }

  @Test
  void thePromptIsSentAsItCame() {
    RecordingClient client = bridge.open(TestBridge.QWEN);
    client.say(
        new JsonObject()
            .put("type", "response.create")
            .put(
                "response",
                new JsonObject()
                    .put("instructions", "你是船长。")
                    .put("model", "qw-big")
                    .put("temperature", 0)
                    .put("max_output_tokens", 99)
                    .put(
                        "messages",
                        new JsonArray()
                            .add(message("developer", "短"))
                            .add(message("user", "你好"))
                            .add(message("assistant", "嗯"))
                            .add(
                                new JsonObject()
                                    .put("role", "user")
                                    .put(
                                        "content",
                                        new JsonArray()
                                            .add(part("text", "几"))
                                            .add(part("input_text", "点？")))))));
    queued(client);
    client.completed();

    JsonObject asked = model.ask(0).body;
    assertEquals(
        new JsonArray()
            .add(message("system", "你是船长。"))
            .add(message("system", "短"))
            .add(message("user", "你好"))
            .add(message("assistant", "嗯"))
            .add(message("user", "几点？")),
        asked.getJsonArray("messages"));
    assertEquals("qw-big", asked.getString("model"));
    assertEquals(0, asked.getDouble("temperature"));
    assertEquals(99, asked.getInteger("max_tokens"));
    assertFalse(asked.containsKey("enable_thinking"));
  }

  private static JsonObject message(String role, String content) {
    return new JsonObject().put("role", role).put("content", content);
  }

  private static JsonObject part(String type, String text) {
    return new JsonObject().put("type", type).put("text", text);
  }

  @ParameterizedTest
  @CsvSource({
    "'{}', response.messages",
    "'{\"input\":\"\"}', response.input",
    "'{\"messages\":[]}', response.messages",
    "'{\"messages\":[7]}', response.messages[0]",
    "'{\"messages\":[{\"role\":\"tool\",\"content\":\"x\"}]}', response.messages[0].role",
    "'{\"messages\":[{\"role\":\"user\"}]}', response.messages[0].content",
    "'{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}]}',"
        + " response.messages[0].content",
    "'{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"input\":\"x\"}', response.input",
    "'{\"input\":\"x\",\"instructions\":3}', response.instructions",
    "'{\"input\":\"x\",\"model\":3}', response.model",
    "'{\"input\":\"x\",\"temperature\":\"hot\"}', response.temperature",
    "'{\"input\":\"x\",\"max_output_tokens\":0}', response.max_output_tokens",
  })
  void aMistakeNamesItsField(String response, String param) {
    RecordingClient client = bridge.open(TestBridge.QWEN);
    client.say(
        new JsonObject().put("type", "response.create").put("response", new JsonObject(response)));

    assertEquals(param, client.expectError("invalid_value").getString("param"));
    assertEquals(0, model.asks.size());
    client.expectNothingMore();
  }

  @Test
  void withoutALanguageModelTheHintNamesTheSettings() {
    for (ChatService none :
        new ChatService[] {null, new ChatService("http://127.0.0.1:1/v1", "", "m", true)}) {
      bridge(none);
      RecordingClient client = bridge.open(TestBridge.QWEN);
      JsonObject error = client.say(create("你好")).expectError("llm_not_configured");

      assertTrue(error.getString("hint").contains("LLM_BASE_URL"), error.encode());
      assertEquals("invalid_request_error", error.getString("type"));
      assertArrayEquals(bridge.upstream.audioOf("好"), committed(client, "好").completed().audio());
    }
  }

  private static RecordingClient committed(RecordingClient client, String text) {
    client.update("mode", "commit").expect("session.updated");
    client.commit(text);
    client.committed();
    return client;
  }

  @Test
  void aVisitorsKeyPaysOnlyWhereItBelongs() {
    for (boolean vendors : new boolean[] {false, true}) {
      bridge(model.service(vendors));
      RecordingClient client = bridge.open(TestBridge.QWEN);
      client.say(
          new JsonObject().put("type", "session.authenticate").put("provider_key", "sk-visitor"));
      client.expect("session.updated");
      client.say(create("你好"));
      if (vendors) {
        queued(client);
        client.completed();
        assertEquals("Bearer sk-visitor", model.ask(0).header("authorization"));
        assertTrue(bridge.upstream.authorizations.contains("Bearer sk-visitor"));
      } else {
        client.expectError("llm_not_configured");
        assertEquals(0, model.asks.size());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCancelAtAnyMomentStopsModelAndVoice(Manner manner) {
    RecordingClient client = manner.open(bridge, Door.BINARY);
    Random random = new Random(manner.name().hashCode());
    script.paceMs = 1;
    for (int round = 0; round < 8; round++) {
      script.audioBytes = text -> 200_000;
      int asked = model.asks.size();
      boolean silent = round % 4 == 0;
      int paceMs = 1 + random.nextInt(3);
      model.next(
          ask -> {
            if (!silent) {
              ask.endless(paceMs, "长篇大论。");
            }
          });
      client.say(create("说"));
      String id = queued(client);
      Ask ask = model.ask(asked);
      switch (round % 4) {
        case 1 -> client.await("response.text.delta");
        case 2 -> client.await("response.created");
        case 3 -> {
          for (int i = random.nextInt(12); i >= 0; i--) {
            client.awaitAudio();
          }
        }
        default -> {}
      }

      long said = System.nanoTime();
      if (random.nextBoolean()) {
        client.cancel();
      } else {
        client.cancel(id);
      }
      Spoken cancelled = client.spoken();

      assertEquals(id, cancelled.id());
      assertEquals("cancelled", cancelled.status());
      Eventually.holds("the model hears of it", () -> ask.closedNanos != 0);
      AtOnce.followed(said, ask.closedNanos);
      client.cancel(id).expectError("response_not_active");
      for (ScriptedUpstream.Utterance dead : bridge.upstream.utterances) {
        Eventually.holds(
            "the service hears of it", () -> dead.ended || dead.connection.closedNanos != 0);
      }
    }
    script.audioBytes = text -> 3_000;
    client.say(create("最后"));
    String last = queued(client);
    assertEquals(last, client.completed().id());
    client.expectNothingMore();
    assertEquals(8, bridge.metric("voicebridge_llm_requests_total{outcome=\"cancelled\""));
    assertEquals(1, bridge.metric("voicebridge_llm_requests_total{outcome=\"completed\""));
    assertEquals(7, bridge.metric("voicebridge_llm_tokens_total{direction=\"input\""));
  }

  @Test
  void aLostClientStopsTheModel() {
    model.next(ask -> ask.endless(1, "长篇大论。"));
    RecordingClient client = bridge.open(TestBridge.COSYVOICE);
    client.say(create("说"));
    client.await("response.text.delta");
    long said = System.nanoTime();
    client.socket.close();

    Eventually.holds("the model hears of it", () -> model.ask(0).closedNanos != 0);
    AtOnce.followed(said, model.ask(0).closedNanos);
  }

  @ParameterizedTest
  @EnumSource
  void aFailureOfTheModelFailsTheResponseAndTheSessionGoesOn(Manner manner) {
    RecordingClient client = manner.open(bridge, Door.BINARY);
    model.next(
        ask -> ask.answer(404, "application/json", "{\"error\":{\"code\":\"model_not_found\"}}"));
    client.say(create("一"));
    String first = queued(client);
    JsonObject error = client.expectError("llm_error");
    assertEquals("model_not_found", error.getString("upstream_code"));
    assertEquals("upstream_error", error.getString("type"));
    Spoken failed = client.spoken();
    assertEquals(first, failed.id());
    assertEquals("failed", failed.status());

    script.audioBytes = text -> 5_000_000;
    script.paceMs = 1;
    model.next(
        ask -> {
          ask.say("第一句话。", "第二句话。", "第三");
          // Once something is heard.
          ask.vertx.setPeriodic(
              5,
              timer -> {
                if (client.audioBytes.get() > 0) {
                  ask.vertx.cancelTimer(timer);
                  ask.raw("data: {\"error\":{\"code\":\"data_inspection_failed\"}}\n\n");
                }
              });
        });
    client.say(create("二"));
    String second = queued(client);
    Spoken broken = client.spoken();
    assertEquals(second, broken.id());
    assertEquals("failed", broken.status());
    JsonObject why =
        broken.others().stream()
            .filter(event -> event.getString("type").equals("error"))
            .findFirst()
            .orElseThrow()
            .getJsonObject("error");
    assertEquals("data_inspection_failed", why.getString("upstream_code"));
    assertEquals(
        "第一句话。第二句话。第三",
        broken.done().getString("spoken_text") + broken.done().getString("unspoken_text"));

    script.audioBytes = text -> 3_000;
    script.paceMs = 0;
    client.say(create("三"));
    assertEquals(queued(client), client.completed().id());
    client.expectNothingMore();
    assertEquals(2, bridge.metric("voicebridge_llm_requests_total{outcome=\"failed\""));
  }

  @Test
  void aFailureOfTheVoiceStopsTheModel() {
    script.next(new Fault.Says(0, "Odd", "no"));
    model.next(ask -> ask.endless(5, "长篇大论。"));
    RecordingClient client = bridge.open(TestBridge.COSYVOICE);
    client.say(create("说"));
    String id = queued(client);
    Spoken failed = client.spoken();

    assertEquals(id, failed.id());
    assertEquals("failed", failed.status());
    Eventually.holds("the model hears of it", () -> model.ask(0).closedNanos != 0);
    client.expectNothingMore();
  }

  @Test
  void anAnswerWithoutTextIsAFailureAndOneWithoutLettersAShortSilence() {
    RecordingClient client = bridge.open(TestBridge.QWEN);
    model.next(ask -> ask.say("").done(), ask -> ask.say("……", "👍").done());
    client.say(create("一"));
    queued(client);
    client.expectError("llm_error");
    assertEquals("failed", client.spoken().status());

    client.say(create("二"));
    String id = queued(client);
    Spoken silence = client.completed();
    assertEquals("……👍", textOf(silence.others(), id));
    assertEquals(200, silence.done().getJsonObject("usage").getInteger("audio_ms"));
    assertEquals(5, silence.done().getJsonObject("usage").getInteger("output_tokens"));
    assertEquals(0, bridge.upstream.utterances.size());
  }

  @ParameterizedTest
  @EnumSource
  void whatIsAskedMeanwhileWaitsAndTheModelWritesForOneAtATime(Manner manner) {
    RecordingClient client = manner.open(bridge, Door.BINARY);
    script.paceMs = 5;
    List<Ask> open = new CopyOnWriteArrayList<>();
    model.next(
        ask -> {
          ask.say("第一个回答。");
          open.add(ask);
        });
    client.say(create("一"));
    String first = queued(client);
    // That it is queued says nothing of the request to the model, which is still on its way.
    Eventually.holds("the model writes", () -> !open.isEmpty());
    client.commit("中间");
    String middle = client.committed().getString("response_id");
    assertEquals(1, client.await("response.queued").getInteger("place"));
    client.say(create("二"));
    JsonObject second = client.await("response.queued");
    client.say(create("三"));
    JsonObject third = client.await("response.queued");
    assertEquals(2, second.getInteger("place"));
    assertEquals(3, third.getInteger("place"));
    assertNotEquals(second.getString("response_id"), third.getString("response_id"));
    Eventually.holds("the model is asked", () -> !model.asks.isEmpty());
    assertEquals(1, model.asks.size(), () -> client.raw.toString());

    open.get(0).done();
    List<String> ended = IntStream.range(0, 4).mapToObj(i -> client.completed().id()).toList();

    assertEquals(
        List.of(first, middle, second.getString("response_id"), third.getString("response_id")),
        ended);
    assertEquals(
        List.of("一", "二", "三"),
        model.asks.stream()
            .map(ask -> ask.body.getJsonArray("messages").getJsonObject(0).getString("content"))
            .toList());
    client.expectNothingMore();
  }

  @Test
  void theQueueHasABound() {
    bridge.limits = limits(20_000, 300, 2, Duration.ofSeconds(30));
    model.next(ask -> ask.say("嗯"), ask -> {});
    RecordingClient client = bridge.open(TestBridge.QWEN);
    client.say(create("一"));
    String first = queued(client);
    client.await("response.text.delta");
    client.say(create("二".repeat(301))).expectError("queue_full");
    client.say(create("二"));
    String second = client.await("response.queued").getString("response_id");
    client.say(create("三")).expectError("queue_full");

    client.cancel(second);
    assertEquals(second, client.spoken().id());
    assertEquals(1, model.asks.size());
    client.cancel(first);
    assertEquals(first, client.spoken().id());
    client.expectNothingMore();
  }

  @Test
  void anAnswerIsNoLongerThanAResponseMayBe() {
    bridge.limits = limits(10, 100_000, 64, Duration.ofSeconds(30));
    model.next(ask -> ask.endless(1, "一二三😀四五"));
    RecordingClient client = bridge.open(TestBridge.COSYVOICE);
    client.say(create("说"));
    String id = queued(client);
    Spoken spoken = client.spoken();

    assertEquals("incomplete", spoken.status());
    assertEquals(
        "max_text_chars", spoken.done().getJsonObject("status_details").getString("reason"));
    assertEquals("一二三😀四五一二三", textOf(spoken.others(), id));
    assertArrayEquals(spokenAudio(), spoken.audio());
    Eventually.holds("the model is stopped", () -> model.ask(0).closedNanos != 0);
  }

  @ParameterizedTest
  @CsvSource({"length, max_output_tokens", "content_filter, content_filter"})
  void aModelThatIsCutShortIsIncomplete(String finish, String reason) {
    model.next(
        ask -> ask.say("话说到一半").raw(Ask.data(new JsonObject(), finish) + "data: [DONE]\n\n").end());
    RecordingClient client = bridge.open(TestBridge.QWEN);
    client.say(create("说"));
    queued(client);
    Spoken spoken = client.spoken();

    assertEquals("incomplete", spoken.status());
    assertEquals(reason, spoken.done().getJsonObject("status_details").getString("reason"));
    assertArrayEquals(spokenAudio(), spoken.audio());
  }

  @Test
  void aModelThatPausesLongerThanTheServiceWaitsIsStillOneResponse() {
    bridge(model.service(), TestBridge.SHORT);
    model.next(
        ask -> {
          ask.say("第一部分说完了。");
          ask.vertx.setTimer(800, due -> ask.say("第二部分，", "也说完了。").done());
        });
    RecordingClient client = bridge.open(TestBridge.COSYVOICE);
    client.update("word_timestamps", true).expect("session.updated");
    client.say(create("说"));
    String id = queued(client);
    Spoken spoken = client.completed();

    assertEquals(id, spoken.id());
    String whole = "第一部分说完了。第二部分，也说完了。";
    assertEquals(whole, textOf(spoken.others(), id));
    assertEquals(2, bridge.upstream.utterances.size());
    assertEquals(whole, spokenText());
    assertArrayEquals(spokenAudio(), spoken.audio());
    int at = 0;
    for (JsonObject word : spoken.words()) {
      assertEquals(
          word.getString("text"),
          whole.substring(word.getInteger("begin_index"), word.getInteger("end_index")));
      assertTrue(word.getInteger("begin_index") >= at, word.encode());
      at = word.getInteger("end_index");
      if (at > 8) {
        // In the second part, whose times count from its own beginning.
        long firstMs = bridge.upstream.utterance(0).produced.get() * 500 / 22_050;
        assertTrue(word.getInteger("begin_ms") >= firstMs, word.encode());
      }
    }
    assertTrue(at > 10, "words up to " + at);
    client.expectNothingMore();
  }

  @Test
  void aServiceThatEndsItsPartLastEndsTheResponse() {
    bridge(model.service(), TestBridge.SHORT);
    model.next(
        ask -> {
          ask.say("都说完了。");
          ask.vertx.setTimer(800, due -> ask.done());
        });
    RecordingClient client = bridge.open(TestBridge.COSYVOICE);
    client.say(create("说"));
    queued(client);

    byte[] heard = client.completed().audio();
    assertArrayEquals(spokenAudio(), heard);
    client.say(create("再说"));
    queued(client);
    client.completed();
    client.expectNothingMore();
  }

  @Test
  void whatWasAppendedBeforeIsSpokenBefore() {
    RecordingClient client = bridge.open(TestBridge.COSYVOICE);
    client.append("先说这个。");
    client.say(create("再说"));
    String id = client.await("response.queued").getString("response_id");
    Spoken before = client.completed();
    Spoken after = client.completed();

    assertNotEquals(id, before.id());
    assertEquals(id, after.id());
    assertEquals(List.of("先说这个。", "好的。"), List.of(spokenTexts()));
    client.append("最后这个。").finish();
    client.completed();
    client.expect("session.finished");
  }

  private String[] spokenTexts() {
    return bridge.upstream.utterances.stream().map(each -> each.text).toArray(String[]::new);
  }

  @Test
  void aFinishWaitsForTheModel() {
    model.next(
        ask -> {
          ask.say("慢慢说。");
          ask.vertx.setTimer(300, due -> ask.say("说完了。").done());
        });
    RecordingClient client = bridge.open(TestBridge.QWEN);
    client.say(create("说")).finish();
    queued(client);
    client.completed();
    client.expect("session.finished");
    assertEquals("慢慢说。说完了。", spokenText());
  }

  @Test
  void aStalledListenerHoldsTheModelBack() {
    script.audioBytes = text -> 2_000;
    bridge.limits = limits(50_000_000, 50_000_000, 64, Duration.ofSeconds(30));
    model.next(ask -> ask.endless(1, "字".repeat(4_000)));
    RecordingClient client = bridge.open(TestBridge.QWEN);
    client.say(create("说"));
    client.await("response.text.delta");
    client.socket.pause();
    Eventually.holds("the model is held back", 40_000, () -> model.ask(0).held);

    client.socket.resume();

    Eventually.holds("the model goes on", 40_000, () -> !model.ask(0).held);
    client.cancel();
    assertEquals("cancelled", client.spoken().status());
  }

  private static SessionLimits limits(int textChars, int queuedChars, int queued, Duration lead) {
    SessionLimits all = SessionLimits.DEFAULTS;
    return new SessionLimits(
        all.maxMessageBytes(),
        textChars,
        queuedChars,
        queued,
        lead,
        all.idle(),
        all.maxAge(),
        all.slowReader(),
        all.maxMessagesPerSecond());
  }

  @Test
  void aServiceThatLeavesWhileItIsHeldBackLosesNothing() {
    bridge.limits = limits(20_000, 100_000, 64, Duration.ofMillis(500));
    script.audioBytes = text -> 120_001;
    script.closesAfterFinished = true;
    for (String each : new String[] {"说", "再说"}) {
      RecordingClient client = bridge.open(TestBridge.QWEN);
      client.say(create(each));
      queued(client);
      int before = bridge.upstream.utterances.size();
      Spoken spoken = client.completed();
      assertEquals(120_000, spoken.audio().length, "after " + before);
    }
  }
}
