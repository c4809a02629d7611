package dev.voicebridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.audio.AudioFormat;
import dev.voicebridge.audio.Decoded;
import dev.voicebridge.sample.TestSamples;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code POST /v1/audio/speech} of the server as it starts: the embedded vendor speaks. */
final class SpeechDoorTest {
  private static final String SENTENCE = "夜里下了一场小雨，清晨的街道闻起来有青草的味道。";
  private static final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  @RegisterExtension static final FreshServer server = FreshServer.with();

  private static HttpResponse<byte[]> post(String path, String body) throws Exception {
    return client.send(
        server
            .request(path)
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofByteArray());
  }

  private static HttpResponse<byte[]> speak(JsonObject body) throws Exception {
    HttpResponse<byte[]> answer = post("/v1/audio/speech", body.encode());
    assertEquals(200, answer.statusCode(), () -> text(answer));
    assertTrue(answer.headers().firstValue("x-request-id").isPresent());
    return answer;
  }

  private static String text(HttpResponse<byte[]> answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  private static JsonObject order(String model, String voice) {
    return new JsonObject().put("model", model).put("voice", voice).put("input", SENTENCE);
  }

  private static String type(HttpResponse<byte[]> answer) {
    return answer.headers().firstValue("content-type").orElse("");
  }

  /** What independent decoders make of an answer. */
  private static Decoded decoded(String format, byte[] bytes) throws Exception {
    return switch (format) {
      case "mp3" -> Decoded.of(AudioFormat.MP3, 0, bytes);
      case "opus" -> Decoded.of(AudioFormat.OPUS, 0, bytes);
      case "wav" -> Decoded.of(AudioFormat.WAV, 0, bytes);
      case "pcm" -> Decoded.of(AudioFormat.PCM, 24_000, bytes);
      case "flac" -> Decoded.flac(bytes);
      case "ulaw", "alaw" -> Decoded.g711(format, bytes);
      default -> throw new IllegalArgumentException(format);
    };
  }

  @ParameterizedTest
  @CsvSource({
    "qwen3-tts-flash-realtime, Cherry,     mp3,  audio/mpeg",
    "qwen3-tts-flash-realtime, Cherry,     opus, audio/ogg",
    "qwen3-tts-flash-realtime, Cherry,     flac, audio/flac",
    "qwen3-tts-flash-realtime, Cherry,     wav,  audio/wav",
    "qwen3-tts-flash-realtime, Cherry,     ulaw, audio/PCMU;rate=8000",
    "qwen3-tts-flash-realtime, Cherry,     alaw, audio/PCMA;rate=8000",
    "qwen3-tts-flash,          Cherry,     mp3,  audio/mpeg",
    "qwen3-tts-flash,          Cherry,     opus, audio/ogg",
    "qwen3-tts-flash,          Cherry,     flac, audio/flac",
    "qwen3-tts-flash,          Cherry,     wav,  audio/wav",
    "qwen3-tts-instruct-flash, Cherry,     flac, audio/flac",
    "qwen3-tts-flash,          Cherry,     ulaw, audio/PCMU;rate=8000",
    "qwen-tts-realtime,        Serena,     mp3,  audio/mpeg",
    "qwen-tts-realtime,        Serena,     opus, audio/ogg",
    "cosyvoice-v3-flash,       longanyang, mp3,  audio/mpeg",
    "cosyvoice-v3-flash,       longanyang, opus, audio/ogg",
    "cosyvoice-v3-flash,       longanyang, flac, audio/flac",
    "cosyvoice-v3-flash,       longanyang, wav,  audio/wav",
    "qwen-tts-realtime,        Serena,     ulaw, audio/PCMU;rate=8000",
    "sambert-zhichu-v1,        zhichu,     opus, audio/ogg",
    "sambert-zhichu-v1,        zhichu,     mp3,  audio/mpeg",
    "sambert-zhimiao-emo-v1,   zhimiao-emo, flac, audio/flac",
    "sambert-zhimiao-emo-v1,   zhimiao-emo, alaw, audio/PCMA;rate=8000",
  })
  void everyFormatIsTheSameSpeechAsThePcm(String model, String voice, String format, String type)
      throws Exception {
    JsonObject order = order(model, voice);
    HttpResponse<byte[]> raw = speak(order.copy().put("response_format", "pcm"));
    assertEquals("audio/pcm;rate=24000;channels=1", type(raw));
    assertEquals(0, raw.body().length % 2);
    Decoded pcm = decoded("pcm", raw.body());

    HttpResponse<byte[]> answer = speak(order.copy().put("response_format", format));

    assertEquals(type, type(answer));
    assertEquals("chunked", answer.headers().firstValue("transfer-encoding").orElse(""));
    Decoded heard = decoded(format, answer.body());
    assertTrue(pcm.ms() > 3_000 && pcm.ms() < 9_000, pcm.ms() + " ms of speech");
    assertEquals(pcm.ms(), heard.ms(), 130, "length");
    assertEquals(pcm.rms(), heard.rms(), pcm.rms() / 8, "loudness");
    double alike = correlation(pcm.envelope(), heard.envelope());
    assertTrue(alike > 0.96, "envelopes correlate by " + alike);
  }

  /** Of the loudness over time, the one shifted by up to 80 ms: codecs put silence first. */
  private static double correlation(double[] one, double[] other) {
    double best = -1;
    for (int shift = 0; shift <= 40; shift++) {
      int length = Math.min(one.length, other.length - shift);
      best = Math.max(best, pearson(one, Arrays.copyOfRange(other, shift, shift + length)));
    }
    return best;
  }

  private static double pearson(double[] one, double[] other) {
    int n = Math.min(one.length, other.length);
    double meanOne = Arrays.stream(one, 0, n).average().orElseThrow();
    double meanOther = Arrays.stream(other, 0, n).average().orElseThrow();
    double both = 0;
    double varOne = 0;
    double varOther = 0;
    for (int i = 0; i < n; i++) {
      both += (one[i] - meanOne) * (other[i] - meanOther);
      varOne += (one[i] - meanOne) * (one[i] - meanOne);
      varOther += (other[i] - meanOther) * (other[i] - meanOther);
    }
    return both / Math.sqrt(varOne * varOther);
  }

  @Test
  void eventsJoinToTheSameStream() throws Exception {
    JsonObject order = order("gpt-4o-mini-tts", "alloy").put("response_format", "wav");
    byte[] plain = speak(order).body();

    HttpResponse<byte[]> answer = speak(order.copy().put("stream_format", "sse"));

    assertEquals("text/event-stream", type(answer));
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    List<String> events = List.of(text(answer).split("\n\n"));
    for (String event : events.subList(0, events.size() - 1)) {
      assertTrue(event.startsWith("data: {"), event);
      JsonObject delta = new JsonObject(event.substring(6));
      assertEquals("speech.audio.delta", delta.getString("type"));
      joined.writeBytes(Base64.getDecoder().decode(delta.getString("audio")));
    }
    JsonObject done = new JsonObject(events.get(events.size() - 1).substring(6));
    assertEquals("speech.audio.done", done.getString("type"));
    JsonObject usage = done.getJsonObject("usage");
    assertEquals(
        usage.getInteger("input_tokens") + usage.getInteger("output_tokens"),
        usage.getInteger("total_tokens"));
    assertTrue(text(answer).endsWith("}\n\n"));
    assertEquals(plain.length, joined.size());
    assertTrue(Arrays.equals(plain, joined.toByteArray()));
  }

  @ParameterizedTest
  @CsvSource({
    "cosyvoice-v3-flash,     longanyang,  mp3",
    "cosyvoice-v3-flash,     longanyang,  pcm",
    "sambert-zhimiao-emo-v1, zhimiao-emo, opus",
  })
  void whoAsksIsToldWhereTheWordsAreAmongTheEvents(String model, String voice, String format)
      throws Exception {
    JsonObject order =
        order(model, voice)
            .put("response_format", format)
            .put("stream_format", "sse")
            .put("word_timestamps", true);

    List<JsonObject> events =
        Stream.of(text(speak(order)).split("\n\n"))
            .map(event -> new JsonObject(event.substring(6)))
            .toList();

    List<JsonObject> words =
        events.stream()
            .filter(event -> event.getString("type").equals("speech.audio.timestamps"))
            .flatMap(event -> event.getJsonArray("words").stream())
            .map(JsonObject.class::cast)
            .toList();
    assertTrue(words.size() > 5, words.toString());
    int before = 0;
    for (JsonObject word : words) {
      int from = word.getInteger("begin_index");
      assertTrue(SENTENCE.startsWith(word.getString("text"), from), word.encode());
      assertTrue(word.getInteger("begin_ms") >= before, word.encode());
      assertTrue(word.getInteger("end_ms") >= word.getInteger("begin_ms"), word.encode());
      before = word.getInteger("begin_ms");
    }
    assertTrue(before > 1_500 && before < 9_000, before + " ms");
    assertEquals("speech.audio.done", events.get(events.size() - 1).getString("type"));
    assertTrue(
        events.stream().anyMatch(event -> event.getString("type").equals("speech.audio.delta")));
    // Official readers meet nothing that they do not know.
    order.remove("word_timestamps");
    assertFalse(text(speak(order)).contains("timestamps"));
  }

  @Test
  void wordTimesThatCannotBeToldAreIgnoredAndSaidSo() throws Exception {
    for (JsonObject order :
        List.of(
            order("qwen3-tts-flash-realtime", "Cherry").put("stream_format", "sse"),
            order("cosyvoice-v3-flash", "longanyang"))) {
      HttpResponse<byte[]> answer = speak(order.put("word_timestamps", true));
      assertEquals(
          "word_timestamps", answer.headers().firstValue("x-voicebridge-ignored").orElse(""));
    }
  }

  @Test
  void mp3AnswersPutEndToEndPlayAsOne() throws Exception {
    JsonObject order = order("tts-1", "alloy");
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    double ms = 0;
    for (String part : List.of("第一句话。", ".", "第二句话，长一点。")) {
      byte[] answer = speak(order.put("input", part)).body();
      assertEquals((byte) 0xff, answer[0]);
      assertEquals(0xe0, answer[1] & 0xe0);
      String head = new String(answer, 0, 100, StandardCharsets.ISO_8859_1);
      assertFalse(head.contains("Xing") || head.contains("Info") || head.contains("VBRI"));
      ms += decoded("mp3", answer).ms();
      joined.writeBytes(answer);
    }

    assertEquals(ms, decoded("mp3", joined.toByteArray()).ms(), 1);
  }

  @ParameterizedTest
  @CsvSource({"mp3", "opus", "flac", "wav", "pcm", "ulaw", "alaw"})
  void whatCannotBeSpokenIsAShortSilence(String format) throws Exception {
    for (String input : List.of(".", "😀")) {
      HttpResponse<byte[]> answer =
          speak(order("tts-1", "alloy").put("input", input).put("response_format", format));

      Decoded silence = decoded(format, answer.body());
      assertTrue(silence.ms() >= 190 && silence.ms() < 500, silence.ms() + " ms");
      assertTrue(silence.rms() < 30, "rms " + silence.rms());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|400|invalid_value|input",
        "nonsense|400|invalid_json|",
        "{'input':'','voice':'alloy'}|400|invalid_value|input",
        "{'input':5,'voice':'alloy'}|400|invalid_value|input",
        "{'input':'好','model':'tts-1'}|400|invalid_value|voice",
        "{'input':'好','model':'tts-1','voice':'cherri'}|400|voice_not_found|voice",
        "{'input':'好','model':'cosyvoice-v3-flash','voice':'nobody'}|400|voice_not_found|voice",
        "{'input':'好','model':'qwen3-tts-flash-realtime','voice':'nobody'}|400|voice_not_found|voice",
        "{'input':'好','voice':{'name':'x'}}|400|invalid_value|voice",
        "{'input':'好','model':'gpt-5','voice':'alloy'}|404|model_not_found|model",
        "{'input':'好','model':'cosyvoice-v3-flash','voice':'Cherry'}|400|voice_mismatch|voice",
        "{'input':'好','voice':'alloy','response_format':'aac'}|400|invalid_value|response_format",
        "{'input':'好','voice':'alloy','speed':0.2}|400|invalid_value|speed",
        "{'input':'好','voice':'alloy','speed':4.1}|400|invalid_value|speed",
        "{'input':'好','voice':'alloy','speed':'fast'}|400|invalid_value|speed",
        "{'input':'好','voice':'alloy','stream_format':'ws'}|400|invalid_value|stream_format",
        "{'input':'好','voice':'alloy','sample_rate':23999}|400|invalid_value|sample_rate",
        "{'input':'好','voice':'alloy','sample_rate':'high'}|400|invalid_value|sample_rate",
        "{'input':'好','voice':'alloy','gain':11}|400|invalid_value|gain",
      })
  void whatIsWrongIsToldInOpenAisEnvelope(String body, int status, String code, String param)
      throws Exception {
    HttpResponse<byte[]> answer = post("/v1/audio/speech", body.replace('\'', '"'));

    assertEquals(status, answer.statusCode(), () -> text(answer));
    assertEquals("application/json; charset=utf-8", type(answer));
    JsonObject error = new JsonObject(text(answer)).getJsonObject("error");
    assertEquals(code, error.getString("code"), error::encode);
    assertEquals(param, error.getString("param"), error::encode);
    assertEquals("invalid_request_error", error.getString("type"));
    assertFalse(error.getString("message").isEmpty());
    assertEquals(error.getString("message"), new JsonObject(text(answer)).getString("message"));
  }

  @Test
  void anUnknownVoiceIsToldTheNearest() throws Exception {
    String said = text(post("/v1/audio/speech", order("", "cherri").encode()));
    assertTrue(said.contains("Cherry"), said);
    String format =
        text(post("/v1/audio/speech", order("", "alloy").put("response_format", "aac").encode()));
    assertTrue(format.contains("mp3, opus, flac, wav, pcm, ulaw, alaw"), format);
  }

  @Test
  void textThatIsTooLongIsRefusedBeforeAnythingIsSpent() throws Exception {
    HttpResponse<byte[]> answer =
        post("/v1/audio/speech", order("", "alloy").put("input", "长".repeat(20_001)).encode());

    assertEquals(400, answer.statusCode());
    JsonObject error = new JsonObject(text(answer)).getJsonObject("error");
    assertEquals("text_too_long", error.getString("code"));
    assertEquals("input", error.getString("param"));
  }

  @Test
  void whatAModelCannotFollowIsToldInHeaders() throws Exception {
    HttpResponse<byte[]> legacy =
        speak(
            order("qwen-tts-realtime", "Cherry")
                .put("instructions", "whisper")
                .put("speed", 1.5)
                .put("user", "ignored")
                .put("input", "好"));
    assertEquals(
        "speed, instructions", legacy.headers().firstValue("x-voicebridge-ignored").orElse(""));

    HttpResponse<byte[]> fast = speak(order("tts-1-hd", "nova").put("speed", 4).put("input", "好"));
    assertEquals("2.0", fast.headers().firstValue("x-voicebridge-speed").orElse(""));
    assertTrue(fast.headers().firstValue("x-voicebridge-ignored").isEmpty());
  }

  @ParameterizedTest
  @CsvSource({
    "tts-1, alloy, wav, 44100",
    "tts-1, alloy, pcm, 16000",
    "tts-1, alloy, mp3, 32000",
    "tts-1, alloy, mp3, 8000",
    "tts-1, alloy, flac, 48000",
    "qwen-tts-realtime, Serena, mp3, 44100",
    "cosyvoice-v3-flash, longanyang, wav, 32000",
    "FunAudioLLM/CosyVoice2-0.5B, cosyvoice2-0-5b-anna, pcm, 44100",
  })
  void theSampleRateIsTheOneAskedFor(String model, String voice, String format, int hz)
      throws Exception {
    JsonObject order = order(model, voice).put("response_format", format).put("stream", true);
    double asItComes = decoded(format, speak(order).body()).ms();

    HttpResponse<byte[]> answer = speak(order.put("sample_rate", hz));

    Decoded heard =
        format.equals("pcm")
            ? Decoded.of(AudioFormat.PCM, hz, answer.body())
            : decoded(format, answer.body());
    assertEquals(hz, heard.sampleRateHz());
    assertEquals(asItComes, heard.ms(), 160);
    if (format.equals("pcm")) {
      assertEquals("audio/pcm;rate=" + hz + ";channels=1", type(answer));
    }
    assertTrue(answer.headers().firstValue("x-voicebridge-ignored").isEmpty());
  }

  @Test
  void aRateThatAFormatCannotHaveIsToldAndGainIsHeard() throws Exception {
    HttpResponse<byte[]> narrow =
        speak(order("tts-1", "alloy").put("response_format", "ulaw").put("sample_rate", 16_000));
    assertEquals("sample_rate", narrow.headers().firstValue("x-voicebridge-ignored").orElse(""));

    JsonObject order = order("tts-1", "alloy").put("response_format", "pcm");
    double plain = decoded("pcm", speak(order.copy().put("gain", 0)).body()).rms();
    double soft = decoded("pcm", speak(order.copy().put("gain", -10)).body()).rms();
    assertTrue(soft < 0.6 * plain, soft + " and " + plain);
  }

  @Test
  void speedIsHeard() throws Exception {
    JsonObject order = order("tts-1", "alloy").put("response_format", "pcm");
    double slow = decoded("pcm", speak(order.copy().put("speed", 0.5)).body()).ms();
    double fast = decoded("pcm", speak(order.copy().put("speed", 2.0)).body()).ms();

    assertTrue(slow > 1.8 * fast, slow + " and " + fast);
  }

  @ParameterizedTest
  @CsvSource({
    "'',      Cherry",
    "'',      cosyvoice2-0-5b-anna",
    "tts-1,   fnlp/MOSS-TTSD-v0.5:alex",
    "FunAudioLLM/CosyVoice2-0.5B, cosyvoice2-0-5b-anna",
    "tts-1,   cherry",
    "tts-1,   eldric-sage",
    "tts-1,   Eldric Sage",
    "tts-1-hd, zhichu",
    "'',      longxiaochun_v2",
    "gpt-4o-mini-tts-2025-12-15, verse",
  })
  void aVoiceIsFoundByEveryNameItHas(String model, String voice) throws Exception {
    JsonObject order = order(model, voice).put("input", "好");
    assertTrue(speak(order).body().length > 500);
    assertTrue(speak(order.put("voice", new JsonObject().put("id", voice))).body().length > 500);
  }

  @Test
  void aClonedVoiceSpeaksThroughThisDoor() throws Exception {
    JsonObject made =
        new JsonObject()
            .put("name", "外婆")
            .put("consent", true)
            .put(
                "sample",
                new JsonObject()
                    .put(
                        "data",
                        "data:audio/wav;base64,"
                            + Base64.getEncoder().encodeToString(TestSamples.speech(1))));
    HttpResponse<byte[]> answer = post("/v1/voices?wait_seconds=20", made.encode());
    assertTrue(answer.statusCode() < 300, text(answer));
    String id = new JsonObject(text(answer)).getJsonObject("voice").getString("id");
    client.send(
        server.request("/v1/voices/" + id + "?wait_seconds=20").build(),
        BodyHandlers.ofByteArray());

    assertTrue(speak(order("tts-1", id)).body().length > 5_000);
    HttpResponse<byte[]> lists =
        client.send(server.request("/v1/audio/voices").build(), BodyHandlers.ofByteArray());
    JsonObject own =
        new JsonObject(text(lists))
            .getJsonArray("voices").stream()
                .map(JsonObject.class::cast)
                .filter(voice -> voice.getBoolean("custom"))
                .findFirst()
                .orElseThrow();
    assertEquals(id, own.getString("id"));
    assertEquals("外婆", own.getString("name"));
    assertEquals(
        400, post("/v1/audio/speech", order("qwen3-tts-flash-realtime", id).encode()).statusCode());
  }

  @Test
  void slashesTooManyAreNoObstacle() throws Exception {
    for (String path : List.of("/v1//audio/speech", "/v1/audio/speech/")) {
      assertEquals(
          200, post(path, order("tts-1", "alloy").put("input", "好").encode()).statusCode(), path);
    }
  }

  @Test
  void aLongTextIsOneStreamInEveryFormat() throws Exception {
    // Above what this model takes at once, so that several syntheses are joined.
    String input = (SENTENCE + "\n").repeat(20);
    JsonObject order = order("tts-1", "alloy").put("input", input);
    double pcm = decoded("pcm", speak(order.copy().put("response_format", "pcm")).body()).ms();
    double mp3 = decoded("mp3", speak(order.copy()).body()).ms();
    assertTrue(pcm > 60_000, pcm + " ms");
    assertEquals(pcm, mp3, 500);

    order.put("input", (SENTENCE + "\n").repeat(10));
    double ten = decoded("pcm", speak(order.copy().put("response_format", "pcm")).body()).ms();
    double opus = decoded("opus", speak(order.copy().put("response_format", "opus")).body()).ms();
    assertEquals(ten, opus, 100);
  }
}
