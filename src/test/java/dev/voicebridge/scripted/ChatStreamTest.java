package dev.voicebridge.scripted;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.llm.ChatClient;
import dev.voicebridge.llm.ChatDeadlines;
import dev.voicebridge.llm.ChatEnd;
import dev.voicebridge.llm.ChatException;
import dev.voicebridge.llm.ChatException.Kind;
import dev.voicebridge.llm.ChatListener;
import dev.voicebridge.llm.ChatMessage;
import dev.voicebridge.llm.ChatOrder;
import dev.voicebridge.llm.ChatService;
import dev.voicebridge.llm.ChatStream;
import dev.voicebridge.scripted.ChatDouble.Ask;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The chat client in front of a service that answers well or badly. */
@Timeout(60)
final class ChatStreamTest {
  private static final ChatDeadlines SHORT =
      new ChatDeadlines(
          Duration.ofMillis(4_000),
          Duration.ofMillis(1_500),
          Duration.ofMillis(600),
          Duration.ofMillis(2_000));

  private final ChatDouble service = new ChatDouble();
  private final Vertx vertx = Vertx.vertx();
  private final Context loop = vertx.getOrCreateContext();

  @AfterEach
  void close() {
    ScriptedUpstream.within(vertx.close());
    service.close();
  }

  /** What was heard of one answer. */
  private static final class Ear implements ChatListener {
    private final StringBuilder text = new StringBuilder();
    private final AtomicInteger ends = new AtomicInteger();
    private final CompletableFuture<ChatEnd> end = new CompletableFuture<>();
    private final CompletableFuture<String> first = new CompletableFuture<>();

    @Override
    public void onText(String delta) {
      if (delta.isEmpty() || ends.get() > 0) {
        end.completeExceptionally(new AssertionError("text that must not come: " + delta));
      }
      text.append(delta);
      first.complete(delta);
    }

    @Override
    public void onDone(ChatEnd how) {
      ends.incrementAndGet();
      end.complete(how);
    }

    @Override
    public void onFailed(ChatException cause) {
      ends.incrementAndGet();
      end.completeExceptionally(cause);
    }

    ChatEnd done() {
      try {
        return end.get(20, TimeUnit.SECONDS);
      } catch (Exception failed) {
        throw new AssertionError(text.toString(), failed);
      }
    }

    ChatException failure() {
      Exception failed = assertThrows(Exception.class, () -> end.get(20, TimeUnit.SECONDS));
      if (failed.getCause() instanceof ChatException cause) {
        return cause;
      }
      throw new AssertionError(failed);
    }
  }

  private static ChatOrder order() {
    return new ChatOrder(List.of(new ChatMessage("user", "你好")), "", null, null);
  }

  private ChatStream open(ChatClient client, ChatOrder order, @Nullable String key, Ear ear) {
    CompletableFuture<ChatStream> opened = new CompletableFuture<>();
    loop.runOnContext(v -> opened.complete(client.open(order, key, ear)));
    return opened.join();
  }

  private Ear ask(ChatDouble.Answer... answers) {
    service.next(answers);
    Ear ear = new Ear();
    open(new ChatClient(vertx, service.service(), SHORT), order(), null, ear);
    return ear;
  }

  @Test
  void theRequestSaysWhatWasOrderedAndNothingElse() {
    Ear ear = new Ear();
    ChatClient client = new ChatClient(vertx, service.service(), SHORT);
    open(
        client,
        new ChatOrder(
            List.of(new ChatMessage("system", "短"), new ChatMessage("user", "你好")),
            "other",
            0.5,
            40),
        null,
        ear);
    ear.done();

    Ask ask = service.ask(0);
    assertTrue(ask.head.startsWith("POST /v1/chat/completions HTTP/1.1"), ask.head);
    assertEquals("Bearer " + ChatDouble.KEY, ask.header("authorization"));
    assertEquals("application/json", ask.header("content-type"));
    assertEquals(
        new JsonObject()
            .put("model", "other")
            .put(
                "messages",
                new JsonArray()
                    .add(new JsonObject().put("role", "system").put("content", "短"))
                    .add(new JsonObject().put("role", "user").put("content", "你好")))
            .put("stream", true)
            .put("stream_options", new JsonObject().put("include_usage", true))
            .put("temperature", 0.5)
            .put("max_tokens", 40),
        ask.body);
  }

