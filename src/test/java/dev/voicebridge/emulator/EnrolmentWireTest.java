package dev.voicebridge.emulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.emulator.engine.EspeakEngine;
import dev.voicebridge.emulator.wire.Fault;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The customization API by hand, with the guest's real voice. */
@Timeout(60)
class EnrolmentWireTest {
  private static final String PATH = "/services/audio/tts/customization";
  private static final String CLONE = "qwen-voice-enrollment";
  private static final String DESIGN = "qwen-voice-design";
  private static final String COSY = "voice-enrollment";
  private static final String CLONE_TARGET = "qwen3-tts-vc-realtime-2026-01-15";
  private static final String DESIGN_TARGET = "qwen3-tts-vd-realtime-2026-01-15";
  private static final String TEXT = "今天天气很好，我们一起去公园散步吧。";

  private static GuestHouse house;
  private static RawHttp http;

  @BeforeAll
  static void open() throws Exception {
    house = new GuestHouse(new JsonObject(), EspeakEngine::open);
    http = new RawHttp(house.vertx());
  }

  @AfterAll
  static void close() throws Exception {
    http.close();
    house.close();
  }

  @AfterEach
  void everyFaultWasSpent() {
    assertTrue(house.faults().isEmpty());
  }

  private static HttpResponse<byte[]> call(GuestHouse at, String model, JsonObject input)
      throws Exception {
    return http.post(
        at.httpUrl() + PATH,
        GuestHouse.KEY,
        new JsonObject().put("input", input).put("model", model));
  }

  private static JsonObject output(GuestHouse at, String model, JsonObject input) throws Exception {
    HttpResponse<byte[]> response = call(at, model, input);
    assertEquals(200, response.statusCode(), () -> new String(response.body(), UTF_8));
    return RawHttp.json(response).getJsonObject("output");
  }

  private static String code(HttpResponse<byte[]> response) {
    assertEquals("application/json", response.headers().firstValue("content-type").orElse(""));
    JsonObject body = RawHttp.json(response);
    assertFalse(body.getString("request_id").isEmpty());
    assertFalse(body.getString("message").isEmpty());
    return body.getString("code");
  }

  private static JsonObject qwenClone(byte[] sample) {
    return new JsonObject()
        .put("action", "create")
        .put("target_model", CLONE_TARGET)
        .put("preferred_name", "anna")
        .put("audio", new JsonObject().put("data", Samples.dataUri(sample, "audio/wav")));
  }

  private static JsonObject qwenDesign(String prompt) {
    return new JsonObject()
        .put("action", "create")
        .put("target_model", DESIGN_TARGET)
        .put("preferred_name", "narrator")
        .put("voice_prompt", prompt)
        .put("preview_text", TEXT);
  }

  /** What the realtime socket says with the voice, 24 kHz. */
  private static short[] speech(String model, String voice) throws Exception {
    try (RawClient client = RawClient.realtime(house, model)) {
      client.await("session.created");
      client.update(new JsonObject().put("voice", voice).put("mode", "commit"));
      client.await("session.updated");
      client.append(TEXT).event("input_text_buffer.commit");
      Buffer all = Buffer.buffer();
      JsonObject event = client.await("response.audio.delta");
      while (!event.getString("type").equals("response.done")) {
        if (event.getString("type").equals("response.audio.delta")) {
          all.appendBytes(Base64.getDecoder().decode(event.getString("delta")));
        }
        event = new JsonObject((String) client.next());
      }
      return Samples.shorts(all.getBytes());
    }
  }

  @Test
  void aCloneSpeaksAboutAsHighAsItsSample() throws Exception {
    for (double hz : List.of(95.0, 150.0, 215.0, 300.0)) {
      String id = output(house, CLONE, qwenClone(Samples.wav(hz, 4, 24_000))).getString("voice");
      assertTrue(id.matches("qwen-tts-vc-anna-voice-\\d{17}-[0-9a-f]{4}"), id);

      double heard = Samples.pitchHz(speech(CLONE_TARGET, id), 24_000);
      assertTrue(heard > hz * 0.72 && heard < hz * 1.4, hz + " became " + heard);
    }
  }

  @Test
  void aCosyVoiceCloneSpeaksAboutAsHighAsItsSample() throws Exception {
    for (double hz : List.of(100.0, 170.0, 280.0)) {
      String id =
          output(house, COSY, cosyClone(http.serve(Samples.wav(hz, 6, 16_000))))
              .getString("voice_id");

      double heard = Samples.pitchHz(taskSpeech("cosyvoice-v3-flash", id), 24_000);
      assertTrue(heard > hz * 0.72 && heard < hz * 1.4, hz + " became " + heard);
    }
  }

