package dev.voicebridge.upstream.qwenhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.audio.WavHeader;
import dev.voicebridge.upstream.Deadlines;
import dev.voicebridge.upstream.StreamedUpstreamContract;
import dev.voicebridge.upstream.Upstream;
import dev.voicebridge.upstream.UpstreamException;
import dev.voicebridge.upstream.UpstreamMeter;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The stream of events. */
class QwenHttpTest extends StreamedUpstreamContract {
  private final List<String> fetched = new CopyOnWriteArrayList<>();
  private volatile int fileStatus = 200;

  @Override
  protected Upstream upstream(String baseUrl, Deadlines deadlines) {
    return new QwenHttp(vertx, baseUrl, KEY, true, UpstreamMeter.NONE, deadlines);
  }

  @Override
  protected String model() {
    return "qwen3-tts-flash";
  }

  @Override
  protected String voice() {
    return "Cherry";
  }

  @Override
  protected boolean cutsShort() {
    return false;
  }

  @Override
  protected void head(HttpServerResponse response) {
    response.setChunked(true).putHeader("content-type", "text/event-stream;charset=UTF-8");
  }

  private static String data(String base64, String url, String finish) {
    return new JsonObject()
        .put(
            "output",
            new JsonObject()
                .put(
                    "audio",
                    new JsonObject()
                        .put("data", base64)
                        .put("expires_at", 1_772_500_000)
                        .put("id", "audio_1")
                        .put("url", url))
                .put("finish_reason", finish))
        .put("usage", new JsonObject().put("characters", 5))
        .put("request_id", "5c6e")
        .encode();
  }

  private static void event(HttpServerResponse response, String data) {
    response.write("id:1\nevent:result\n:HTTP_STATUS/200\ndata:" + data + "\n\n");
  }

  @Override
  protected void sound(HttpServerResponse response, Buffer bytes) {
    event(response, data(Base64.getEncoder().encodeToString(bytes.getBytes()), "", "null"));
  }

  @Override
  protected void end(HttpServerResponse response) {
    event(response, data("", baseUrl() + "/never.wav", "stop"));
    response.end();
  }

  @Override
  protected boolean isAside(HttpServerRequest request) {
    return request.path().endsWith(".wav");
  }

  @Override
  protected void aside(HttpServerRequest request) {
    fetched.add(request.uri() + " " + request.getHeader("authorization"));
    Buffer file = Buffer.buffer(WavHeader.of(HZ, 2 * SAMPLES)).appendBuffer(tone());
    request.response().setStatusCode(fileStatus).end(file);
  }

  @Test
  void theRequestIsTheVendors() throws Exception {
    say("你好。").heard().completed();

    assertEquals("/api/v1/services/aigc/multimodal-generation/generation", asked.get(0).path());
    assertTrue(asked.get(0).headers().contains("X-DashScope-SSE"), asked.get(0).headers());
    assertEquals(
        new JsonObject()
            .put("model", "qwen3-tts-flash")
            .put(
                "input",
                new JsonObject()
                    .put("text", "你好。")
                    .put("voice", "Cherry")
                    .put("language_type", "Auto")),
        asked.get(0).body().toJsonObject());
    assertEquals(List.of(), fetched, "the file is not fetched where there was sound");
  }

  @Test
  void whatTheVendorCountsIsAddedUp() throws Exception {
    assertEquals("response 5", say("你好。").heard().ends().get(0));
    asked.clear();

    Heard heard = say("从前有一座山，山里有一座庙。".repeat(60)).heard();
    assertEquals("response " + 5 * asked.size(), heard.ends().get(0));
  }

