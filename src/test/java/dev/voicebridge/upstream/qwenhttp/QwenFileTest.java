package dev.voicebridge.upstream.qwenhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.audio.WavHeader;
import dev.voicebridge.upstream.Deadlines;
import dev.voicebridge.upstream.HttpUpstreamContract;
import dev.voicebridge.upstream.Upstream;
import dev.voicebridge.upstream.UpstreamMeter;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The answer is a link; what the contract says of sound is said of the file behind it. */
class QwenFileTest extends HttpUpstreamContract {
  private final AtomicInteger links = new AtomicInteger();
  private final AtomicInteger fetches = new AtomicInteger();
  private final Queue<Answer> fileAnswers = new ConcurrentLinkedQueue<>();

  /** What is to be in the file of which answer. */
  private final Map<HttpServerResponse, Buffer> files = new ConcurrentHashMap<>();

  private final Map<String, Buffer> stored = new ConcurrentHashMap<>();

  @Override
  protected Upstream upstream(String baseUrl, Deadlines deadlines) {
    return new QwenHttp(vertx, baseUrl, KEY, false, UpstreamMeter.NONE, deadlines);
  }

  @Override
  protected String model() {
    return "qwen-tts";
  }

  @Override
  protected String voice() {
    return "Cherry";
  }

  @Override
  protected boolean cutsShort() {
    return true;
  }

  @Override
  protected void head(HttpServerResponse response) {
    files.put(response, Buffer.buffer());
  }

  @Override
  protected void sound(HttpServerResponse response, Buffer bytes) {
    files.computeIfPresent(response, (same, file) -> file.appendBuffer(bytes));
  }

  @Override
  protected void end(HttpServerResponse response) {
    String name = "/out" + links.incrementAndGet() + ".wav";
    Buffer pcm = Objects.requireNonNull(files.remove(response));
    boolean whole = pcm.length() > 4 && pcm.getString(0, 4).equals("RIFF");
    stored.put(name, whole ? pcm : Buffer.buffer(WavHeader.of(HZ, pcm.length())).appendBuffer(pcm));
    json(
        response,
        200,
        new JsonObject()
            .put("status_code", 200)
            .put("request_id", "5c6e")
            .put("code", "")
            .put("message", "")
            .put(
                "output",
                new JsonObject()
                    .putNull("text")
                    .put("finish_reason", "stop")
                    .putNull("choices")
                    .put(
                        "audio",
                        new JsonObject()
                            .put("data", "")
                            .put("url", baseUrl() + name + "?Signature=x")
                            .put("expires_at", 1_772_500_000)))
            .put("usage", new JsonObject().put("input_tokens", 3).put("output_tokens", 50))
            .encode());
  }

  @Override
  protected boolean isAside(HttpServerRequest request) {
    return request.path().endsWith(".wav");
  }

  @Override
  protected void aside(HttpServerRequest request) {
    fetches.incrementAndGet();
    Answer answer = fileAnswers.poll();
    if (answer == null) {
      request.response().end(Objects.requireNonNull(stored.get(request.path())));
    } else {
      answer.to(request, request.response());
    }
  }

  @Test
  void noStreamIsAskedFor() throws Exception {
    say("你好。").heard().completed();

    assertFalse(asked.get(0).headers().contains("X-DashScope-SSE"), asked.get(0).headers());
    assertEquals(1, fetches.get());
  }

  @Test
  void aFileThatDoesNotComeIsFetchedAgainAndNotMadeAgain() throws Exception {
    fileAnswers.add((request, response) -> request.connection().close());
    say("你好。").heard().completed();

    assertEquals(2, fetches.get());
    assertEquals(1, asked.size());
  }

  @Test
  void aFileThatBreaksOffIsAFailure() throws Exception {
    fileAnswers.add(
        (request, response) -> {
          response.putHeader("content-length", "100000");
          response.write(Buffer.buffer(WavHeader.of(HZ, 2 * SAMPLES)).appendBuffer(tone()));
          vertx.setTimer(50, late -> request.connection().close());
        });

    Heard heard = say("你好。").heard();
    assertTrue(heard.audio().length() > 0);
    assertEquals(dev.voicebridge.upstream.UpstreamException.Kind.CLOSED, heard.failure().kind());
  }

  @Test
  void aRedirectIsNotFollowed() throws Exception {
    fileAnswers.add(
        (request, response) ->
            response.setStatusCode(302).putHeader("location", baseUrl() + "/elsewhere.wav").end());

    assertEquals(
        dev.voicebridge.upstream.UpstreamException.Kind.SERVICE,
        say("你好。").heard().failure().kind());
    assertEquals(1, fetches.get());
  }
}