  @Test
  void anMp3SampleCountsAsMuch() throws Exception {
    JsonObject input = qwenClone(new byte[0]);
    input.put(
        "audio",
        new JsonObject().put("data", Samples.dataUri(Samples.mp3(290, 4, 24_000), "audio/mpeg")));
    String id = output(house, CLONE, input).getString("voice");

    assertTrue(Samples.pitchHz(speech(CLONE_TARGET, id), 24_000) > 210);
  }

  /** A design's preview. */
  private static short[] preview(String prompt) throws Exception {
    JsonObject output = output(house, DESIGN, qwenDesign(prompt));
    assertTrue(output.getString("voice").startsWith("qwen-tts-vd-narrator-voice-"));
    byte[] preview =
        Base64.getDecoder().decode(output.getJsonObject("preview_audio").getString("data"));
    assertEquals('R', preview[0]);
    return Samples.shorts(Arrays.copyOfRange(preview, 44, preview.length));
  }

  @Test
  void theWordsOfADescriptionAreHeard() throws Exception {
    short[] man = preview("沉稳的老年男声，低沉，语速偏慢。");
    short[] woman = preview("A bright young woman who speaks fast.");
    short[] child = preview("童声，小女孩");
    double manHz = Samples.pitchHz(man, 24_000);
    double womanHz = Samples.pitchHz(woman, 24_000);
    double childHz = Samples.pitchHz(child, 24_000);

    assertTrue(
        manHz < 120 && womanHz > 150 && childHz > 240, manHz + ", " + womanHz + ", " + childHz);
    assertTrue(man.length > 1.3 * woman.length, man.length + ", " + woman.length);
  }

  /** What a CosyVoice design says once it is kept. */
  private static short[] cosyDesigned(String prompt) throws Exception {
    String id =
        output(
                house,
                COSY,
                new JsonObject()
                    .put("action", "create_voice")
                    .put("target_model", "cosyvoice-v3.5-plus")
                    .put("prefix", "words")
                    .put("voice_prompt", prompt)
                    .put("preview_text", TEXT))
            .getString("voice_id");
    return taskSpeech("cosyvoice-v3.5-plus", id);
  }

  @Test
  void theWordsOfACosyVoiceDescriptionAreHeardInItsSpeech() throws Exception {
    short[] man = cosyDesigned("沉稳的老年男声，低沉，语速偏慢。");
    short[] woman = cosyDesigned("A bright young woman who speaks fast.");
    short[] child = cosyDesigned("童声，小女孩");
    double manHz = Samples.pitchHz(man, 24_000);
    double womanHz = Samples.pitchHz(woman, 24_000);
    double childHz = Samples.pitchHz(child, 24_000);

    assertTrue(
        manHz < 120 && womanHz > 150 && childHz > 240, manHz + ", " + womanHz + ", " + childHz);
    assertTrue(man.length > 1.3 * woman.length, man.length + ", " + woman.length);
  }

  @Test
  void aDesignIsListedAndAskedForWithItsWords() throws Exception {
    try (GuestHouse own = new GuestHouse()) {
      String id = output(own, DESIGN, qwenDesign("年轻的女声")).getString("voice");
      JsonObject list = output(own, DESIGN, new JsonObject().put("action", "list"));
      assertEquals(1, list.getInteger("total_count"));
      assertEquals(id, list.getJsonArray("voice_list").getJsonObject(0).getString("voice"));
      JsonObject ask = new JsonObject().put("action", "query").put("voice", id);
      assertEquals("年轻的女声", output(own, DESIGN, ask).getString("voice_prompt"));
      assertEquals("InvalidParameter", code(call(own, CLONE, ask)));
      JsonObject clones = output(own, CLONE, new JsonObject().put("action", "list"));
      assertEquals(new JsonArray(), clones.getJsonArray("voice_list"));

      JsonObject gone = new JsonObject().put("action", "delete").put("voice", id);
      assertEquals(id, output(own, DESIGN, gone).getString("voice"));
      assertEquals("BadRequest.VoiceNotFound", code(call(own, DESIGN, gone)));
    }
  }

