package dev.voicebridge.scripted;

import static dev.voicebridge.scripted.ScriptedUpstream.within;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.audio.WavHeader;
import dev.voicebridge.bridge.Patience;
import dev.voicebridge.upstream.Deadlines;
import dev.voicebridge.upstream.openai.Engine;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Sessions in front of a service that answers {@code POST /audio/speech}, well or badly. */
@Timeout(60)
final class PiecesTest {
  private static final String MODEL = "FunAudioLLM/CosyVoice2-0.5B";
  private static final String KEY = "sk-flow-secret";
  private static final int HZ = 24_000;

  /** 100 ms of a tone that is loud at its ends, so that a bare join clicks. */
  private static final int SAMPLES = HZ / 10;

  private static final Deadlines SHORT =
      new Deadlines(
          Duration.ofMillis(700),
          Duration.ofMillis(400),
          Duration.ofMillis(400),
          Duration.ofSeconds(50));

  private interface Answer {
    void to(HttpServerRequest request, HttpServerResponse response);
  }

  private final Vertx vertx = Vertx.vertx();
  private final List<JsonObject> asked = new CopyOnWriteArrayList<>();
  private final List<Long> closedNanos = new CopyOnWriteArrayList<>();
  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
  private volatile boolean wav;
  private HttpServer server;
  private TestBridge bridge;

  @BeforeEach
  void start() {
    server = within(vertx.createHttpServer().requestHandler(this::handle).listen(0, "127.0.0.1"));
    bridge =
        new TestBridge(
            Patience.DEFAULTS,
            SHORT,
            List.of(Engine.siliconFlow("http://127.0.0.1:" + server.actualPort() + "/v1", KEY)));
  }

  @AfterEach
  void stop() {
    bridge.close();
    within(vertx.close());
  }

  private void handle(HttpServerRequest request) {
    request.connection().closeHandler(gone -> closedNanos.add(System.nanoTime()));
    request
        .body()
        .onSuccess(
            body -> {
              asked.add(body.toJsonObject().put("path", request.path()));
              Answer answer = answers.poll();
              if (answer == null) {
                ok(request.response()).end(tone());
              } else {
                answer.to(request, request.response());
              }
            });
  }

  private static HttpServerResponse ok(HttpServerResponse response) {
    return response.putHeader("content-type", "application/audio");
  }

  private Buffer tone() {
    Buffer sound = wav ? Buffer.buffer(WavHeader.streaming(HZ)) : Buffer.buffer();
    for (int i = 0; i < SAMPLES; i++) {
      sound.appendShortLE((short) (9000 * Math.cos(2 * Math.PI * 220.7 * i / HZ)));
    }
    return sound;
  }

  private static void json(HttpServerResponse response, int status, String body) {
    response.setStatusCode(status).putHeader("content-type", "application/json").end(body);
  }

  private RecordingClient client(Object... settings) {
    RecordingClient client = bridge.open(MODEL);
    client.update(settings.length == 0 ? new Object[] {"mode", "commit"} : settings);
    client.expect("session.updated");
    return client;
  }

  private static int greatestJump(byte[] pcm) {
    Buffer sound = Buffer.buffer(pcm);
    return IntStream.range(1, pcm.length / 2)
        .map(i -> Math.abs(sound.getShortLE(2 * i) - sound.getShortLE(2 * i - 2)))
        .max()
        .orElse(0);
  }

  @Test
  void everyFieldIsSent() {
    RecordingClient client =
        client(
            "mode",
            "commit",
            "speech_rate",
            1.5,
            "volume",
            100,
            "instructions",
            "用粤语说",
            "voice",
            MODEL + ":bella");
    client.commit("你好。");
    client.completed();

    assertEquals(
        new JsonObject()
            .put("path", "/v1/audio/speech")
            .put("model", MODEL)
            .put("voice", MODEL + ":bella")
            .put("input", "用粤语说<|endofprompt|>你好。")
            .put("response_format", "pcm")
            .put("sample_rate", HZ)
            .put("speed", 1.5)
            .put("gain", 6.0)
            .put("stream", true),
        asked.get(0));
  }

