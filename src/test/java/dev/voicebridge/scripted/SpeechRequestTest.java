package dev.voicebridge.scripted;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.RawExchange;
import dev.voicebridge.metrics.Metrics;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code POST /v1/audio/speech} in front of a service that does as it is told. */
class SpeechRequestTest {
  @AutoClose private final ScriptedServer server = new ScriptedServer();
  private final ScriptedUpstream upstream = server.upstream;
  private final Script script = upstream.script;
  private final Metrics metrics = server.metrics;

  private static String order(String model, String format, String further) {
    return "{\"model\":\"%s\",\"voice\":\"%s\",\"input\":\"你好\",\"response_format\":\"%s\"%s}"
        .formatted(
            model, model.equals(TestBridge.COSYVOICE) ? "longanyang" : "Cherry", format, further);
  }

  private static String order(String format) {
    return order(TestBridge.QWEN, format, "");
  }

  @ParameterizedTest
  @ValueSource(strings = {TestBridge.QWEN, TestBridge.COSYVOICE})
  void everyByteOfTheServiceArrives(String model) throws IOException {
    script.minDelta = 1;
    script.maxDelta = 4_801;
    script.seed = 7;
    script.audioBytes = text -> 60_001;
    try (RawExchange answer = RawExchange.speak(server.port(), order(model, "pcm", ""))) {
      assertEquals(200, answer.status());
      assertArrayEquals(ScriptedUpstream.audio("你好", 0, 60_000), answer.body());
      assertTrue(!answer.header("x-upstream-request-id").isEmpty());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"pcm", "flac"})
  void aHangUpStopsTheServiceWithin200Ms(String format) throws IOException {
    script.audioBytes = text -> 50_000_000;
    script.paceMs = 2;
    long hungUp;
    try (RawExchange answer = RawExchange.speak(server.port(), order(format))) {
      assertTrue(answer.piece().length > 0);
      hungUp = System.nanoTime();
    }
    ScriptedUpstream.Utterance dead = upstream.utterance(0);
    Eventually.holds("the service hears of it", () -> dead.connection.closedNanos != 0);
    AtOnce.followed(hungUp, dead.connection.closedNanos);
    Eventually.holds("it is counted as given up", () -> counted("abandoned", format) == 1);
    Eventually.holds("nothing is open", () -> metric("voicebridge_speech_open") == 0);
  }