  @Test
  void previewsComeInEveryFormat() throws Exception {
    for (String format : List.of("pcm", "wav", "mp3", "opus")) {
      HttpResponse<byte[]> response =
          http.post(
              house.httpUrl() + PATH,
              GuestHouse.KEY,
              new JsonObject()
                  .put("model", DESIGN)
                  .put("input", qwenDesign("女声"))
                  .put("parameters", new JsonObject().put("response_format", format)));
      JsonObject audio =
          RawHttp.json(response).getJsonObject("output").getJsonObject("preview_audio");
      assertEquals(format, audio.getString("response_format"));
      assertTrue(audio.getString("data").length() > 5000, format);
    }
  }

  @Test
  void cosyVoiceDesignsAreOkAtOnceAndHaveNoLink() throws Exception {
    JsonObject input =
        new JsonObject()
            .put("action", "create_voice")
            .put("target_model", "cosyvoice-v3.5-plus")
            .put("prefix", "narr")
            .put("voice_prompt", "A calm male narrator in his fifties, low and slow.")
            .put("preview_text", "too short")
            .put("language_hints", new JsonArray().add("en"));
    assertEquals("InvalidParameter", code(call(house, COSY, input)));
    input.put("preview_text", "Welcome back to the evening news.");
    String id = output(house, COSY, input).getString("voice_id");
    assertTrue(id.matches("cosyvoice-v3\\.5-plus-vd-narr-[0-9a-f]{32}"), id);

    JsonObject voice =
        output(house, COSY, new JsonObject().put("action", "query_voice").put("voice_id", id));
    assertEquals("OK", voice.getString("status"));
    assertFalse(voice.containsKey("resource_link"));
  }

  @Test
  void badSamplesGetTheirCode() throws Exception {
    byte[] good = Samples.wav(150, 6, 24_000);
    byte[] noChannels = good.clone();
    noChannels[22] = 0;
    byte[] noRate = good.clone();
    Arrays.fill(noRate, 24, 28, (byte) 0);
    byte[] huge = good.clone();
    Arrays.fill(huge, 40, 44, (byte) 0xFF);
    byte[] eight = good.clone();
    eight[34] = 8;
    byte[] pauses = Samples.wav(150, 20, 24_000);
    Arrays.fill(pauses, 44 + 2 * 24_000 * 4, pauses.length, (byte) 0);
    byte[] id3 = Arrays.copyOf(new byte[] {'I', 'D', '3', 4, 0, 0, 127, 127, 127, 127}, 200);
    byte[] loop = Samples.m4a(10, 44_100);
    Arrays.fill(loop, 16, 20, (byte) 0);
    loop[19] = 4;
    Map<String, List<byte[]>> bad =
        Map.of(
            "BadRequest.UnsupportedFileFormat",
            List.of(new byte[0], new byte[1], "no sound at all".getBytes(UTF_8), eight),
            "Audio.DecoderError",
            List.of(
                Arrays.copyOf(good, 44),
                Arrays.copyOf(good, 20),
                Arrays.copyOf(good, good.length / 2),
                noChannels,
                noRate,
                huge,
                id3,
                loop),
            "Audio.FileSizeExceed",
            List.of(new byte[(10 << 20) + 1]),
            "Audio.AudioRateError",
            List.of(Samples.wav(150, 6, 8000), Samples.m4a(10, 11_025)),
            "Audio.AudioSilentError",
            List.of(Samples.wav(new short[16_000 * 8], 16_000)),
            "Audio.AudioShortError",
            List.of(
                Samples.wav(150, 2, 16_000), Samples.mp3(150, 2, 16_000), Samples.m4a(2, 44_100)),
            "Audio.DurationLimitError",
            List.of(Samples.wav(150, 61, 16_000), Samples.m4a(61, 44_100)),
            "Audio.PreprocessError",
            List.of(pauses));
    for (Map.Entry<String, List<byte[]>> entry : bad.entrySet()) {
      for (byte[] sample : entry.getValue()) {
        HttpResponse<byte[]> response = call(house, COSY, cosyClone(http.serve(sample)));

        assertEquals(entry.getKey(), code(response), () -> "of " + sample.length + " bytes");
        assertEquals(400, response.statusCode());
      }
    }
    assertEquals(200, call(house, COSY, cosyClone(http.serve(good))).statusCode());
    assertEquals(
        200, call(house, COSY, cosyClone(http.serve(Samples.m4a(10, 44_100)))).statusCode());
    assertEquals(
        "Audio.AudioRateError", code(call(house, CLONE, qwenClone(Samples.wav(150, 6, 16_000)))));
  }

  private static JsonObject cosyClone(String url) {
    return new JsonObject()
        .put("action", "create_voice")
        .put("target_model", "cosyvoice-v3-flash")
        .put("prefix", "anna")
        .put("url", url);
  }