  @ParameterizedTest
  @EnumSource(Door.class)
  void piecesAreJoinedInOrderWithoutAClick(Door door) {
    RecordingClient client = bridge.open(door, MODEL);
    client.update("mode", "commit");
    client.expect("session.updated");
    String text = "从前有一座山，山里有一座庙，庙里有一个老和尚在给小和尚讲故事。" + "他讲了很久很久很久。".repeat(20);
    client.commit(text);
    byte[] audio = client.completed().audio();

    assertTrue(asked.size() >= 3, asked.toString());
    assertEquals("从前有一座山，", asked.get(0).getString("input"));
    assertEquals(
        text, asked.stream().map(body -> body.getString("input")).reduce("", String::concat));
    assertEquals(asked.size() * 2 * SAMPLES, audio.length);
    assertTrue(greatestJump(audio) < 800, "a jump of " + greatestJump(audio));
    client.expectNothingMore();
  }

  @Test
  void textThatStreamsInIsSpokenFromItsFirstClause() {
    RecordingClient client = client("mode", "server_commit");
    client.append("今天的天气很好，").append("我们");
    client.awaitAudio();
    assertEquals("今天的天气很好，", asked.get(0).getString("input"));
    client.append("出去走走吧。");

    client.completed();
    assertEquals("我们出去走走吧。", asked.get(1).getString("input"));
    client.expectNothingMore();
  }

  @Test
  void theNextPieceIsAskedForWhileTheFirstIsReceived() {
    answers.add(
        (request, response) -> {
          ok(response).setChunked(true).write(tone());
          Eventual.end(vertx, () -> asked.size() == 2, response::end);
        });
    RecordingClient client = client();
    client.commit("从前有一座山，山里有一座庙，庙里有一个老和尚在给小和尚讲故事。");

    assertEquals(2 * 2 * SAMPLES, client.completed().audio().length);
  }

  /** Ends an answer when something has happened elsewhere. */
  private static final class Eventual {
    static void end(Vertx vertx, java.util.function.BooleanSupplier when, Runnable then) {
      vertx.setTimer(
          5,
          due -> {
            if (when.getAsBoolean()) {
              then.run();
            } else {
              end(vertx, when, then);
            }
          });
    }
  }

  @Test
  void chunksThatCutSamplesInHalfSoundTheSame() {
    answers.add(
        (request, response) -> {
          Buffer sound = tone().appendByte((byte) 1);
          ok(response).setChunked(true);
          for (int at = 0; at < sound.length(); at += 333) {
            response.write(sound.getBuffer(at, Math.min(sound.length(), at + 333)));
          }
          response.end();
        });
    RecordingClient client = client();
    client.commit("你好。");
    byte[] cut = client.completed().audio();
    client.commit("你好。");

    assertEquals(Buffer.buffer(client.completed().audio()), Buffer.buffer(cut));
  }

