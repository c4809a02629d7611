package dev.voicebridge.scripted;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.audio.AudioFormat;
import dev.voicebridge.audio.Decoded;
import dev.voicebridge.bridge.CloseCode;
import dev.voicebridge.bridge.CustomVoice;
import dev.voicebridge.bridge.Patience;
import dev.voicebridge.bridge.SessionLimits;
import dev.voicebridge.bridge.TaskPatience;
import dev.voicebridge.scripted.Heard.Closed;
import dev.voicebridge.scripted.TaskClient.Task;
import dev.voicebridge.upstream.Deadlines;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The door for tasks, word for word. */
class InferenceTest {
  private static final String LEAKY = "Invalid key " + ScriptedUpstream.KEY + " for you";
  private static final String SENTENCES = "明天开会。记得带电脑";

  /** Looks at the clock often, and waits for services as long as one should. */
  private static final Patience WATCHFUL =
      new Patience(
          Patience.DEFAULTS.authentication(),
          Patience.DEFAULTS.progress(),
          Patience.DEFAULTS.openProgress(),
          Patience.DEFAULTS.idleLane(),
          Duration.ofMillis(50),
          Duration.ofMillis(300),
          Duration.ofMillis(20));

  @AutoClose private final TestBridge bridge = new TestBridge(WATCHFUL, Deadlines.DEFAULTS);
  private final Script script = bridge.script;

  private byte[] audioOf(String... sentences) {
    Buffer all = Buffer.buffer();
    for (String sentence : sentences) {
      all.appendBytes(bridge.upstream.audioOf(sentence));
    }
    return all.getBytes();
  }

  private JsonObject upstreamParameters() {
    return bridge.upstream.expect("run-task").getJsonObject("payload").getJsonObject("parameters");
  }

  // -- what goes well -----------------------------------------------------------------------------

  @Test
  void aTaskIsToldSentenceBySentence() {
    TaskClient client = bridge.tasks();
    client.run("t1").more("t1", "明天").more("t1", "开会。记得带电脑").finish("t1");

    Task task = client.finished();

    assertArrayEquals(audioOf("明天开会。", "记得带电脑"), task.audio());
    assertEquals("{}", task.started().getJsonObject("payload").encode());
    assertEquals("{}", task.started().getJsonObject("header").getJsonObject("attributes").encode());
    assertEquals(
        List.of(
            "sentence-begin 0 明天开会。",
            "sentence-end 0 明天开会。",
            "sentence-begin 1 记得带电脑",
            "sentence-end 1 记得带电脑"),
        task.outputs().stream()
            .map(
                o ->
                    o.getString("type")
                        + " "
                        + o.getJsonObject("sentence").getInteger("index")
                        + " "
                        + o.getString("original_text"))
            .toList());
    assertEquals(
        List.of(9, 19),
        task.ends().stream().map(e -> e.getJsonObject("usage").getInteger("characters")).toList());
    // What the service counted.
    assertEquals(SENTENCES.length(), task.characters());
    assertFalse(task.header().getJsonObject("attributes").getString("request_uuid").isEmpty());
  }

  @Test
  void whatTheServiceDoesNotSayIsNotToldEither() {
    script.sentenceEvents = false;
    script.usage = false;
    TaskClient client = bridge.tasks();

    Task task = client.run("t1").more("t1", SENTENCES).finish("t1").finished();

    assertArrayEquals(audioOf("明天开会。", "记得带电脑"), task.audio());
    assertEquals(2, task.outputs().size());
    assertNull(task.outputs().get(0).getString("original_text"));
    assertEquals(19, task.characters());
  }

  @Test
  void messagesBeforeTaskStartedWaitForIt() {
    bridge.book.answer("cosyvoice-v3-flash-anna-1");
    TaskClient client = bridge.tasks();
    client.say(
        TaskClient.runTask(
            "t1", TestBridge.COSYVOICE, "cosyvoice-v3-flash-anna-1", "format", "pcm"));
    client.more("t1", "你好。").finish("t1");
    Eventually.holds("the store is asked", () -> !bridge.book.asked.isEmpty());
    assertTrue(client.raw.isEmpty());

    bridge
        .book
        .answer("cosyvoice-v3-flash-anna-1")
        .complete(
            new CustomVoice(
                "anna",
                "cosyvoice-v3-flash-anna-1",
                TestBridge.COSYVOICE,
                CustomVoice.Readiness.READY,
                false,
                false));

    assertArrayEquals(audioOf("你好。"), client.finished().audio());
    assertEquals(List.of("anna"), bridge.book.spoken);
  }