  @Test
  void olderServersHadNumbersOfTheirOwn() throws Exception {
    try (GuestHouse old = new GuestHouse(new JsonObject().put("oldErrors", true))) {
      assertEquals(415, call(old, COSY, cosyClone(http.serve(new byte[9]))).statusCode());
      assertEquals(
          430, call(old, COSY, cosyClone(http.serve(Samples.wav(99, 6, 8000)))).statusCode());
      HttpResponse<byte[]> gone =
          call(old, COSY, new JsonObject().put("action", "delete_voice").put("voice_id", "x"));
      assertEquals(416, gone.statusCode());
      assertEquals("BadRequest.ResourceNotExist", code(gone));
    }
  }

  @Test
  void mixedUpFieldsAreRefused() throws Exception {
    JsonObject ok = qwenClone(Samples.wav(150, 4, 24_000));
    assertEquals("ModelNotFound", code(call(house, "qwen-voice-enrolment", ok)));
    assertEquals("InvalidParameter", code(call(house, COSY, ok)));
    assertEquals("InvalidParameter", code(call(house, DESIGN, ok)));
    for (String field : List.of("target_model", "preferred_name", "audio", "action")) {
      JsonObject less = ok.copy();
      less.remove(field);
      assertEquals("InvalidParameter", code(call(house, CLONE, less)), field);
    }
    assertEquals("InvalidParameter", code(call(house, CLONE, ok.copy().put("language", "tlh"))));
    assertEquals(
        "InvalidParameter",
        code(http.post(house.httpUrl() + PATH, GuestHouse.KEY, "text/plain", "{".getBytes(UTF_8))));
  }

  @Test
  void synthesisTakesTheVoiceWithItsModelAndAccountOnly() throws Exception {
    String id = output(house, CLONE, qwenClone(Samples.wav(150, 4, 24_000))).getString("voice");
    try (RawClient client = RawClient.realtime(house, "qwen3-tts-vc-realtime-2025-11-27")) {
      client.await("session.created");
      client.update(new JsonObject().put("voice", id));
      assertEquals(
          "InvalidParameter", client.await("error").getJsonObject("error").getString("code"));
    }
    JsonObject other =
        RawHttp.json(
            http.post(
                house.httpUrl() + PATH,
                GuestHouse.OTHER_KEY,
                new JsonObject()
                    .put("model", COSY)
                    .put("input", cosyClone(http.serve(Samples.wav(150, 6, 16_000))))));
    String theirs = other.getJsonObject("output").getString("voice_id");
    assertTrue(task(house, "cosyvoice-v3-flash", theirs).contains("task-failed"));
    String mine =
        output(house, COSY, cosyClone(http.serve(Samples.wav(150, 6, 16_000))))
            .getString("voice_id");
    assertTrue(task(house, "cosyvoice-v3-plus", mine).contains("task-failed"));
    assertTrue(task(house, "cosyvoice-v3-flash", mine).contains("binary"));
  }

  @Test
  void aVoiceThatIsStillDeployingSaysNothing() throws Exception {
    try (GuestHouse slow = new GuestHouse(new JsonObject().put("deployMs", 60_000))) {
      String id =
          output(slow, COSY, cosyClone(http.serve(Samples.wav(150, 6, 16_000))))
              .getString("voice_id");
      List<String> types = task(slow, "cosyvoice-v3-flash", id);

      assertEquals("task-finished", types.get(types.size() - 1));
      assertFalse(types.contains("binary"));
    }
  }

  /** Types of everything that a task with the voice brings. */
  private static List<String> task(GuestHouse at, String model, String voice) throws Exception {
    return task(at, model, voice, "你好。", Buffer.buffer());
  }

  /** What the inference socket says with the voice, 24 kHz. */
  private static short[] taskSpeech(String model, String voice) throws Exception {
    Buffer audio = Buffer.buffer();
    task(house, model, voice, TEXT, audio);
    return Samples.shorts(audio.getBytes());
  }

