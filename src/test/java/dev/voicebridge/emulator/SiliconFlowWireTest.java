package dev.voicebridge.emulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.emulator.engine.EspeakEngine;
import dev.voicebridge.emulator.siliconflow.SiliconFlowDoor;
import dev.voicebridge.emulator.wire.Fault;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The embedded SiliconFlow by hand, with the guest's real voice. */
@Timeout(60)
class SiliconFlowWireTest {
  private static final String MODEL = "FunAudioLLM/CosyVoice2-0.5B";
  private static final String TEXT = "今天天气很好，我们一起去公园散步吧。";
  private static final String BOUNDARY = "x-boundary-x";

  private static GuestHouse house;
  private static RawHttp http;
  private static String url;

  @BeforeAll
  static void open() throws Exception {
    house = new GuestHouse();
    url = house.siliconFlow(new JsonObject(), EspeakEngine::open);
    http = new RawHttp(house.vertx());
  }

  @AfterAll
  static void close() throws Exception {
    http.close();
    house.close();
  }

  private static JsonObject order(String voice) {
    return new JsonObject()
        .put("model", MODEL)
        .put("input", TEXT)
        .put("voice", voice)
        .put("response_format", "pcm")
        .put("sample_rate", 24_000);
  }

  private static HttpResponse<byte[]> speak(JsonObject order) throws Exception {
    return http.post(url + "/audio/speech", GuestHouse.KEY, order);
  }

  private static byte[] audio(JsonObject order) throws Exception {
    HttpResponse<byte[]> response = speak(order);
    assertEquals(200, response.statusCode(), () -> new String(response.body(), UTF_8));
    assertTrue(response.headers().firstValue("x-siliconcloud-trace-id").isPresent());
    return response.body();
  }

  private static double pitchHz(JsonObject order) throws Exception {
    return Samples.pitchHz(Samples.shorts(audio(order)), 24_000);
  }

  private static byte[] form(JsonObject fields, byte[] file) {
    Buffer body = Buffer.buffer();
    fields.forEach(
        field ->
            body.appendString("--" + BOUNDARY + "\r\n")
                .appendString(
                    "Content-Disposition: form-data; name=\"" + field.getKey() + "\"\r\n\r\n")
                .appendString(field.getValue() + "\r\n"));
    body.appendString("--" + BOUNDARY + "\r\n")
        .appendString("Content-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n")
        .appendString("Content-Type: audio/wav\r\n\r\n")
        .appendBytes(file)
        .appendString("\r\n--" + BOUNDARY + "--\r\n");
    return body.getBytes();
  }

  private static HttpResponse<byte[]> send(String path, JsonObject fields, byte[] file)
      throws Exception {
    return http.post(
        url + path,
        GuestHouse.KEY,
        "multipart/form-data; boundary=" + BOUNDARY,
        form(fields, file));
  }

  @ParameterizedTest
  @CsvSource({
    "mp3, 32000",
    "mp3, 44100",
    "opus, 48000",
    "wav, 8000",
    "wav, 24000",
    "pcm, 16000",
    "pcm, 44100"
  })
  void everyFormatSpeaksAtItsRates(String format, int rate) throws Exception {
    JsonObject order =
        order(MODEL + ":anna").put("response_format", format).put("sample_rate", rate);

    byte[] streamed = audio(order);
    byte[] whole = audio(order.put("stream", false));

    assertTrue(streamed.length > 5000);
    if (format.equals("opus")) {
      // every Ogg stream has a number of its own
      assertEquals(streamed.length, whole.length);
    } else {
      assertArrayEquals(streamed, whole);
    }
  }

  @Test
  void presetsSoundDifferent() throws Exception {
    assertTrue(pitchHz(order(MODEL + ":benjamin")) < 110);
    assertTrue(pitchHz(order(MODEL + ":diana")) > 150);
  }

  @Test
  void speedAndGainCount() throws Exception {
    byte[] plain = audio(order(MODEL + ":alex"));
    assertTrue(audio(order(MODEL + ":alex").put("speed", 2)).length < 0.7 * plain.length);
    byte[] loud = audio(order(MODEL + ":alex").put("gain", 6));
    assertEquals(plain.length, loud.length);
    assertTrue(power(loud) > 2.5 * power(plain));
  }

  private static double power(byte[] pcm) {
    double sum = 0;
    for (short sample : Samples.shorts(pcm)) {
      sum += (double) sample * sample;
    }
    return sum;
  }