  @Test
  void aStreamThatEndsWithALinkAloneIsFetchedWithoutTheKey() throws Exception {
    answers.add(
        (request, response) -> {
          head(response);
          event(response, data("", "", "null"));
          event(response, data("", baseUrl() + "/out.wav?Expires=1&Signature=a%2Bb", "stop"));
          response.end();
        });
    Heard heard = say("你好。").heard();

    heard.completed();
    assertEquals(2 * SAMPLES, heard.audio().length());
    assertEquals(List.of("/out.wav?Expires=1&Signature=a%2Bb null"), fetched);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost:{port}/out.wav",
        "http://127.0.0.1.aliyuncs.com.evil.example/out.wav",
        "http://a.aliyuncs.com@127.0.0.1:{port}/out.wav",
        "http://169.254.169.254/out.wav",
        "file:///etc/passwd.wav",
        "/out.wav",
        "http://[::1]:{port}/out.wav"
      })
  void aLinkToAnybodyElseIsNotFollowed(String link) throws Exception {
    String url = link.replace("{port}", baseUrl().replaceFirst(".*:", ""));
    answers.add(
        (request, response) -> {
          head(response);
          event(response, data("", url, "stop"));
          response.end();
        });

    UpstreamException failure = say("你好。").heard().failure();
    assertEquals(UpstreamException.Kind.GARBAGE, failure.kind(), failure.toString());
    assertEquals(List.of(), fetched);
  }

  @Test
  void aFileThatIsGoneIsAFailure() throws Exception {
    fileStatus = 404;
    answers.add(
        (request, response) -> {
          head(response);
          event(response, data("", baseUrl() + "/out.wav", "stop"));
          response.end();
        });

    UpstreamException failure = say("你好。").heard().failure();
    assertEquals(UpstreamException.Kind.SERVICE, failure.kind());
    assertEquals(1, asked.size(), "nothing is paid for twice");
  }

  @Test
  void anAnswerWithoutAStreamIsUnderstood() throws Exception {
    answers.add(
        (request, response) -> json(response, 200, data("", baseUrl() + "/out.wav", "stop")));
    Heard heard = say("你好。").heard();

    heard.completed();
    assertEquals(2 * SAMPLES, heard.audio().length());
  }

  @Test
  void anErrorInTheStreamIsTheVendors() throws Exception {
    answers.add(
        (request, response) -> {
          head(response);
          sound(response, tone());
          response.write(
              "id:2\nevent:error\n:HTTP_STATUS/400\n"
                  + "data:{\"code\":\"DataInspectionFailed\",\"message\":\"no "
                  + KEY
                  + "\",\"request_id\":\"1\"}\n\n");
          response.end();
        });
    Heard heard = say("你好。").heard();

    assertEquals("DataInspectionFailed", heard.failure().vendorCode());
    assertFalse(heard.failure().toString().contains(KEY));
    assertTrue(heard.audio().length() > 0);
  }

  @Test
  void aStreamWithoutItsLastEventWasCut() throws Exception {
    answers.add(
        (request, response) -> {
          head(response);
          sound(response, tone());
          response.end();
        });

    assertEquals(UpstreamException.Kind.CLOSED, say("你好。").heard().failure().kind());
  }

  @Test
  void aLineWithoutEndIsGarbageAndHeldByNobody() throws Exception {
    answers.add(
        (request, response) -> {
          head(response);
          response.write("data:");
          Buffer much = Buffer.buffer("A".repeat(64 * 1024));
          vertx.setPeriodic(
              1,
              tick -> {
                if (response.closed()) {
                  vertx.cancelTimer(tick);
                } else if (!response.writeQueueFull()) {
                  response.write(much);
                }
              });
        });

    assertEquals(UpstreamException.Kind.GARBAGE, say("你好。").heard().failure().kind());
  }

  @ParameterizedTest
  @ValueSource(strings = {"no json", "[1]", "{\"output\":{\"audio\":{\"data\":\"*\"}}}"})
  void whatCannotBeReadIsGarbage(String data) throws Exception {
    answers.add(
        (request, response) -> {
          head(response);
          event(response, data);
          response.end();
        });

    assertEquals(UpstreamException.Kind.GARBAGE, say("你好。").heard().failure().kind());
  }
}