  @Test
  void aHangUpBeforeTheFirstAudioStopsTheServiceToo() throws Exception {
    script.faults.add(new Fault.Stall(0));
    int port = server.port();
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    byte[] body = order("pcm").getBytes(StandardCharsets.UTF_8);
    socket
        .getOutputStream()
        .write(
            ("POST /v1/audio/speech HTTP/1.1\r\nHost: localhost\r\nContent-Type:"
                    + " application/json\r\nContent-Length: "
                    + body.length
                    + "\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().write(body);
    ScriptedUpstream.Utterance waiting = upstream.utterance(0);

    socket.close();

    Eventually.holds("the service hears of it", () -> waiting.connection.closedNanos != 0);
    assertEquals(
        0,
        metric(
            "voicebridge_http_requests_seconds_count{route=\"/v1/audio/speech\",status=\"500\""));
  }

  private double counted(String outcome, String format) {
    return metric(
        "voicebridge_speech_requests_total{format=\"" + format + "\",outcome=\"" + outcome + "\"}");
  }

  private double metric(String line) {
    return metrics
        .scrape()
        .lines()
        .filter(each -> each.startsWith(line))
        .mapToDouble(each -> Double.parseDouble(each.substring(each.lastIndexOf(' ') + 1)))
        .sum();
  }

  @ParameterizedTest
  @ValueSource(strings = {"pcm", "flac"})
  void aSlowReaderHoldsTheServiceBack(String format) throws Exception {
    script.audioBytes = text -> 50_000_000;
    try (RawExchange answer = RawExchange.speak(server.port(), order(format))) {
      ScriptedUpstream.Utterance spoken = upstream.utterance(0);
      Flow.untilStill(spoken.produced);

      long produced = spoken.produced.get();
      assertTrue(produced < 20_000_000, produced + " bytes were taken though nobody reads");
      for (long read = 0; read < 6_000_000; read += answer.piece().length) {
        assertEquals(200, answer.status());
      }
      assertTrue(spoken.produced.get() > produced);
    }
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(new Fault.Refuse(401, "{}"), 502, "upstream_refused", "", "false"),
        Arguments.of(new Fault.Refuse(429, "{}"), 429, "rate_limit_exceeded", "2", ""),
        Arguments.of(
            new Fault.Says(0, "Throttling.RateQuota", "slower"),
            429,
            "rate_limit_exceeded",
            "2",
            ""),
        Arguments.of(new Fault.Says(0, "InvalidParameter", "no"), 400, "InvalidParameter", "", ""),
        Arguments.of(new Fault.Says(0, "Odd", "no"), 502, "upstream_error", "", "false"),
        Arguments.of(new Fault.NoAudio(), 502, "no_audio", "", "false"),
        Arguments.of(new Fault.CutAfter(0), 502, "upstream_closed", "", ""),
        Arguments.of(new Fault.Garbage(0, "what"), 502, "upstream_garbage", "", "false"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aFailureBeforeTheFirstAudioHasItsStatus(
      Fault fault, int status, String code, String retryAfter, String shouldRetry)
      throws IOException {
    if (fault.atConnect()) {
      script.door = fault;
    } else {
      script.faults.add(fault);
    }
    try (RawExchange answer = RawExchange.speak(server.port(), order("pcm"))) {
      assertEquals(status, answer.status());
      JsonObject body = new JsonObject(new String(answer.body(), StandardCharsets.UTF_8));
      JsonObject error = body.getJsonObject("error");
      assertEquals(code, error.getString("code"), error::encode);
      assertTrue(error.containsKey("param"));
      assertEquals(retryAfter, answer.header("retry-after"));
      assertEquals(shouldRetry, answer.header("x-should-retry"));
      assertTrue(!answer.header("x-request-id").isEmpty());
      assertTrue(!body.encode().contains(ScriptedUpstream.KEY));
    }
  }

  @Test
  void aServiceThatIsNotThereIs503AndMayBeTriedAgain() throws IOException {
    int nobody;
    try (ServerSocket free = new ServerSocket(0)) {
      nobody = free.getLocalPort();
    }
    int port = server.port("DASHSCOPE_BASE_URL", "http://127.0.0.1:" + nobody);
    for (String format : List.of("pcm", "mp3")) {
      try (RawExchange answer = RawExchange.speak(port, order(format))) {
        assertTold(answer, 503, "provider_unreachable", "1", "");
      }
    }
  }

  @Test
  void aServiceThatDoesNotAnswerIs504AndIsNotAskedAgainUnseen() throws IOException {
    script.faults.add(new Fault.NeverStart());
    try (RawExchange answer =
        RawExchange.speak(server.port(), order(TestBridge.COSYVOICE, "pcm", ""))) {
      // It may have spoken, and be paid for it.
      assertTold(answer, 504, "provider_timeout", "", "false");
    }
  }

  private static void assertTold(
      RawExchange answer, int status, String code, String retryAfter, String shouldRetry)
      throws IOException {
    JsonObject body = new JsonObject(new String(answer.body(), StandardCharsets.UTF_8));
    assertEquals(status, answer.status(), body::encode);
    assertEquals(code, body.getJsonObject("error").getString("code"));
    assertEquals("server_error", body.getJsonObject("error").getString("type"));
    assertEquals(retryAfter, answer.header("retry-after"));
    assertEquals(shouldRetry, answer.header("x-should-retry"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"pcm", "wav", "flac", "ulaw"})
  void aFailureAfterTheFirstAudioBreaksTheTransfer(String format) throws IOException {
    script.audioBytes = text -> 200_000;
    script.paceMs = 5;
    script.faults.add(new Fault.CutAfter(100_000));
    try (RawExchange answer = RawExchange.speak(server.port(), order(format))) {
      assertEquals(200, answer.status());
      assertTrue(answer.piece().length > 0);
      assertThrows(IOException.class, answer::body);
    }
    Eventually.holds("it is counted", () -> counted("failed", format) == 1);
  }

  @Test
  void amongEventsAFailureIsToldBeforeTheTransferBreaks() throws IOException {
    script.audioBytes = text -> 200_000;
    script.paceMs = 5;
    script.faults.add(new Fault.CutAfter(100_000));
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    try (RawExchange answer =
        RawExchange.speak(
            server.port(), order(TestBridge.QWEN, "pcm", ",\"stream_format\":\"sse\""))) {
      assertThrows(
          IOException.class,
          () -> {
            while (true) {
              read.writeBytes(answer.piece());
            }
          });
    }
    String[] events = read.toString(StandardCharsets.UTF_8).strip().split("\n\n", -1);
    JsonObject last = new JsonObject(events[events.length - 1].substring(6));
    assertEquals("error", last.getString("type"));
    assertEquals("upstream_closed", last.getJsonObject("error").getString("code"));
    ByteArrayOutputStream audio = new ByteArrayOutputStream();
    for (int i = 0; i < events.length - 1; i++) {
      audio.writeBytes(
          Base64.getDecoder().decode(new JsonObject(events[i].substring(6)).getString("audio")));
    }
    assertArrayEquals(ScriptedUpstream.audio("你好", 0, audio.size()), audio.toByteArray());
    assertTrue(audio.size() > 50_000);
  }

  @Test
  void aFullHouseSaysWhenToComeBack() throws IOException {
    script.audioBytes = text -> 50_000_000;
    int port = server.port("VOICEBRIDGE_MAX_SESSIONS", "1");
    try (RawExchange first = RawExchange.speak(port, order("pcm"))) {
      assertEquals(200, first.status());
      try (RawExchange second = RawExchange.speak(port, order("pcm"))) {
        assertEquals(429, second.status());
        assertEquals("1", second.header("retry-after"));
      }
    }
    Eventually.holds("the seat is free", () -> metric("voicebridge_speech_open") == 0);
    script.audioBytes = text -> 3_000;
    try (RawExchange third = RawExchange.speak(port, order("pcm"))) {
      assertEquals(200, third.status());
    }
  }

  @Test
  void whoeverHasNoKeyHearsSoAndListsStayOpen() throws IOException {
    int port = server.port("VOICEBRIDGE_API_KEYS", "app=0123456789abcdef0");
    for (String[] header :
        new String[][] {{}, {"Authorization", "Bearer wrong"}, {"Authorization", "Bearer "}}) {
      try (RawExchange answer = RawExchange.speak(port, order("pcm"), header)) {
        assertEquals(401, answer.status());
        assertEquals(
            "invalid_api_key",
            new JsonObject(new String(answer.body(), StandardCharsets.UTF_8))
                .getJsonObject("error")
                .getString("code"));
      }
    }
    try (RawExchange answer =
        RawExchange.speak(port, order("pcm"), "Authorization", "Bearer 0123456789abcdef0")) {
      assertEquals(200, answer.status());
    }
    try (RawExchange lists =
        RawExchange.send(port, "GET /v1/audio/voices HTTP/1.1\nHost: localhost\n\n")) {
      assertEquals(200, lists.status());
    }
    assertEquals(1, upstream.utterances.size());
  }

  @Test
  void aVisitorsOwnKeyGoesToTheServiceAndNowhereElse() throws IOException {
    try (RawExchange answer =
        RawExchange.speak(server.port(), order("pcm"), "X-Provider-Key", "sk-visitor-1")) {
      assertEquals(200, answer.status());
    }
    assertEquals("Bearer sk-visitor-1", upstream.utterance(0).connection.authorization);
    assertTrue(!metrics.scrape().contains("sk-visitor-1"));
  }

  @Test
  void aKeySpeaksWithItsOwnModelsAndVoicesOnly(@TempDir Path folder) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("keys.json"),
            """
            [{"name":"voices","key":"secret-of-voices-1","voices":["Serena"]},
             {"name":"models","key":"secret-of-models-1","models":["cosyvoice-v3-flash"]}]
            """);
    int port = server.port("VOICEBRIDGE_API_KEYS", "@" + file);
    for (String key : new String[] {"secret-of-voices-1", "secret-of-models-1"}) {
      for (String model : new String[] {"tts-1", TestBridge.QWEN}) {
        try (RawExchange answer =
            RawExchange.speak(port, order(model, "pcm", ""), "Authorization", "Bearer " + key)) {
          assertEquals(403, answer.status());
          assertEquals("not_allowed", errorCode(answer));
        }
      }
    }
    assertEquals(0, upstream.utterances.size());
    try (RawExchange answer =
        RawExchange.speak(
            port,
            order("tts-1", "pcm", "").replace("Cherry", "serena"),
            "Authorization",
            "Bearer secret-of-voices-1")) {
      assertEquals(200, answer.status());
    }
  }

  private static String errorCode(RawExchange answer) throws IOException {
    return new JsonObject(new String(answer.body(), StandardCharsets.UTF_8))
        .getJsonObject("error")
        .getString("code");
  }

  @Test
  void aPageOfAnAllowedOriginMayCallWithTheHeadersOfTheSdk() throws IOException {
    int port = server.port("VOICEBRIDGE_ALLOWED_ORIGINS", "https://app.example");
    try (RawExchange preflight =
        RawExchange.send(
            port,
            """
            OPTIONS /v1/audio/speech HTTP/1.1
            Host: 127.0.0.1
            Origin: https://app.example
            Access-Control-Request-Method: POST
            Access-Control-Request-Headers: authorization,content-type,x-stainless-lang,x-stainless-retry-count

            """)) {
      assertEquals(204, preflight.status());
      assertEquals(
          "authorization, content-type, x-stainless-lang, x-stainless-retry-count",
          preflight.header("access-control-allow-headers"));
    }
    try (RawExchange answer =
        RawExchange.speak(port, order("pcm"), "Origin", "https://app.example")) {
      assertEquals(200, answer.status());
      assertEquals("https://app.example", answer.header("access-control-allow-origin"));
      assertTrue(answer.header("access-control-expose-headers").contains("x-request-id"));
    }
    try (RawExchange answer =
        RawExchange.speak(port, order("pcm"), "Origin", "https://evil.example")) {
      assertEquals(403, answer.status());
    }
  }

  @Test
  void twoHundredAtOnceAreAllAnsweredWhole() throws Exception {
    script.audioBytes = text -> 96_000;
    script.paceMs = 10;
    URI address = URI.create("http://127.0.0.1:" + server.port() + "/v1/audio/speech");
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .header("content-type", "application/json")
            .timeout(Duration.ofSeconds(60))
            .POST(HttpRequest.BodyPublishers.ofString(order("pcm")))
            .build();

    List<CompletableFuture<HttpResponse<byte[]>>> answers =
        Stream.generate(() -> client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray()))
            .limit(200)
            .toList();

    byte[] expected = upstream.audioOf("你好");
    for (CompletableFuture<HttpResponse<byte[]>> answer : answers) {
      HttpResponse<byte[]> heard = answer.get(60, TimeUnit.SECONDS);
      assertEquals(200, heard.statusCode());
      assertArrayEquals(expected, heard.body());
    }
    assertEquals(200, counted("completed", "pcm"));
    Eventually.holds("nothing is open", () -> metric("voicebridge_speech_open") == 0);
  }

  @Test
  void aNameOfTheOperatorsIsAModelToo() throws IOException {
    int port = server.port("VOICEBRIDGE_ALIASES", "narrator=longanyang");
    try (RawExchange answer =
        RawExchange.speak(
            port, "{\"model\":\"narrator\",\"input\":\"你好\",\"response_format\":\"pcm\"}")) {
      assertEquals(200, answer.status());
      assertArrayEquals(upstream.audioOf("你好"), answer.body());
    }
    assertTrue(upstream.utterance(0).connection.path.endsWith("/inference"));
  }

  @Test
  void theOperatorSaysWhatNamesStandFor() throws IOException {
    int port = server.port("VOICEBRIDGE_ALIASES", "alloy=longanyang,narrator=Eldric Sage");
    for (String[] pair :
        new String[][] {
          {"alloy", "longanyang"}, {"narrator", "Eldric Sage"}, {"nova", "Chelsie"}
        }) {
      try (RawExchange answer =
          RawExchange.speak(
              port,
              "{\"model\":\"tts-1\",\"voice\":\""
                  + pair[0]
                  + "\",\"input\":\"你好\",\"response_format\":\"pcm\"}")) {
        assertEquals(200, answer.status());
        answer.body();
      }
      ScriptedUpstream.Utterance last = upstream.utterance(upstream.utterances.size() - 1);
      assertTrue(last.connection.messages.toString().contains("\"" + pair[1] + "\""), pair[1]);
    }
  }

  private static String cosyVoice(String input, String further) {
    return new JsonObject()
        .put("model", TestBridge.COSYVOICE)
        .put("voice", "longanyang")
        .put("input", input)
        .put("response_format", "pcm")
        .mergeIn(new JsonObject(further))
        .encode();
  }

  private String heard(String input, String further) throws IOException {
    int before = upstream.utterances.size();
    try (RawExchange answer = RawExchange.speak(server.port(), cosyVoice(input, further))) {
      assertEquals(200, answer.status());
      assertTrue(answer.body().length > 0);
    }
    return upstream.utterances.stream()
        .skip(before)
        .map(utterance -> utterance.text)
        .collect(Collectors.joining());
  }

  @Test
  void textIsCleanedWhereTheRequestAsksForIt() throws IOException {
    String written = "**重点**：见 https://example.com/a😀";

    assertEquals(written, heard(written, "{}"));
    assertEquals("重点：见 example.com", heard(written, "{\"clean_text\":true}"));
    assertEquals(
        "崇庆和 see quell",
        heard("重庆和 SQL", "{\"pronunciations\":{\"重庆\":\"崇庆\",\"sql\":\"see quell\"}}"));
  }

  @Test
  void textThatCleansToNothingIsAShortSilence() throws IOException {
    assertEquals("", heard("```\ncode\n```", "{\"clean_text\":true}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "好|{\"clean_text\":\"yes\"}|clean_text",
        "好|{\"pronunciations\":{\"a\":1}}|pronunciations",
        "<speak>好<brek/></speak>|{\"enable_ssml\":true}|brek",
        "<speak>好|{\"enable_ssml\":true}|well-formed"
      })
  void aTextOrWishThatCannotBeIsRefused(String input, String further, String named)
      throws IOException {
    try (RawExchange answer = RawExchange.speak(server.port(), cosyVoice(input, further))) {
      assertEquals(400, answer.status());
      String body = new String(answer.body(), StandardCharsets.UTF_8);
      assertTrue(body.contains(named), body);
      assertTrue(upstream.utterances.isEmpty());
    }
  }

  @Test
  void markupIsRefusedWhereTheModelHasNone() throws IOException {
    try (RawExchange answer =
        RawExchange.speak(server.port(), order(TestBridge.QWEN, "pcm", ",\"enable_ssml\":true"))) {
      assertEquals(400, answer.status());
      assertTrue(
          new String(answer.body(), StandardCharsets.UTF_8).contains("unsupported_by_model"));
    }
  }
}
