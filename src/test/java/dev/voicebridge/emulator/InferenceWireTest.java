package dev.voicebridge.emulator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.emulator.wire.Fault;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The inference wire, frame by frame. */
@Timeout(30)
class InferenceWireTest {
  private static final int BYTES_PER_CHAR = ToneEngine.MS_PER_CHAR * 2 * 16;

  private static GuestHouse house;

  @BeforeAll
  static void open() throws Exception {
    house = new GuestHouse();
  }

  @AfterAll
  static void close() {
    house.close();
  }

  @AfterEach
  void everyFaultWasSpent() {
    boolean spent = house.faults().isEmpty();
    house.faults().clear();
    assertTrue(spent);
  }

  private static JsonObject message(
      String action, String id, String streaming, JsonObject payload) {
    return new JsonObject()
        .put(
            "header",
            new JsonObject().put("action", action).put("task_id", id).put("streaming", streaming))
        .put("payload", payload);
  }

  private static JsonObject parameters() {
    return new JsonObject()
        .put("text_type", "PlainText")
        .put("voice", "longanyang")
        .put("format", "pcm")
        .put("sample_rate", 16000);
  }

  private static JsonObject run(String id, String model, JsonObject parameters) {
    return message(
        "run-task",
        id,
        "duplex",
        new JsonObject()
            .put("task_group", "audio")
            .put("task", "tts")
            .put("function", "SpeechSynthesizer")
            .put("model", model)
            .put("parameters", parameters)
            .put("input", new JsonObject()));
  }

  private static JsonObject run(String id) {
    return run(id, "cosyvoice-v3-flash", parameters());
  }

  private static JsonObject sambert(String id, String text, JsonObject parameters) {
    return message(
        "run-task",
        id,
        "out",
        new JsonObject()
            .put("model", "sambert-zhichu-v1")
            .put("parameters", parameters)
            .put("input", new JsonObject().put("text", text)));
  }

  private static JsonObject more(String id, JsonObject input) {
    return message("continue-task", id, "duplex", new JsonObject().put("input", input));
  }

  private static JsonObject more(String id, String text) {
    return more(id, new JsonObject().put("text", text));
  }

  private static JsonObject finish(String id) {
    return message("finish-task", id, "duplex", new JsonObject().put("input", new JsonObject()));
  }

  private static JsonObject output(JsonObject result) {
    return result.getJsonObject("payload").getJsonObject("output");
  }

  /** Awaits the failure of that task and the close that follows. */
  private static String failure(RawClient client, String id) throws Exception {
    JsonObject failed = client.await("task-failed");
    JsonObject header = failed.getJsonObject("header");
    assertEquals(id, header.getString("task_id"));
    assertEquals(new JsonObject(), failed.getJsonObject("payload"));
    assertEquals(1007, client.awaitClose());
    assertEquals(header.getString("error_message"), client.closeReason());
    return header.getString("error_code") + ": " + header.getString("error_message");
  }

  @Test
  void aTaskFollowsTheSentencePattern() throws Exception {
    try (RawClient client = RawClient.inference(house)) {
      client.send(run("T")).send(more("T", "明天上午")).send(more("T", "九点。记得"));
      JsonObject started = client.await("task-started");
      JsonObject begin = client.await("sentence-begin");
      JsonObject end = client.await("sentence-end");
      client.send(more("T", "")).send(more("T", "带电脑")).send(finish("T"));
      JsonObject second = client.await("sentence-begin");
      JsonObject finished = client.await("task-finished");

      assertEquals(
          "{\"header\":{\"task_id\":\"T\",\"event\":\"task-started\",\"attributes\":{}},\"payload\":{}}",
          started.encode());
      assertEquals("明天上午九点。", output(begin).getString("original_text"));
      assertEquals(0, output(begin).getJsonObject("sentence").getInteger("index"));
      assertEquals(new JsonArray(), output(begin).getJsonObject("sentence").getJsonArray("words"));
      assertEquals(
          13, end.getJsonObject("payload").getJsonObject("usage").getInteger("characters"));
      assertEquals(1, output(second).getJsonObject("sentence").getInteger("index"));
      assertEquals("记得带电脑", output(second).getString("original_text"));
      assertEquals(
          23, finished.getJsonObject("payload").getJsonObject("usage").getInteger("characters"));
      assertTrue(
          finished.getJsonObject("header").getJsonObject("attributes").containsKey("request_uuid"));
      assertEquals(12 * BYTES_PER_CHAR, client.audio().length);
      for (int i = 0; i < client.types().size(); i++) {
        boolean announced = client.types().get(i).equals("sentence-synthesis");
        assertEquals(
            announced, i + 1 < client.types().size() && client.types().get(i + 1).equals("binary"));
      }
    }
  }