  @Test
  void tasksFollowEachOtherOnOneSocketAndOneUpstream() {
    TaskClient client = bridge.tasks();
    for (int i = 0; i < 4; i++) {
      String id = "task-" + i;
      Task task = client.run(id).more(id, "第" + i + "句").finish(id).finished();
      assertEquals(id, task.header().getString("task_id"));
      assertArrayEquals(audioOf("第" + i + "句"), task.audio());
    }
    Task other =
        client
            .say(
                TaskClient.runTask(
                    "q", TestBridge.QWEN, "Cherry", "format", "pcm", "sample_rate", 24_000))
            .more("q", "换个声音。")
            .finish("q")
            .finished();

    assertArrayEquals(audioOf("换个声音。"), other.audio());
    assertEquals(
        2, bridge.upstream.connections.size(), "one for the four, one for the other model");
  }

  @Test
  void aWholeTextNeedsNoFinishAndEndsWithAnOutputOfNull() {
    script.sentenceReports = 3;
    TaskClient client = bridge.tasks();

    Task task =
        client
            .runWhole(
                "s",
                TestBridge.SAMBERT,
                "今天天气不错。",
                "format",
                "pcm",
                "sample_rate",
                48_000,
                "word_timestamp_enabled",
                true,
                "phoneme_timestamp_enabled",
                true)
            .finished();

    assertArrayEquals(audioOf("今天天气不错。"), task.audio());
    JsonObject payload = task.end().getJsonObject("payload");
    assertTrue(payload.containsKey("output") && payload.getValue("output") == null);
    assertEquals(7, task.characters());
    // A sentence that grows is told again from the same beginning.
    assertEquals(3, task.outputs().size());
    for (JsonObject output : task.outputs()) {
      assertNull(output.getString("type"));
      assertEquals(10, output.getJsonObject("sentence").getInteger("begin_time"));
    }
    JsonObject last = task.outputs().get(2).getJsonObject("sentence");
    assertEquals(700, last.getInteger("end_time"));
    assertEquals(7, last.getJsonArray("words").size());
  }

  @Test
  void wordsAreInTheirSentenceAndCountFromTheFirstSample() {
    for (boolean restart : new boolean[] {true, false}) {
      script.wordTimesRestart = restart;
      // A character lasts 100 ms: 4,800 bytes at 24 kHz.
      script.audioBytes = text -> 4_800 * text.length();
      TaskClient client = bridge.tasks();

      Task task =
          client
              .run("t", "word_timestamp_enabled", true)
              .more("t", SENTENCES)
              .finish("t")
              .finished();

      List<JsonObject> words = task.words();
      assertEquals(SENTENCES.length(), words.size());
      for (int i = 0; i < words.size(); i++) {
        int inSentence = i < 5 ? i : i - 5;
        assertEquals(SENTENCES.substring(i, i + 1), words.get(i).getString("text"));
        assertEquals(inSentence, words.get(i).getInteger("begin_index"));
        assertEquals(inSentence + 1, words.get(i).getInteger("end_index"));
        assertEquals(i * 100 + 10, words.get(i).getInteger("begin_time"), "word " + i);
        assertEquals(i * 100 + 100, words.get(i).getInteger("end_time"));
      }
    }
  }