  @Test
  void aCloneIsUploadedListedSpokenAndDeleted() throws Exception {
    JsonObject fields =
        new JsonObject().put("model", MODEL).put("customName", "low").put("text", "嗯");
    String low =
        RawHttp.json(send("/uploads/audio/voice", fields, Samples.wav(95, 5, 16_000)))
            .getString("uri");
    JsonObject inline =
        fields
            .copy()
            .put("customName", "high")
            .put("audio", Samples.dataUri(Samples.mp3(290, 5, 32_000), "audio/mpeg"));
    String high =
        RawHttp.json(http.post(url + "/uploads/audio/voice", GuestHouse.KEY, inline))
            .getString("uri");
    assertTrue(high.startsWith("speech:high:"), high);

    double lowHz = pitchHz(order(low));
    double highHz = pitchHz(order(high));
    assertTrue(lowHz > 95 * 0.72 && lowHz < 95 * 1.4, "95 became " + lowHz);
    assertTrue(highHz > 290 * 0.72 && highHz < 290 * 1.4, "290 became " + highHz);

    JsonObject list = RawHttp.json(http.get(url + "/audio/voice/list", GuestHouse.KEY));
    assertEquals(list.getJsonArray("result"), list.getJsonArray("results"));
    assertEquals(high, list.getJsonArray("result").getJsonObject(0).getString("uri"));
    assertEquals(
        new JsonArray(),
        RawHttp.json(http.get(url + "/audio/voice/list", GuestHouse.OTHER_KEY))
            .getJsonArray("result"));
    for (String uri : List.of(low, high)) {
      assertEquals(
          200,
          http.post(
                  url + "/audio/voice/deletions", GuestHouse.KEY, new JsonObject().put("uri", uri))
              .statusCode());
      assertEquals(400, speak(order(uri)).statusCode());
    }
  }

  @Test
  void aReferenceIsAVoiceForOnce() throws Exception {
    JsonObject order =
        order("")
            .put(
                "references",
                new JsonArray()
                    .add(
                        new JsonObject()
                            .put("audio", http.serve(Samples.wav(290, 5, 24_000)))
                            .put("text", "嗯")));

    assertTrue(pitchHz(order) > 210);
    assertEquals(400, speak(order.put("voice", MODEL + ":anna")).statusCode());
  }

  @Test
  void transcriptionKnowsItsOwnWords() throws Exception {
    JsonObject model = new JsonObject().put("model", "FunAudioLLM/SenseVoiceSmall");
    byte[] own = audio(order(MODEL + ":anna").put("response_format", "wav"));

    assertEquals(TEXT, RawHttp.json(send("/audio/transcriptions", model, own)).getString("text"));
    assertEquals(
        SiliconFlowDoor.UNHEARD,
        RawHttp.json(send("/audio/transcriptions", model, Samples.wav(99, 2, 16_000)))
            .getString("text"));
  }

  @Test
  void mistakesGetTheServicesOwnBodies() throws Exception {
    for (JsonObject wrong :
        List.of(
            order("anna"),
            order("fnlp/MOSS-TTSD-v0.5:anna"),
            order("speech:no:such:voice"),
            order(MODEL + ":anna").put("model", "tts-1"),
            order(MODEL + ":anna").put("response_format", "aac"),
            order(MODEL + ":anna").put("response_format", "mp3"),
            order(MODEL + ":anna").put("input", ""),
            order(MODEL + ":anna").put("speed", 5),
            order(""))) {
      HttpResponse<byte[]> response = speak(wrong);
      assertEquals(400, response.statusCode(), wrong::encode);
      assertEquals(20012, RawHttp.json(response).getInteger("code"));
    }
    HttpResponse<byte[]> stranger = http.get(url + "/models", "sk-wrong");
    assertEquals(401, stranger.statusCode());
    assertEquals("\"Invalid token\"", new String(stranger.body(), UTF_8));
    assertEquals(
        "404 page not found", new String(http.get(url + "/voices", GuestHouse.KEY).body(), UTF_8));
    assertEquals(
        4, RawHttp.json(http.get(url + "/models", GuestHouse.KEY)).getJsonArray("data").size());
  }

  @Test
  void callsFailAsTold() throws Exception {
    house.faults().add(new Fault.RefuseCall("audio/speech", 403, "", "Forbidden"));
    assertEquals("\"Forbidden\"", new String(speak(order(MODEL + ":anna")).body(), UTF_8));
    house.faults().add(new Fault.RefuseCall("", 503, "50505", "Model service overloaded."));
    assertEquals(50505, RawHttp.json(speak(order(MODEL + ":anna"))).getInteger("code"));
    house.faults().add(new Fault.LimitCall("audio/speech"));
    assertEquals(429, speak(order(MODEL + ":anna")).statusCode());
    house.faults().add(new Fault.CutCall("audio/speech", 1001));
    assertThrows(IOException.class, () -> speak(order(MODEL + ":anna")));
    assertTrue(house.faults().isEmpty());
  }
}