  @Test
  void aWavHeaderIsNotHeard() {
    wav = true;
    RecordingClient client = client();
    client.commit("你好。");

    assertEquals(2 * SAMPLES, client.completed().audio().length);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "401|\"Invalid token\"|upstream_refused",
        "403|{\"message\":\"no sk-flow-secret\"}|upstream_refused",
        "404|404 page not found|upstream_error",
        "413|{\"code\":20012,\"message\":\"too long\"}|upstream_error",
        "400|{\"error\":{\"message\":\"bad\",\"code\":400}}|upstream_error",
        "200|{\"code\":20012,\"message\":\"no\"}|upstream_error",
        "200||upstream_garbage"
      })
  void aRefusalEndsTheResponseOnceAndTheSessionGoesOn(int status, String body, String code) {
    answers.add((request, response) -> json(response, status, body == null ? "" : body));
    RecordingClient client = client();
    client.commit("你好。");

    JsonObject error = client.await("error").getJsonObject("error");
    assertEquals(code, error.getString("code"), error.encode());
    assertFalse(error.encode().contains(KEY), error.encode());
    assertEquals("failed", client.spoken().status());
    assertEquals(1, asked.size());
    client.commit("好的。");
    client.completed();
    client.expectNothingMore();
  }

  @ParameterizedTest
  @CsvSource({"429,", "429, 1", "503,", "500, 0"})
  void aBusyServiceIsAskedAgain(int status, Integer retryAfter) {
    answers.add(
        (request, response) -> {
          if (retryAfter != null) {
            response.putHeader("retry-after", retryAfter.toString());
          }
          json(response, status, "{\"message\":\"Details:TPM limit reached.\"}");
        });
    RecordingClient client = client();
    client.commit("你好。");

    client.completed();
    assertEquals(2, asked.size());
    client.expectNothingMore();
  }

  @Test
  void aServiceThatWantsALongWaitIsNotWaitedFor() {
    answers.add(
        (request, response) ->
            json(response.putHeader("retry-after", "60"), 429, "{\"message\":\"TPM\"}"));
    RecordingClient client = client();
    client.commit("你好。");

    assertEquals(
        "upstream_rate_limited", client.await("error").getJsonObject("error").getString("code"));
    assertEquals("failed", client.spoken().status());
    assertEquals(1, asked.size());
  }

  @Test
  void aServiceThatStallsIsGivenUp() {
    answers.add((request, response) -> {});
    answers.add((request, response) -> ok(response).setChunked(true).write(tone()));
    RecordingClient client = client();
    client.commit("你好。");
    assertEquals(
        "upstream_timeout", client.await("error").getJsonObject("error").getString("code"));
    assertEquals("failed", client.spoken().status());

    client.commit("你好。");
    client.await("response.created");
    assertEquals(
        "upstream_timeout", client.await("error").getJsonObject("error").getString("code"));
    assertEquals("failed", client.spoken().status());
    client.commit("好的。");
    client.completed();
  }

  @Test
  void anEarlyEndFailsTheResponseAndASilentOneIsAskedAgain() {
    answers.add((request, response) -> request.connection().close());
    RecordingClient client = client();
    client.commit("你好。");
    client.completed();
    assertEquals(2, asked.size());

    answers.add(
        (request, response) -> {
          ok(response).setChunked(true).write(tone());
          vertx.setTimer(50, late -> request.connection().close());
        });
    client.commit("你好。");
    client.await("response.created");
    assertEquals("upstream_closed", client.await("error").getJsonObject("error").getString("code"));
    assertEquals("failed", client.spoken().status());
    client.commit("好的。");
    client.completed();
    client.expectNothingMore();
  }

  @Test
  void aCancelClosesTheRequestAtOnceAndNothingFollows() {
    answers.add((request, response) -> drip(ok(response).setChunked(true)));
    RecordingClient client = client();
    client.commit("你好。");
    client.awaitAudio();
    closedNanos.clear();

    long said = System.nanoTime();
    client.cancel();
    assertEquals("cancelled", client.spoken().status());
    Eventually.holds("the service hears of it", () -> !closedNanos.isEmpty());
    AtOnce.followed(said, closedNanos.get(0));

    client.commit("好的。");
    client.completed();
    client.expectNothingMore();
  }

  private void drip(HttpServerResponse response) {
    vertx.setPeriodic(
        10,
        tick -> {
          if (response.closed()) {
            vertx.cancelTimer(tick);
          } else {
            response.write(tone());
          }
        });
  }

  @Test
  void aListenerThatDoesNotReadStopsTheService() {
    long[] written = {0};
    answers.add(
        (request, response) -> {
          ok(response).setChunked(true);
          Buffer much = Buffer.buffer(new byte[64 * 1024]);
          vertx.setPeriodic(
              1,
              tick -> {
                if (response.closed()) {
                  vertx.cancelTimer(tick);
                } else if (!response.writeQueueFull()) {
                  written[0] += much.length();
                  response.write(much);
                }
              });
        });
    RecordingClient client = client();
    client.commit("你好。");
    client.awaitAudio();
    client.socket.pause();

    long[] last = {-1};
    Eventually.holds(
        "it stands still",
        20_000,
        () -> {
          long before = written[0];
          java.util.concurrent.locks.LockSupport.parkNanos(300_000_000);
          last[0] = written[0];
          return before == last[0];
        });
    assertTrue(last[0] < 40_000_000, last[0] + " bytes");
    client.cancel();
    client.socket.resume();
    assertEquals("cancelled", client.spoken().status());
  }

  @ParameterizedTest
  @CsvSource({"48000, 2", "16000, 0.6666", "8000, 0.3333"})
  void everyRateComesOutAsLongAsItIs(int rateHz, double times) {
    RecordingClient client = client("mode", "commit", "sample_rate", rateHz);
    client.commit("你好。");
    byte[] audio = client.completed().audio();

    assertTrue(Set.of(8_000, 16_000, HZ).contains(asked.get(0).getInteger("sample_rate")));
    if (rateHz == 48_000) {
      assertEquals(times * 2 * SAMPLES, audio.length, 200);
    } else {
      assertEquals(2 * SAMPLES, audio.length);
    }
  }
}