  @Test
  void theVendorIsToldNotToThinkAndAVisitorPaysForHimself() {
    Ear ear = new Ear();
    open(new ChatClient(vertx, service.service(true), SHORT), order(), "sk-visitor", ear);
    ear.done();

    Ask ask = service.ask(0);
    assertEquals(false, ask.body.getBoolean("enable_thinking"));
    assertEquals(ChatDouble.MODEL, ask.body.getString("model"));
    assertEquals("Bearer sk-visitor", ask.header("authorization"));
  }

  @Test
  void nobodyPaysForAnother() {
    ChatClient own = new ChatClient(vertx, service.service(), SHORT);
    ChatClient vendors = new ChatClient(vertx, service.service(true), SHORT);
    ChatClient keyless =
        new ChatClient(vertx, new ChatService("http://127.0.0.1:1/v1", "", "m", true), SHORT);

    own.admit(null, false);
    own.admit(null, true);
    vendors.admit("sk-visitor", true);
    keyless.admit("sk-visitor", true);

    for (Runnable refused :
        List.<Runnable>of(
            () -> own.admit("sk-visitor", true),
            () -> vendors.admit("sk-visitor", false),
            () -> keyless.admit(null, true))) {
      ChatException why = assertThrows(ChatException.class, refused::run);
      assertEquals(Kind.NOT_CONFIGURED, why.kind());
      assertNotNull(why.hint());
    }
  }

  /** An answer with everything that the reference knows of. */
  private static String everything() {
    return ": keep-alive\n\n"
        + Ask.data(new JsonObject().put("content", "").put("role", "assistant"), null)
        + Ask.data(new JsonObject().putNull("content").put("reasoning_content", "想想。"), null)
        + Ask.data(new JsonObject().put("reasoning_content", "再想想。"), null)
        + Ask.token("你").replace("\n\n", "\r\n\r\n")
        + Ask.data(new JsonObject().putNull("role").put("content", "好，"), null)
        + Ask.data(new JsonObject(), null)
        + "data: {\"choices\":[{\"delta\":null,\"index\":0}],\"odd\":{\"a\":[1]}}\n\n"
        + "data: {\"choices\":null}\n\n"
        + "event: message\nid: 3\nretry: 10\ndata:"
        + Ask.token("世界😀").substring(5)
        + ":\n\n"
        + Ask.token("\"引号\\\n")
        + Ask.data(new JsonObject().put("content", ""), "stop")
        + Ask.usage(22, 17)
        + "data: [DONE]\n\n";
  }

  @Test
  void theTextIsTheSameHoweverItIsCut() {
    for (int seed = 0; seed < 30; seed++) {
      Random random = new Random(seed);
      Ear ear = ask(ask -> ask.cut(everything(), random).end());

      ChatEnd end = ear.done();

      assertEquals("你好，世界😀\"引号\\\n", ear.text.toString());
      assertEquals(new ChatEnd("stop", 22, 17), end);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<think>I wonder</think>Hello, |<b>|Hello, <b>",
        "<think>|</think>Hello|Hello",
        "  \\n<thi|nk>a < b </th|ink>\\n\\n|Hello|Hello",
        "<thin|g> is it|<thing> is it",
        "<|<",
      })
  void whatAModelThinksAloudIsNotSpoken(String line) {
    // The last part is what is to be heard.
    String whole = line.replace("\\n", "\n");
    int last = whole.lastIndexOf('|');
    String[] tokens = whole.substring(0, last).split("\\|", -1);
    String heard = whole.substring(last + 1);

    Ear ear = ask(ask -> ask.say(tokens).done());
    ear.done();

    assertEquals(heard, ear.text.toString());
  }

  @Test
  void anEndWithoutDoneIsAnError() {
    assertEquals(
        Kind.CLOSED,
        ask(ask -> ask.say("半句").raw(Ask.data(new JsonObject(), "stop")).end()).failure().kind());
  }