  @Test
  void everySampleArrivesOnce() throws Exception {
    String text = "一二三四五六七。甲乙丙";
    try (RawClient client = RawClient.inference(house)) {
      client.send(run("T")).send(more("T", text)).send(finish("T"));
      client.await("task-finished");

      assertArrayEquals(ToneEngine.pcm(text, 16000), client.audio());
    }
  }

  @Test
  void oneSocketTakesTaskAfterTaskOfAnyKind() throws Exception {
    try (RawClient client = RawClient.inference(house)) {
      client.send(run("A")).send(more("A", "好")).send(finish("A")).await("task-finished");
      client.send(sambert("B", "很好", new JsonObject().put("format", "pcm")));
      client.await("task-finished");
      client.send(run("C", "cosyvoice-v2", parameters().put("voice", "longxiaochun_v2")));
      client.send(more("C", "好")).send(finish("C"));

      assertEquals("C", client.await("task-finished").getJsonObject("header").getString("task_id"));
      assertEquals(4 * BYTES_PER_CHAR, client.audio().length);
    }
  }

  @Test
  void wordTimesCountFromTheStartOfTheTask() throws Exception {
    JsonObject timed = parameters().put("word_timestamp_enabled", true);
    try (RawClient client = RawClient.inference(house)) {
      client.send(run("T", "cosyvoice-v3-flash", timed)).send(more("T", "一二。三")).send(finish("T"));
      JsonArray first =
          output(client.await("sentence-end")).getJsonObject("sentence").getJsonArray("words");
      JsonArray second =
          output(client.await("sentence-end")).getJsonObject("sentence").getJsonArray("words");
      client.await("task-finished");

      assertEquals(
          "{\"text\":\"二\",\"begin_time\":50,\"end_time\":100,\"begin_index\":1,\"end_index\":2}",
          first.getJsonObject(1).encode());
      assertEquals(150, second.getJsonObject(0).getInteger("begin_time"));
      assertEquals(0, second.getJsonObject(0).getInteger("begin_index"));
    }
    house.faults().add(new Fault.TimesPerSentence());
    try (RawClient client = RawClient.inference(house)) {
      client.send(run("T", "cosyvoice-v3-flash", timed)).send(more("T", "一二。三")).send(finish("T"));
      client.await("sentence-end");

      assertEquals(
          0,
          output(client.await("sentence-end"))
              .getJsonObject("sentence")
              .getJsonArray("words")
              .getJsonObject(0)
              .getInteger("begin_time"));
    }
  }

  @Test
  void sambertTellsSentencesWithPhonemesAndEndsWithANullOutput() throws Exception {
    JsonObject parameters =
        new JsonObject()
            .put("format", "pcm")
            .put("word_timestamp_enabled", true)
            .put("phoneme_timestamp_enabled", true);
    try (RawClient client = RawClient.inference(house)) {
      client.send(sambert("T", "今天。很好", parameters));
      JsonObject first = output(client.await("result-generated")).getJsonObject("sentence");
      JsonObject second = output(client.await("result-generated")).getJsonObject("sentence");
      JsonObject payload = client.await("task-finished").getJsonObject("payload");

      assertEquals(0, first.getInteger("begin_time"));
      assertEquals(150, first.getInteger("end_time"));
      assertEquals(150, second.getInteger("begin_time"));
      assertEquals("今", first.getJsonArray("words").getJsonObject(0).getString("text"));
      assertEquals(
          50,
          first
              .getJsonArray("words")
              .getJsonObject(0)
              .getJsonArray("phonemes")
              .getJsonObject(1)
              .getInteger("end_time"));
      assertTrue(payload.containsKey("output") && payload.getValue("output") == null);
      assertEquals(5, payload.getJsonObject("usage").getInteger("characters"));
      assertEquals(5 * BYTES_PER_CHAR, client.audio().length);
    }
    try (RawClient client = RawClient.inference(house)) {
      client.send(sambert("T", "今天", new JsonObject().put("format", "pcm")));
      client.await("task-finished");

      // In however many pieces the engine speaks it: nothing but audio in between.
      assertEquals(
          List.of("task-started", "binary", "task-finished"),
          client.types().stream().distinct().toList());
    }
  }