  @Test
  void parametersReachTheServiceAndNoiseDoesNot() {
    TaskClient client = bridge.tasks();
    client
        .run(
            "t",
            "volume",
            70,
            "rate",
            1.5,
            "pitch",
            0.8,
            "seed",
            42,
            "language_hints",
            new JsonArray().add("en"),
            "instruction",
            "开心",
            "hot_fix",
            new JsonObject().put("replace", new JsonArray()),
            "pre_task_id",
            "t",
            "type",
            0,
            "phoneme_timestamp_enabled",
            false,
            "enable_aigc_tag",
            true)
        .more("t", "你好。")
        .finish("t")
        .finished();

    JsonObject sent = upstreamParameters();
    assertEquals(70, sent.getInteger("volume"));
    assertEquals(1.5, sent.getDouble("rate"));
    assertEquals(0.8, sent.getDouble("pitch"));
    assertEquals(42, sent.getInteger("seed"));
    assertEquals("[\"en\"]", sent.getJsonArray("language_hints").encode());
    assertEquals("开心", sent.getString("instruction"));
    assertTrue(sent.containsKey("hot_fix"));
    assertEquals(false, sent.getBoolean("enable_ssml"));
    assertFalse(sent.containsKey("type") || sent.containsKey("word_timestamp_enabled"));
  }

  @Test
  void theServiceEncodesWhatItCan() {
    TaskClient client = bridge.tasks();
    client.say(
        TaskClient.runTask(
            "t", TestBridge.COSYVOICE, "longanyang", "format", "Default", "sample_rate", 0));
    client.more("t", "你好。");
    JsonObject sent = upstreamParameters();
    assertEquals("mp3", sent.getString("format"));
    assertEquals(22_050, sent.getInteger("sample_rate"));

    TaskClient other = bridge.tasks();
    other.say(
        TaskClient.runTask(
            "t",
            TestBridge.COSYVOICE,
            "longanyang",
            "format",
            "opus",
            "sample_rate",
            16_000,
            "bit_rate",
            48));
    other.more("t", "你好。");
    sent = upstreamParameters();
    assertEquals("opus", sent.getString("format"));
    assertEquals(16_000, sent.getInteger("sample_rate"));
    assertEquals(48, sent.getInteger("bit_rate"));
  }

  @Test
  void whatTheServiceCannotGiveIsMadeHere() throws Exception {
    TaskClient client = bridge.tasks();
    script.audioBytes = text -> 96_000;
    for (AudioFormat format : AudioFormat.values()) {
      String id = format.wireName();
      client.say(
          TaskClient.runTask(
              id, TestBridge.QWEN, "Cherry", "format", format.wireName(), "sample_rate", 44_100));
      Task task = client.more(id, "你好。").finish(id).finished();
      Decoded decoded = Decoded.of(format, 44_100, task.audio());
      if (format != AudioFormat.OPUS) {
        assertEquals(44_100, decoded.sampleRateHz());
      }
      assertEquals(2.0, decoded.samples().length / (double) decoded.sampleRateHz(), 0.12, id);
    }
  }

  @Test
  void wavIsOneFileWhateverTheSentences() {
    for (String model : List.of(TestBridge.COSYVOICE, TestBridge.QWEN)) {
      TaskClient client = bridge.tasks();
      client.say(
          TaskClient.runTask(
              "t",
              model,
              model.equals(TestBridge.QWEN) ? "Cherry" : "longanyang",
              "format",
              "wav",
              "sample_rate",
              24_000));
      byte[] audio = client.more("t", SENTENCES).finish("t").finished().audio();

      assertEquals("RIFF", Buffer.buffer(audio).getString(0, 4));
      assertArrayEquals(audioOf("明天开会。", "记得带电脑"), Arrays.copyOfRange(audio, 44, audio.length));
    }
  }

  @Test
  void onlyARootMakesSsmlOfAText() {
    TaskClient client = bridge.tasks();
    client.run("a", "enable_ssml", true).more("a", "3 < 5 & 你好。").finish("a").finished();
    assertEquals(false, upstreamParameters().getBoolean("enable_ssml"));

    client.run("b", "enable_ssml", true).more("b", "<speak>你好</speak>").finish("b").finished();
    assertEquals(true, upstreamParameters().getBoolean("enable_ssml"));
  }

  @Test
  void aFlushSpeaksWhatWaitsAndTheTaskGoesOn() {
    TaskClient client = bridge.tasks();
    client.run("t").more("t", "还没说完").flush("t");
    client.awaitAudio();
    Eventually.holds("it was spoken", () -> client.audioBytes.get() == audioOf("还没说完").length);

    client.more("t", "").flush("t").more("t", "现在说完了。").finish("t");

    Task rest = client.finished();
    assertEquals((long) audioOf("还没说完", "现在说完了。").length, client.audioBytes.get());
    assertEquals("现在说完了。", rest.ends().get(rest.ends().size() - 1).getString("original_text"));
    assertEquals(10, rest.characters());
  }