  @Test
  void aCutConnectionIsAnErrorAndNotAskedAgain() {
    Ear ear = ask(ask -> ask.say("半句").hangUp());

    assertEquals(Kind.CLOSED, ear.failure().kind());
    assertEquals("半句", ear.text.toString());
    assertEquals(1, service.asks.size());
  }

  static Stream<Arguments> errorsInMidStream() {
    return Stream.of(
        Arguments.of(
            "{\"error\":{\"message\":\"Output data may contain inappropriate content.\",\"type\":"
                + "\"data_inspection_failed\",\"code\":\"data_inspection_failed\"},\"request_id\":\"1\"}",
            Kind.SERVICE,
            "data_inspection_failed"),
        Arguments.of(
            "{\"choices\":[],\"error\":{\"code\":\"limit_requests\",\"message\":\"slower\"}}",
            Kind.RATE_LIMITED,
            "limit_requests"),
        Arguments.of(
            "{\"code\":\"Arrearage\",\"message\":\"pay first\",\"request_id\":\"1\"}",
            Kind.REFUSED,
            "Arrearage"),
        Arguments.of("{\"error\":\"out of memory\"}", Kind.SERVICE, null),
        Arguments.of("[1,2]", Kind.GARBAGE, null),
        Arguments.of("{\"choices\":[", Kind.GARBAGE, null));
  }

  @ParameterizedTest
  @MethodSource("errorsInMidStream")
  void anErrorInMidStreamEndsIt(String chunk, Kind kind, @Nullable String code) {
    Ear ear = ask(ask -> ask.say("半句").raw("data: " + chunk + "\n\n").say("没人听").done());

    ChatException why = ear.failure();

    assertEquals(kind, why.kind());
    assertEquals(code, why.vendorCode());
    assertEquals("半句", ear.text.toString());
    Eventually.holds("the connection is closed", () -> service.ask(0).closedNanos != 0);
  }

  @ParameterizedTest
  @CsvSource({
    "401, invalid_api_key, REFUSED, 1",
    "403, AccessDenied.Unpurchased, REFUSED, 1",
    "400, Arrearage, REFUSED, 1",
    "404, model_not_found, SERVICE, 1",
    "400, data_inspection_failed, SERVICE, 1",
    "429, limit_requests, RATE_LIMITED, 2",
    "500, internal_error, SERVICE, 2",
    "503, , SERVICE, 2",
  })
  void aRefusalIsToldWithItsCodeAndWithoutTheKey(
      int status, @Nullable String code, Kind kind, int asked) {
    ChatDouble.Answer refusal =
        ask ->
            ask.answer(
                status,
                "application/json",
                code == null
                    ? ""
                    : new JsonObject()
                        .put(
                            "error",
                            new JsonObject()
                                .put("message", "no, " + ChatDouble.KEY + " is not liked")
                                .put("code", code))
                        .encode());

    ChatException why = ask(refusal, refusal).failure();

    assertEquals(kind, why.kind());
    assertEquals(code, why.vendorCode());
    assertFalse(why.text().contains(ChatDouble.KEY), why.text());
    assertTrue(code == null || why.text().contains("is not liked"), why.text());
    assertEquals(asked, service.asks.size());
  }

  @Test
  void tooManyOnceIsAskedAgain() {
    Ear ear =
        ask(
            ask -> ask.answer(429, "application/json", "{}", "Retry-After: 1\r\n"),
            ask -> ask.say("好").done());

    ear.done();
    assertEquals("好", ear.text.toString());
    assertEquals(
        Kind.RATE_LIMITED,
        ask(ask -> ask.answer(429, "application/json", "{}", "Retry-After: 60\r\n"))
            .failure()
            .kind());
    assertEquals(3, service.asks.size());
  }

  @Test
  void aConnectionThatWasGoneIsTriedOnceMore() {
    Ear ear = ask(Ask::hangUp, ask -> ask.say("好").done());

    ear.done();
    assertEquals("好", ear.text.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"choices\":[{\"message\":{\"content\":\"not streamed\"}}]}",
        "{\"error\":{\"message\":\"no\"}}",
        "",
      })
  void anAnswerThatIsNoStreamIsAnError(String body) {
    ChatException why = ask(ask -> ask.answer(200, "application/json", body)).failure();

    assertEquals(body.contains("error") ? Kind.SERVICE : Kind.GARBAGE, why.kind());
  }