  @Test
  void flushSpeaksTheIncompleteSentenceNow() throws Exception {
    try (RawClient client = RawClient.inference(house)) {
      client.send(run("T")).send(more("T", "没有句号"));
      client.send(more("T", new JsonObject().put("flush", true)));
      assertEquals("没有句号", output(client.await("sentence-end")).getString("original_text"));
      client.send(finish("T")).await("task-finished");
    }
  }

  @Test
  void theCancelDirectiveEndsTheTaskAtOnceAndTheSocketStays() throws Exception {
    house.faults().add(new Fault.Slow(Duration.ofMillis(200)));
    try (RawClient client = RawClient.inference(house)) {
      client.send(run("T")).send(more("T", "一二三四五六七八九十。"));
      client.await("sentence-begin");
      client.send(
          message(
              "finish-task",
              "T",
              "duplex",
              new JsonObject().put("input", new JsonObject().put("directive", "cancel"))));
      client.await("task-finished");
      int heard = client.audio().length;
      client.send(run("U")).send(more("U", "好")).send(finish("U")).await("task-finished");

      assertTrue(heard < 11 * BYTES_PER_CHAR);
      assertEquals(heard + BYTES_PER_CHAR, client.audio().length);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cosyvoice-v3-flash   | nobody           | InvalidParameter: [tts:]Engine return error code: 418",
        "cosyvoice-v3-flash   | longxiaochun_v2  | InvalidParameter: [tts:]Engine return error code: 418",
        "cosyvoice-v3.5-plus  | longanyang       | InvalidParameter: [tts:]Engine return error code: 418",
        "cosyvoice-v3-flash   | cosyvoice-v3-flash-nobody-1 | InvalidParameter: [tts:]Engine return error code: 418",
        "cosyvoice-v3-plus    | cosyvoice-v3-flash-anna-1 | InvalidParameter: [tts:]Engine return error code: 418",
        "cosyvoice-v3-flash   | ''               | InvalidParameter: Request voice is invalid!",
        "cosyvoice-v9         | longanyang       | ModelNotFound: Model not found (cosyvoice-v9)!",
        "qwen3-tts-flash-realtime | Cherry       | ModelNotFound: Model not found (qwen3-tts-flash-realtime)!",
        "sambert-clara-v1     | ''               | ModelNotFound: Model not exist.",
        "sambert-zhichu-v1    | ''               | InvalidParameter: Request text is invalid!",
        "''                   | longanyang       | InvalidParameter: Missing required parameter 'payload.model'! Please follow the protocol!"
      })
  void aTaskThatCannotBeIsRefusedInTheVendorsWords(String model, String voice, String failure)
      throws Exception {
    try (RawClient client = RawClient.inference(house)) {
      client.send(run("T", model, parameters().put("voice", voice)));

      assertEquals(failure, failure(client, "T"));
      assertFalse(client.types().contains("task-started"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "cosyvoice-v1, longxiaochun",
    "cosyvoice-v2, longxiaochun_v2",
    "cosyvoice-v3-plus, longhuhu_v3",
    "qwen-audio-3.0-tts-plus, longanlingxin",
    "qwen-audio-3.0-tts-flash, longanhuan_v3.6"
  })
  void aVoiceOfTheModelSpeaks(String model, String voice) throws Exception {
    try (RawClient client = RawClient.inference(house)) {
      client.send(run("T", model, parameters().put("voice", voice)));
      client.send(more("T", "好")).send(finish("T")).await("task-finished");

      assertEquals(BYTES_PER_CHAR, client.audio().length);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"format\":\"flac\"}",
        "{\"sample_rate\":12345}",
        "{\"volume\":101}",
        "{\"rate\":2.5}",
        "{\"pitch\":\"high\"}",
        "{\"format\":\"opus\",\"bit_rate\":5}"
      })
  void aWrongParameterFailsTheTask(String wrong) throws Exception {
    try (RawClient client = RawClient.inference(house)) {
      client.send(run("T", "cosyvoice-v3-flash", parameters().mergeIn(new JsonObject(wrong))));

      assertTrue(failure(client, "T").startsWith("InvalidParameter: "));
    }
  }

  @Test
  void aLongInstructionIs428() throws Exception {
    try (RawClient client = RawClient.inference(house)) {
      client.send(run("T", "cosyvoice-v3-flash", parameters().put("instruction", "慢".repeat(51))));

      assertEquals("InvalidParameter: [tts:]Engine return error code: 428", failure(client, "T"));
    }
  }

  @Test
  void withSsmlThereIsOneTextOnlyAndMarksAreNotSpoken() throws Exception {
    JsonObject ssml = parameters().put("enable_ssml", true);
    try (RawClient client = RawClient.inference(house)) {
      client.send(run("T", "cosyvoice-v3-flash", ssml));
      client.send(more("T", "<speak>你<break time=\"1s\"/>好</speak>")).send(finish("T"));
      assertFalse(output(client.await("sentence-begin")).getString("original_text").contains("<"));
      client.await("task-finished");
    }
    try (RawClient client = RawClient.inference(house)) {
      client.send(run("T", "cosyvoice-v3-flash", ssml));
      client.send(more("T", "你好。")).send(more("T", "世界。"));

      assertEquals(
          "InvalidParameter: Text request limit violated, expected 1.", failure(client, "T"));
    }
    try (RawClient client = RawClient.inference(house)) {
      client.send(run("T", "cosyvoice-v1", ssml.copy().put("voice", "longxiaochun")));
      client.send(more("T", "<speak>你好</speak>"));

      assertEquals(
          "InvalidParameter: SSML text is not supported at the moment!", failure(client, "T"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "。！"})
  void aTaskWithNothingToSayFails(String text) throws Exception {
    try (RawClient client = RawClient.inference(house)) {
      client.send(run("T")).send(more("T", text)).send(finish("T"));

      assertEquals("InvalidParameter: Please ensure input text is valid.", failure(client, "T"));
    }
  }

  @Test
  void misuseOfTheProtocolFailsAndCloses() throws Exception {
    try (RawClient client = RawClient.inference(house)) {
      client.send("{ this is not json");
      assertTrue(failure(client, "").startsWith("InvalidParameter"));
    }
    try (RawClient client = RawClient.inference(house)) {
      client.send(message("walk-task", "T", "duplex", new JsonObject()));
      assertTrue(failure(client, "T").startsWith("InvalidParameter"));
    }
    try (RawClient client = RawClient.inference(house)) {
      client.send(run("T")).send(run("U"));
      assertTrue(failure(client, "U").startsWith("InvalidParameter"));
    }
    try (RawClient client = RawClient.inference(house)) {
      client.send(more("T", "你好"));
      assertTrue(failure(client, "T").startsWith("InvalidParameter"));
    }
    try (RawClient client = RawClient.inference(house)) {
      client.send("{\"header\":7,\"payload\":[]}");
      assertTrue(failure(client, "").startsWith("InvalidParameter"));
    }
    try (RawClient client = RawClient.inference(house)) {
      client.send(run("T")).send(more("T", "BROKEN。"));
      assertTrue(failure(client, "T").startsWith("InternalError"));
    }
  }

  @Test
  void textsAreCountedWithHanCharactersTwice() throws Exception {
    try (RawClient client = RawClient.inference(house)) {
      client.send(run("T")).send(more("T", "a".repeat(9_999) + "字".repeat(5_001)));
      assertTrue(failure(client, "T").startsWith("InvalidParameter"));
    }
    try (RawClient client = RawClient.inference(house)) {
      client.send(run("T"));
      for (int i = 0; i < 10; i++) {
        client.send(more("T", "a".repeat(20_000)));
      }
      client.send(more("T", "a"));
      assertTrue(failure(client, "T").startsWith("InvalidParameter"));
    }
    try (RawClient client = RawClient.inference(house)) {
      client.send(sambert("T", "字".repeat(10_001), new JsonObject()));
      assertTrue(failure(client, "T").startsWith("InvalidParameter"));
    }
  }

  @Test
  void aGapInATaskIsATimeOutAndAnIdleSocketIsClosed() throws Exception {
    try (GuestHouse hasty =
        new GuestHouse(new JsonObject().put("taskGapMs", 1000).put("inferenceIdleMs", 300))) {
      try (RawClient client = RawClient.inference(hasty)) {
        client.send(run("T"));
        assertEquals("CLIENT_ERROR: request timeout after 1 seconds.", failure(client, "T"));
      }
      try (RawClient client = RawClient.inference(hasty)) {
        assertEquals(1000, client.awaitClose());
      }
    }
  }

  @Test
  void threeTasksASecondWhenRatesAreLimited() throws Exception {
    try (GuestHouse strict = new GuestHouse(new JsonObject().put("rateLimits", true));
        RawClient client = RawClient.inference(strict)) {
      for (String id : List.of("1", "2", "3")) {
        client.send(run(id)).send(more(id, "好")).send(finish(id)).await("task-finished");
      }
      client.send(run("4"));

      assertEquals(
          "Throttling.RateQuota: Requests rate limit exceeded, please try again later.",
          failure(client, "4"));
    }
  }

  @Test
  void faultsCanBeTold() throws Exception {
    house.faults().add(new Fault.RateLimit());
    try (RawClient client = RawClient.inference(house)) {
      client.send(run("T"));
      assertTrue(failure(client, "T").startsWith("Throttling.RateQuota"));
    }
    house.faults().add(new Fault.FailAfter(1000, "InternalError", "told to"));
    try (RawClient client = RawClient.inference(house)) {
      client.send(run("T")).send(more("T", "一二三。"));
      assertEquals("InternalError: told to", failure(client, "T"));
      assertEquals(1000, client.audio().length);
    }
    house.faults().add(new Fault.CutAfter(1000));
    try (RawClient client = RawClient.inference(house)) {
      client.send(run("T")).send(more("T", "一二三。"));
      assertEquals(1006, client.awaitClose());
    }
    house.faults().add(new Fault.NoSentences());
    try (RawClient client = RawClient.inference(house)) {
      client.send(run("T")).send(more("T", "好")).send(finish("T")).await("task-finished");
      assertEquals(List.of("task-started", "binary", "task-finished"), client.types());
    }
    house.faults().add(new Fault.WrongOrder());
    try (RawClient client = RawClient.inference(house)) {
      client.send(run("T")).send(more("T", "好")).send(finish("T")).await("task-finished");
      assertTrue(client.types().indexOf("binary") < client.types().indexOf("sentence-synthesis"));
    }
    house.faults().add(new Fault.NoAudio());
    try (RawClient client = RawClient.inference(house)) {
      client.send(run("T")).send(more("T", "好")).send(finish("T")).await("task-finished");
      assertEquals(0, client.audio().length);
    }
    house.faults().add(new Fault.OddBytes());
    try (RawClient client = RawClient.inference(house)) {
      client.send(run("T")).send(more("T", "一二三四五")).send(finish("T"));
      client.await("task-finished");
      assertEquals(5 * BYTES_PER_CHAR, client.audio().length);
    }
    house.faults().add(new Fault.Stall(1000));
    try (RawClient client = RawClient.inference(house)) {
      client.send(run("T")).send(more("T", "一二三。"));
      while (client.audio().length < 1000) {
        client.next();
      }
      assertEquals(1000, client.audio().length);
    }
  }
}