  private static List<String> task(
      GuestHouse at, String model, String voice, String text, Buffer audio) throws Exception {
    try (RawClient client = RawClient.inference(at)) {
      JsonObject header = new JsonObject().put("task_id", "T").put("streaming", "duplex");
      client.send(
          new JsonObject()
              .put("header", header.copy().put("action", "run-task"))
              .put(
                  "payload",
                  new JsonObject()
                      .put("model", model)
                      .put("task_group", "audio")
                      .put("task", "tts")
                      .put("function", "SpeechSynthesizer")
                      .put(
                          "parameters",
                          new JsonObject()
                              .put("voice", voice)
                              .put("format", "pcm")
                              .put("sample_rate", 24_000))
                      .put("input", new JsonObject())));
      awaitAny(client, "task-started", "task-failed");
      if (client.types().contains("task-failed")) {
        return List.copyOf(client.types());
      }
      client.send(
          new JsonObject()
              .put("header", header.copy().put("action", "continue-task"))
              .put("payload", new JsonObject().put("input", new JsonObject().put("text", text))));
      client.send(
          new JsonObject()
              .put("header", header.copy().put("action", "finish-task"))
              .put("payload", new JsonObject().put("input", new JsonObject())));
      while (!client.types().contains("task-finished") && !client.types().contains("task-failed")) {
        if (client.next() instanceof Buffer sound) {
          audio.appendBuffer(sound);
        }
      }
      return List.copyOf(client.types());
    }
  }

  private static void awaitAny(RawClient client, String one, String other)
      throws InterruptedException {
    while (!client.types().contains(one) && !client.types().contains(other)) {
      Object unused = client.next();
    }
  }

  @Test
  void voicesOutliveTheGuestWithAFolderAndQuotaCounts(@TempDir Path folder) throws Exception {
    JsonObject config = new JsonObject().put("data", folder.toString()).put("mostVoices", 2);
    String first;
    try (GuestHouse before = new GuestHouse(config)) {
      first = output(before, DESIGN, qwenDesign("女声")).getString("voice");
      assertEquals(200, call(before, DESIGN, qwenDesign("男声")).statusCode());
    }
    try (GuestHouse after = new GuestHouse(config)) {
      JsonObject list = output(after, DESIGN, new JsonObject().put("action", "list"));
      assertEquals(2, list.getInteger("total_count"));
      HttpResponse<byte[]> third = call(after, DESIGN, qwenDesign("童声"));
      assertEquals(429, third.statusCode());
      assertEquals("Throttling.AllocationQuota", code(third));
      assertEquals(
          200,
          call(after, DESIGN, new JsonObject().put("action", "delete").put("voice", first))
              .statusCode());
      assertEquals(200, call(after, DESIGN, qwenDesign("童声")).statusCode());
    }
  }

  @Test
  void callsFailAsTold() throws Exception {
    JsonObject list = new JsonObject().put("action", "list_voice");
    house.faults().add(new Fault.RefuseCall("list_voice", 403, "AccessDenied", "Access denied."));
    assertEquals("AccessDenied", code(call(house, COSY, list)));
    house.faults().add(new Fault.LimitCall(""));
    assertEquals("Throttling.RateQuota", code(call(house, COSY, list)));
    house.faults().add(new Fault.GarbageCall("", "<html>"));
    assertEquals("<html>", new String(call(house, COSY, list).body(), UTF_8));
    house.faults().add(new Fault.CutCall("", 5));
    assertThrows(IOException.class, () -> call(house, COSY, list));
    house.faults().add(new Fault.SlowCall("", Duration.ofMillis(200)));
    long begin = System.nanoTime();
    assertEquals(200, call(house, COSY, list).statusCode());
    assertTrue(System.nanoTime() - begin > Duration.ofMillis(190).toNanos());
    house.faults().add(new Fault.RefuseCall("getPolicy", 500, "InternalError", "no"));
    assertEquals(200, call(house, COSY, list).statusCode(), "another kind of call is spared");
    assertEquals(
        500,
        http.get(house.httpUrl() + "/uploads?action=getPolicy&model=m", GuestHouse.KEY)
            .statusCode());
  }

  @Test
  void aLostAnswerLeavesTheVoice() throws Exception {
    JsonObject create = cosyClone(http.serve(Samples.wav(150, 6, 16_000))).put("prefix", "lost");
    house.faults().add(new Fault.LoseAnswer("create_voice"));
    assertThrows(IOException.class, () -> call(house, COSY, create));

    JsonObject list = new JsonObject().put("action", "list_voice").put("prefix", "lost");
    assertEquals(1, output(house, COSY, list).getJsonArray("voice_list").size());
  }

  @Test
  void theRateOfCallsIsLimitedWhenTold() throws Exception {
    try (GuestHouse strict = new GuestHouse(new JsonObject().put("rateLimits", true))) {
      JsonObject list = new JsonObject().put("action", "list");
      int refused = 0;
      for (int i = 0; i < 181; i++) {
        refused += call(strict, CLONE, list).statusCode() == 429 ? 1 : 0;
      }
      assertEquals(1, refused);
    }
  }
}