  @Test
  void anEventWithoutEndIsNotKept() {
    String endless = "x".repeat(70_000);
    assertEquals(
        Kind.GARBAGE,
        ask(ask -> ask.raw("data: ").raw(endless).raw(endless).raw(endless).raw(endless))
            .failure()
            .kind());
  }

  @Test
  void silenceHasADeadlineEverywhere() {
    assertEquals(Kind.TIMEOUT, ask(ask -> {}).failure().kind());
    assertEquals(Kind.TIMEOUT, ask(ask -> ask.raw("")).failure().kind());
    assertEquals(Kind.TIMEOUT, ask(ask -> ask.say("半句")).failure().kind());
    Eventually.holds(
        "every connection is closed",
        () -> service.asks.stream().allMatch(ask -> ask.closedNanos != 0));
  }

  @Test
  void keepAlivesAreASignButNotForever() {
    Ear ear =
        ask(
            ask ->
                ask.vertx.setPeriodic(
                    100,
                    timer -> {
                      if (ask.closedNanos == 0) {
                        ask.raw(": ping\n\n");
                      }
                    }));

    ChatException why = ear.failure();

    assertEquals(Kind.TIMEOUT, why.kind());
    assertTrue(why.text().contains("did not end"), why.text());
  }

  @Test
  void stopClosesTheConnectionAndNothingFollows() throws Exception {
    service.next(ask -> ask.endless(1, "字"));
    Ear ear = new Ear();
    ChatStream stream = open(new ChatClient(vertx, service.service(), SHORT), order(), null, ear);
    ear.first.get(10, TimeUnit.SECONDS);

    CompletableFuture<Integer> atStop = new CompletableFuture<>();
    loop.runOnContext(
        v -> {
          stream.stop();
          stream.stop();
          atStop.complete(ear.text.length());
        });
    long stopped = System.nanoTime();
    int heard = atStop.join();

    Eventually.holds("the model hears of it", () -> service.ask(0).closedNanos != 0);
    AtOnce.followed(stopped, service.ask(0).closedNanos);
    assertEquals(heard, ear.text.length());
    assertEquals(0, ear.ends.get());
  }

  @Test
  void aPauseHoldsTheTextBackAndIsNoSilence() throws Exception {
    service.next(
        ask -> {
          ask.say("一");
          ask.vertx.setTimer(50, due -> ask.say("二").done());
        });
    Ear ear = new Ear();
    ChatStream stream = open(new ChatClient(vertx, service.service(), SHORT), order(), null, ear);
    ear.first.get(10, TimeUnit.SECONDS);
    loop.runOnContext(v -> stream.pause());

    CompletableFuture<Integer> later = new CompletableFuture<>();
    vertx.setTimer(1_000, due -> later.complete(ear.ends.get()));
    assertEquals(0, later.get(10, TimeUnit.SECONDS));
    assertEquals("一", ear.text.toString());
    loop.runOnContext(v -> stream.resume());

    assertEquals("stop", ear.done().finishReason());
    assertEquals("一二", ear.text.toString());
  }

  @Test
  void aConnectionServesManyAnswers() {
    ChatClient client = new ChatClient(vertx, service.service(), SHORT);
    for (int i = 0; i < 3; i++) {
      Ear ear = new Ear();
      open(client, order(), null, ear);
      ear.done();
    }
    assertNull(service.asks.stream().filter(ask -> ask.closedNanos != 0).findFirst().orElse(null));
  }

  @Test
  void whoCannotBeReachedIsToldSo() {
    Ear ear = new Ear();
    open(
        new ChatClient(vertx, new ChatService("http://127.0.0.1:1/v1", "", "m", false), SHORT),
        order(),
        null,
        ear);

    assertEquals(Kind.UNREACHABLE, ear.failure().kind());
  }
}