  @Test
  void aTextWithoutALetterIsAShortSilence() {
    TaskClient client = bridge.tasks();

    Task task = client.run("t").more("t", "。。").finish("t").finished();

    assertArrayEquals(new byte[9_600], task.audio());
    assertTrue(bridge.upstream.utterances.isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {TestBridge.COSYVOICE + "/longanyang", TestBridge.QWEN + "/Cherry"})
  void markdownIsLeftOutWhereThatIsAskedFor(String modelAndVoice) {
    String[] asked = modelAndVoice.split("/", -1);
    TaskClient client = bridge.tasks();
    for (boolean filter : new boolean[] {true, false}) {
      String id = "filter-" + filter;
      client.say(
          TaskClient.runTask(
              id, asked[0], asked[1], "format", "pcm", "enable_markdown_filter", filter));
      client.more(id, "**你好**。").finish(id).finished();
    }

    assertEquals("你好。", bridge.upstream.utterance(0).text);
    assertEquals("**你好**。", bridge.upstream.utterance(1).text);
  }

  @Test
  void whatAModelCannotFollowIsSaidOnce() {
    TaskClient client = bridge.tasks();
    client.say(
        TaskClient.runTask(
            "t",
            TestBridge.QWEN,
            "Cherry",
            "format",
            "pcm",
            "seed",
            7,
            "instruction",
            "开心",
            "word_timestamp_enabled",
            true,
            "volume",
            50));

    JsonObject started = client.expect("task-started");

    assertEquals(
        List.of("instruction", "seed", "word_timestamp_enabled"),
        started.getJsonObject("header").getJsonObject("attributes").getJsonArray("ignored").stream()
            .sorted()
            .toList());
  }

  // -- stopping -----------------------------------------------------------------------------------

  private static void heardWithin200Ms(ScriptedUpstream.Connection service, long since) {
    Eventually.holds("the service hears of it", () -> service.closedNanos != 0);
    AtOnce.followed(since, service.closedNanos);
  }

  @ParameterizedTest
  @ValueSource(strings = {"pcm", "mp3"})
  void aCancelStopsTheServiceAndTheNextTaskSpeaks(String format) {
    script.audioBytes = text -> text.startsWith("长") ? 50_000_000 : 7_000;
    TaskClient client = bridge.tasks();
    for (int round = 0; round < 6; round++) {
      int before = bridge.upstream.utterances.size();
      String id = "long" + round;
      script.paceMs = round % 3;
      client.say(
          TaskClient.runTask(
              id, TestBridge.QWEN, "Cherry", "format", format, "sample_rate", 24_000));
      client.more(id, "长篇。");
      if (round % 2 == 0) {
        client.awaitAudio();
      } else {
        bridge.upstream.utterance(before);
      }
      if (round > 3) {
        client.finish(id);
      }
      long said = System.nanoTime();
      client.cancel(id);
      Task task = client.finished();

      assertEquals(id, task.header().getString("task_id"));
      heardWithin200Ms(bridge.upstream.utterance(before).connection, said);
      // Too late, and no harm.
      client.cancel(id).finish(id);

      script.paceMs = 0;
      String next = "next" + round;
      client.run(next).more(next, "好的。").finish(next);
      assertArrayEquals(audioOf("好的。"), client.finished().audio());
    }
  }

  @Test
  void aCancelBeforeAnyTextEndsTheTask() {
    TaskClient client = bridge.tasks();
    assertEquals(0, client.run("t").cancel("t").finished().characters());
    assertArrayEquals(
        audioOf("好的"), client.run("u").more("u", "好的").finish("u").finished().audio());
  }

  @ParameterizedTest
  @ValueSource(strings = {"pcm", "mp3"})
  void whoVanishesStopsTheService(String format) {
    script.audioBytes = text -> 50_000_000;
    script.paceMs = 2;
    TaskClient client = bridge.tasks();
    client.say(
        TaskClient.runTask(
            "t", TestBridge.QWEN, "Cherry", "format", format, "sample_rate", 24_000));
    client.more("t", "长篇。").awaitAudio();

    long gone = System.nanoTime();
    client.vanish();

    heardWithin200Ms(bridge.upstream.utterance(0).connection, gone);
    assertEquals(CloseCode.GOING_AWAY, bridge.tasksClosed(0));
  }

  @Test
  void aSlowReaderStopsTheServiceAndHearsEverythingLater() {
    script.audioBytes = text -> text.startsWith("长") ? 24_000_000 : 7_000;
    script.minDelta = 50_000;
    script.maxDelta = 50_000;
    TaskClient slow = bridge.tasks();
    TaskClient other = bridge.tasks();
    slow.socket.pause();
    slow.run("t").more("t", "长篇。").finish("t");

    Flow.untilStill(bridge.upstream.utterance(0).produced);
    assertArrayEquals(audioOf("别人"), other.run("o").more("o", "别人").finish("o").finished().audio());
    long produced = bridge.upstream.utterance(0).produced.get();
    // Kernel buffers of both connections, the WebSocket queue and one read.
    assertTrue(produced < 12_000_000, "the service got rid of " + produced);

    slow.socket.resume();
    assertArrayEquals(audioOf("长篇。"), slow.finished().audio());
  }

  @Test
  void aCancelWhileAnEncoderIsBehindLeavesNothingStuck() {
    script.audioBytes = text -> text.startsWith("长") ? 50_000_000 : 7_000;
    TaskClient client = bridge.tasks();
    client.say(
        TaskClient.runTask("t", TestBridge.QWEN, "Cherry", "format", "mp3", "sample_rate", 24_000));
    client.more("t", "长篇。");
    Eventually.holds(
        "more came than the encoder lets wait",
        () -> bridge.upstream.utterance(0).produced.get() > 1_000_000);

    client.cancel("t").finished();

    assertArrayEquals(
        audioOf("好的。"), client.run("u").more("u", "好的。").finish("u").finished().audio());
  }

  private static SessionLimits slow(Duration slowReader) {
    SessionLimits d = SessionLimits.DEFAULTS;
    return new SessionLimits(
        d.maxMessageBytes(),
        d.maxTextChars(),
        d.maxQueuedChars(),
        d.maxQueuedResponses(),
        d.maxLead(),
        d.idle(),
        d.maxAge(),
        slowReader,
        d.maxMessagesPerSecond());
  }

  @Test
  void whoTakesNothingForTooLongIsLetGo() {
    bridge.limits = slow(Duration.ofMillis(200));
    script.audioBytes = text -> 50_000_000;
    bridge.tasks().deaf().run("t").more("t", "长篇。");

    assertEquals(CloseCode.READS_TOO_SLOWLY, bridge.tasksClosed(0));
    Eventually.holds(
        "the service is let go", () -> bridge.upstream.utterance(0).connection.closedNanos != 0);
  }

  // -- time ---------------------------------------------------------------------------------------

  @Test
  void aGapInTheTextFailsTheTask() {
    bridge.taskPatience =
        new TaskPatience(Duration.ofMinutes(1), Duration.ofSeconds(1), Duration.ofSeconds(1));
    TaskClient client = bridge.tasks();
    client.run("t").more("t", "说到一半");

    JsonObject failed = client.failed();

    assertEquals("t", failed.getString("task_id"));
    assertEquals("CLIENT_ERROR", failed.getString("error_code"));
    assertEquals("request timeout after 1 seconds.", failed.getString("error_message"));
  }

  @Test
  void whileItSpeaksNoGapCounts() {
    bridge.taskPatience =
        new TaskPatience(Duration.ofMinutes(1), Duration.ofMillis(150), Duration.ofSeconds(1));
    script.paceMs = 30;
    script.audioBytes = text -> 96_000;
    TaskClient client = bridge.tasks();
    client.run("t").more("t", "第一句。");
    // Ten times the gap and more, with audio all the way.
    Eventually.holds("half is heard", () -> client.audioBytes.get() > 60_000);
    client.more("t", "第二句。").finish("t");

    client.finished();
    assertEquals(192_000, client.audioBytes.get());
  }

  @Test
  void withoutATaskTheSocketIsClosedAfterAWhile() {
    bridge.taskPatience =
        new TaskPatience(Duration.ofMillis(200), Duration.ofSeconds(5), Duration.ofSeconds(1));
    TaskClient silent = bridge.tasks();
    assertEquals(1000, silent.closed().code());

    TaskClient client = bridge.tasks();
    client.run("t").more("t", "好的").finish("t").finished();
    assertEquals(new Closed(1000, "Connection idle for too long."), client.closed());
  }

  @Test
  void aRestartFailsTheTaskFirst() {
    script.audioBytes = text -> 50_000_000;
    TaskClient busy = bridge.tasks();
    TaskClient idle = bridge.tasks();
    busy.run("t").more("t", "长篇。").awaitAudio();

    bridge.restartTasks();

    JsonObject failed = busy.failed(1012);
    assertEquals("t", failed.getString("task_id"));
    assertEquals("InternalError", failed.getString("error_code"));
    assertEquals(1012, idle.closed().code());
    assertEquals(CloseCode.RESTART, bridge.tasksClosed(0));
  }

  // -- mistakes -----------------------------------------------------------------------------------

  private static JsonObject run(Object... fields) {
    return TaskClient.runTask("t", TestBridge.COSYVOICE, "longanyang", fields);
  }

  private static JsonObject without(String where, String field) {
    JsonObject message = run();
    message.getJsonObject(where).remove(field);
    return message;
  }

  static Stream<Arguments> mistakes() {
    String invalid = "InvalidParameter";
    return Stream.of(
        Arguments.of("{", invalid, "Invalid JSON message!"),
        Arguments.of("[]", invalid, "Invalid JSON message!"),
        Arguments.of("{}", invalid, "'header.action'"),
        Arguments.of("{\"header\":7}", invalid, "'header.action'"),
        Arguments.of(
            "{\"header\":{\"action\":\"sing-task\",\"task_id\":\"t\"}}", invalid, "sing-task"),
        Arguments.of(without("header", "task_id").encode(), invalid, "'header.task_id'"),
        Arguments.of(without("payload", "model").encode(), invalid, "'payload.model'"),
        Arguments.of(
            TaskClient.runTask("t", TestBridge.COSYVOICE, null).encode(),
            invalid,
            "Request voice is invalid!"),
        Arguments.of(
            TaskClient.runTask("t", "cosyvoise", "longanyang").encode(),
            "ModelNotFound",
            "Model not found (cosyvoise)!"),
        Arguments.of(
            TaskClient.runTask("t", "cosyvoice-v2", "longanyang").encode(),
            invalid,
            "[tts:]Engine return error code: 418"),
        Arguments.of(run("format", "aac").encode(), invalid, "Request format is invalid!"),
        Arguments.of(run("sample_rate", 11_025).encode(), invalid, "sample_rate"),
        Arguments.of(run("volume", 101).encode(), invalid, "'volume' must be"),
        Arguments.of(run("rate", 3).encode(), invalid, "'rate' must be"),
        Arguments.of(run("pitch", "high").encode(), invalid, "'pitch' must be"),
        Arguments.of(run("format", "opus", "bit_rate", 5).encode(), invalid, "bit_rate"),
        Arguments.of(
            TaskClient.message("continue-task", "t", new JsonObject()).encode(),
            invalid,
            "No such task!"),
        Arguments.of(
            TaskClient.message("finish-task", "t", new JsonObject()).encode(),
            invalid,
            "No such task!"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeFailsWithTheVendorsWords(String frame, String code, String words) {
    TaskClient client = bridge.tasks();
    client.socket.writeTextMessage(frame);

    JsonObject failed = client.failed();

    assertEquals(code, failed.getString("error_code"));
    assertTrue(failed.getString("error_message").contains(words), failed.encode());
    assertEquals(CloseCode.PROTOCOL_MISUSE, bridge.tasksClosed(0));
    assertTrue(bridge.upstream.connections.isEmpty());
  }

  @Test
  void theRightModelIsNamedBesideTheVendorsWords() {
    TaskClient client = bridge.tasks();
    client.say(TaskClient.runTask("t", TestBridge.COSYVOICE, "longxiaochun_v2"));

    Task task = client.task();

    String message = task.header().getString("error_message");
    assertTrue(message.contains("cosyvoice-v2"), message);
    assertEquals("[tts:]Engine return error code: 418", client.closed().reason());
  }

  @Test
  void aSecondTaskAtOnceFailsBoth() {
    script.paceMs = 5;
    TaskClient client = bridge.tasks();
    client.run("a").more("a", "第一句。").awaitAudio();
    client.run("b");

    assertEquals("a", client.task().header().getString("task_id"));
    JsonObject second = client.failed();
    assertEquals("b", second.getString("task_id"));
    assertTrue(second.getString("error_message").contains("running already"));
  }

  static Stream<Arguments> textMistakes() {
    return Stream.of(
        Arguments.of(List.of("x".repeat(20_001)), "longer than 20000"),
        Arguments.of(List.of("汉".repeat(10_001)), "longer than 20000"),
        Arguments.of(List.of(), "Please ensure input text is valid."),
        Arguments.of(List.of("", ""), "Please ensure input text is valid."));
  }

  @ParameterizedTest
  @MethodSource("textMistakes")
  void aTextThatCannotBeFailsTheTask(List<String> texts, String words) {
    TaskClient client = bridge.tasks();
    client.run("t");
    texts.forEach(text -> client.more("t", text));
    client.finish("t");

    JsonObject failed = client.failed();

    assertEquals("InvalidParameter", failed.getString("error_code"));
    assertTrue(failed.getString("error_message").contains(words), failed.encode());
  }

  @Test
  void theTextsOfATaskHaveALimitTogether() {
    SessionLimits d = SessionLimits.DEFAULTS;
    bridge.limits =
        new SessionLimits(
            d.maxMessageBytes(),
            50,
            100,
            d.maxQueuedResponses(),
            d.maxLead(),
            d.idle(),
            d.maxAge(),
            d.slowReader(),
            d.maxMessagesPerSecond());
    TaskClient client = bridge.tasks();
    client.run("t").more("t", "x".repeat(50)).more("t", "x".repeat(50)).more("t", "x");
    assertTrue(client.failed().getString("error_message").contains("longer than 100"));

    TaskClient other = bridge.tasks();
    other.run("t").more("t", "x".repeat(51));
    assertTrue(other.failed().getString("error_message").contains("longer than 50"));
  }

  @Test
  void aWholeTextHasItsOwnLimitAndMustBeThere() {
    TaskClient client = bridge.tasks();
    client.runWhole("t", TestBridge.SAMBERT, "x".repeat(10_001));
    assertTrue(client.failed().getString("error_message").contains("longer than 10000"));

    TaskClient other = bridge.tasks();
    other.runWhole("t", TestBridge.SAMBERT, "");
    assertEquals("Request text is invalid!", other.failed().getString("error_message"));
  }

  @Test
  void ssmlTakesOneTextOnlyAndAModelThatHasIt() {
    TaskClient client = bridge.tasks();
    client.run("t", "enable_ssml", true).more("t", "一。").more("t", "二。");
    assertEquals(
        "Text request limit violated, expected 1.", client.failed().getString("error_message"));

    TaskClient other = bridge.tasks();
    other.say(TaskClient.runTask("t", "cosyvoice-v1", "longxiaochun", "enable_ssml", true));
    other.more("t", "<speak>你好</speak>");
    assertEquals(
        "SSML text is not supported at the moment!", other.failed().getString("error_message"));
  }

  @Test
  void nothingMayFollowAFinish() {
    script.paceMs = 5;
    TaskClient client = bridge.tasks();
    client.run("t").more("t", "一二三四五。").finish("t").more("t", "再说");

    assertTrue(client.failed().getString("error_message").contains("already finished"));
  }

  @Test
  void binaryFramesAndTooManyMessagesAreNoProtocol() {
    TaskClient client = bridge.tasks();
    client.run("t");
    client.socket.writeBinaryMessage(Buffer.buffer("audio?"));
    assertEquals("t", client.failed().getString("task_id"));

    SessionLimits d = SessionLimits.DEFAULTS;
    bridge.limits =
        new SessionLimits(
            d.maxMessageBytes(),
            d.maxTextChars(),
            d.maxQueuedChars(),
            d.maxQueuedResponses(),
            d.maxLead(),
            d.idle(),
            d.maxAge(),
            d.slowReader(),
            1);
    TaskClient noisy = bridge.tasks();
    noisy.run("t");
    for (int i = 0; i < 20; i++) {
      noisy.more("t", "");
    }
    assertEquals("Throttling.RateQuota", noisy.failed().getString("error_code"));
  }

  @Test
  void messagesThatAreTooBigAreClosedWith1009() {
    TaskClient client = bridge.tasks();
    client.run("t").more("t", "x".repeat(SessionLimits.DEFAULTS.maxMessageBytes()));

    assertEquals("t", client.failed(1009).getString("task_id"));
  }

  // -- faults of the service ----------------------------------------------------------------------

  static Stream<Arguments> faults() {
    String body = new JsonObject().put("code", "InvalidApiKey").put("message", LEAKY).encode();
    String internal = "InternalError";
    return Stream.of(
        Arguments.of(new Fault.Refuse(401, body), internal),
        Arguments.of(new Fault.Refuse(429, "{}"), "Throttling.RateQuota"),
        Arguments.of(new Fault.CutAfter(5_000), internal),
        Arguments.of(new Fault.CloseAfter(5_000, 1000, "bye"), internal),
        Arguments.of(new Fault.CloseAfter(0, 1007, LEAKY), internal),
        Arguments.of(new Fault.Garbage(5_000, "[]"), internal),
        Arguments.of(new Fault.NoAudio(), internal),
        Arguments.of(
            new Fault.Says(0, "InvalidParameter", "[tts:]Engine return error code: 428"),
            "InvalidParameter"),
        Arguments.of(new Fault.Says(5_000, "DataInspectionFailed", LEAKY), "DataInspectionFailed"),
        Arguments.of(new Fault.Says(0, "Throttling.RateQuota", LEAKY), "Throttling.RateQuota"));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void aFaultFailsTheTaskBeforeTheSocketCloses(Fault fault, String code) {
    fails(bridge, fault, code);
  }

  static Stream<Fault> silences() {
    return Stream.of(
        new Fault.NeverAccept(),
        new Fault.NeverStart(),
        new Fault.Stall(0),
        new Fault.Stall(5_000));
  }

  @ParameterizedTest
  @MethodSource("silences")
  void aServiceThatSaysNothingFailsTheTaskInTime(Fault fault) {
    try (TestBridge impatient = new TestBridge(TestBridge.IMPATIENT, TestBridge.SHORT)) {
      fails(impatient, fault, "InternalError");
    }
  }

  private static void fails(TestBridge bridge, Fault fault, String code) {
    if (fault.atConnect()) {
      bridge.script.door = fault;
    } else {
      bridge.script.next(fault);
    }
    TaskClient client = bridge.tasks();
    client.run("t").more("t", "一二三四五。").finish("t");

    JsonObject failed = client.failed();

    assertEquals("t", failed.getString("task_id"));
    assertEquals(code, failed.getString("error_code"));
    assertFalse(client.raw.toString().contains(ScriptedUpstream.KEY), client.raw.toString());
    assertFalse(failed.getString("error_message").isEmpty());
    assertEquals(CloseCode.DONE, bridge.tasksClosed(0));
  }

  @Test
  void whateverTheServicesMannersTheTaskIsTheSame() {
    script.shuffleKeys = true;
    script.blanks = true;
    script.extraFields = true;
    script.duplicates = true;
    script.minDelta = 1;
    script.maxDelta = 3_001;
    script.maxFrame = 1_000;
    script.startDelayMs = 30;
    TaskClient client = bridge.tasks();
    for (int i = 0; i < 3; i++) {
      String id = "t" + i;
      Task task = client.run(id).more(id, SENTENCES).finish(id).finished();

      assertArrayEquals(audioOf("明天开会。", "记得带电脑"), task.audio());
      assertEquals(2, task.ends().size());
    }
  }
}
