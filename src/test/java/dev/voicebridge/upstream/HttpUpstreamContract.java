package dev.voicebridge.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.audio.AudioFormat;
import dev.voicebridge.audio.WavHeader;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What every service over HTTP is held to, whatever its dialect. */
@Timeout(60)
public abstract class HttpUpstreamContract {
  protected static final String KEY = "sk-contract-secret";
  protected static final int HZ = 24_000;

  /** 200 ms of a tone that is loud at its ends, so that a bare join clicks. */
  protected static final int SAMPLES = HZ / 5;

  private static final Deadlines SHORT =
      new Deadlines(
          Duration.ofMillis(900),
          Duration.ofMillis(400),
          Duration.ofMillis(400),
          Duration.ofSeconds(50));

  /** How the double answers one request. */
  protected interface Answer {
    void to(HttpServerRequest request, HttpServerResponse response);
  }

  /** What a service asked for. */
  protected record Asked(String path, String headers, Buffer body) {}

  protected final Vertx vertx = Vertx.vertx();
  protected final List<Asked> asked = new CopyOnWriteArrayList<>();
  protected final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
  final BlockingQueue<String> closed = new LinkedBlockingQueue<>();
  private HttpServer server;
  protected @Nullable UpstreamSession session;

  /** With the key {@link #KEY}. */
  protected abstract Upstream upstream(String baseUrl, Deadlines deadlines);

  protected abstract String model();

  protected abstract String voice();

  /** Begins a good answer. */
  protected abstract void head(HttpServerResponse response);

  /** The next of the sound. */
  protected abstract void sound(HttpServerResponse response, Buffer bytes);

  /** The end of all of it. */
  protected abstract void end(HttpServerResponse response);

  /** Whether the text is cut into pieces that are far shorter than the model's limit. */
  protected abstract boolean cutsShort();

  /** A request for a file, or anything else that is no synthesis. */
  protected boolean isAside(HttpServerRequest request) {
    return false;
  }

  protected void aside(HttpServerRequest request) {
    request.response().setStatusCode(404).end();
  }

  @BeforeEach
  void start() throws Exception {
    server =
        vertx
            .createHttpServer()
            .requestHandler(this::handle)
            .listen(0, "127.0.0.1")
            .await(10, TimeUnit.SECONDS);
  }

  @AfterEach
  void stop() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  protected final String baseUrl() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  private void handle(HttpServerRequest request) {
    request.connection().closeHandler(gone -> closed.add(String.valueOf(request.path())));
    if (isAside(request)) {
      aside(request);
      return;
    }
    request
        .body()
        .onSuccess(
            body -> {
              asked.add(new Asked(request.path(), request.headers().toString(), body));
              Answer answer = answers.poll();
              if (answer == null) {
                well(request.response());
              } else {
                answer.to(request, request.response());
              }
            });
  }

  /** All of a tone. */
  protected final void well(HttpServerResponse response) {
    head(response);
    sound(response, tone());
    end(response);
  }

  protected static Buffer tone() {
    Buffer sound = Buffer.buffer();
    for (int i = 0; i < SAMPLES; i++) {
      sound.appendShortLE((short) (9000 * Math.cos(2 * Math.PI * 220.7 * i / HZ)));
    }
    return sound;
  }

  protected static void json(HttpServerResponse response, int status, String body) {
    response.setStatusCode(status).putHeader("content-type", "application/json").end(body);
  }

  protected SpeechSettings settings(AudioFormat format, Mode mode) {
    return new SpeechSettings(
        model(), voice(), mode, format, HZ, 1, 1, 50, null, "Auto", null, false, true, false, false,
        null, null, 600);
  }

  /** Hears all of it. */
  protected static final class Listening implements UpstreamListener {
    final BlockingQueue<Object> events = new LinkedBlockingQueue<>();

    @Override
    public void onAudio(Buffer audio) {
      events.add(audio.copy());
    }

    @Override
    public void onWords(List<Word> words) {}

    @Override
    public void onResponseDone(@Nullable Integer characters) {
      events.add(characters == null ? "response" : "response " + characters);
    }

    @Override
    public void onTurnClosed() {}

    @Override
    public void onTurnDone() {
      events.add("turn");
    }

    @Override
    public void onFailed(UpstreamException cause) {
      events.add(cause);
    }

    public Object next() throws Exception {
      return Objects.requireNonNull(events.poll(15, TimeUnit.SECONDS), "nothing came");
    }

    /** Up to the end of the turn, or the failure; the sound before it. */
    public Heard heard() throws Exception {
      Buffer audio = Buffer.buffer();
      List<String> ends = new ArrayList<>();
      while (true) {
        Object event = next();
        if (event instanceof Buffer bytes) {
          audio.appendBuffer(bytes);
        } else if (event instanceof UpstreamException cause) {
          return new Heard(audio, ends, cause);
        } else {
          ends.add((String) event);
          if (event.equals("turn")) {
            return new Heard(audio, ends, null);
          }
        }
      }
    }
  }

  protected record Heard(Buffer audio, List<String> ends, @Nullable UpstreamException failed) {
    public void completed() {
      assertNull(failed, () -> String.valueOf(failed));
    }

    public UpstreamException failure() {
      return Objects.requireNonNull(failed, "it did not fail");
    }
  }

  final <T> T onLoop(java.util.function.Supplier<Future<T>> what) throws Exception {
    Promise<T> done = Promise.promise();
    vertx.runOnContext(go -> what.get().onComplete(done));
    return done.future().await(10, TimeUnit.SECONDS);
  }

  private @Nullable Upstream opened;

  /** Long, unless it is their turn: a busy machine is no stalled service. */
  private Deadlines deadlines = Deadlines.DEFAULTS;

  /** On one loop, with its clients in a field, as a verticle has them. */
  protected final Listening say(SpeechSettings settings, String text) throws Exception {
    Listening mine = new Listening();
    session =
        onLoop(
            () -> {
              Upstream service = opened == null ? upstream(baseUrl(), deadlines) : opened;
              opened = service;
              return service
                  .open(new SpeechRequest(settings, null), mine)
                  .onSuccess(
                      session -> {
                        session.append(text);
                        session.endTurn();
                      });
            });
    return mine;
  }

  protected final Listening say(String text) throws Exception {
    return say(settings(AudioFormat.PCM, Mode.COMMIT), text);
  }

  final void expectNothing(Listening from) throws Exception {
    assertNull(from.events.poll(300, TimeUnit.MILLISECONDS));
  }

  private static int greatestJump(Buffer sound) {
    return IntStream.range(1, sound.length() / 2)
        .map(i -> Math.abs(sound.getShortLE(2 * i) - sound.getShortLE(2 * i - 2)))
        .max()
        .orElse(0);
  }

  @Test
  void speaksAndEndsOnce() throws Exception {
    Listening heard = say("你好。");
    Heard all = heard.heard();

    all.completed();
    assertEquals(2 * SAMPLES, all.audio().length());
    assertEquals(2, all.ends().size(), all.ends().toString());
    assertTrue(all.ends().get(0).startsWith("response"), all.ends().toString());
    expectNothing(heard);
    assertTrue(asked.get(0).headers().contains("Bearer " + KEY), "the key is shown");
  }

  @Test
  void soundThatIsCutAnywhereIsTheSame() throws Exception {
    Buffer whole = say("你好。").heard().audio();
    answers.add(
        (request, response) -> {
          head(response);
          Buffer tone = tone();
          for (int at = 0; at < tone.length(); at += 777) {
            sound(response, tone.getBuffer(at, Math.min(tone.length(), at + 777)));
          }
          end(response);
        });

    assertEquals(whole, say("你好。").heard().audio());
  }

  @Test
  void aWavHeaderIsNotHeard() throws Exception {
    Buffer whole = say("你好。").heard().audio();
    answers.add(
        (request, response) -> {
          head(response);
          Buffer file = Buffer.buffer(WavHeader.streaming(HZ)).appendBuffer(tone());
          sound(response, file.getBuffer(0, 3));
          sound(response, file.getBuffer(3, 50));
          sound(response, file.getBuffer(50, file.length()));
          end(response);
        });

    assertEquals(whole, say("你好。").heard().audio());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400|{'code':'InvalidParameter','message':'no sk-contract-secret'}|SERVICE",
        "401|{'code':'InvalidApiKey','message':'Invalid API-key'}|REFUSED",
        "200|{'code':'InvalidParameter','message':'no'}|SERVICE",
      })
  void aRefusalFailsOnceAndShowsNoKey(int status, String body, UpstreamException.Kind kind)
      throws Exception {
    answers.add((request, response) -> json(response, status, body.replace('\'', '"')));
    Listening listener = say("你好。");
    Heard heard = listener.heard();

    assertEquals(0, heard.audio().length());
    assertEquals(kind, heard.failure().kind(), heard.failure().toString());
    assertFalse(heard.failure().toString().contains(KEY), heard.failure().toString());
    assertEquals(1, asked.size());
    expectNothing(listener);
  }

  @ParameterizedTest
  @CsvSource({"429,", "429, 1", "503,"})
  void aBusyServiceIsAskedAgain(int status, Integer retryAfter) throws Exception {
    answers.add(
        (request, response) -> {
          if (retryAfter != null) {
            response.putHeader("retry-after", retryAfter.toString());
          }
          json(response, status, "{\"code\":\"Throttling\",\"message\":\"busy\"}");
        });

    say("你好。").heard().completed();
    assertEquals(2, asked.size());
  }

  @Test
  void aLongWaitIsAFailure() throws Exception {
    answers.add(
        (request, response) ->
            json(
                response.putHeader("retry-after", "60"),
                429,
                "{\"code\":\"Throttling.RateQuota\",\"message\":\"busy\"}"));

    assertEquals(UpstreamException.Kind.RATE_LIMITED, say("你好。").heard().failure().kind());
    assertEquals(1, asked.size());
  }

  @Test
  void aServiceThatStallsIsGivenUp() throws Exception {
    deadlines = SHORT;
    answers.add((request, response) -> {});
    assertEquals(UpstreamException.Kind.TIMEOUT, say("你好。").heard().failure().kind());

    answers.add(
        (request, response) -> {
          head(response);
          sound(response, tone());
        });
    Heard heard = say("你好。").heard();
    assertEquals(UpstreamException.Kind.TIMEOUT, heard.failure().kind());
  }

  @Test
  void aLongTextIsJoinedWithoutAClick() throws Exception {
    String text = "从前有一座山，山里有一座庙，庙里有一个老和尚。".repeat(60);
    Heard heard = say(text).heard();

    heard.completed();
    int least = cutsShort() ? 6 : 3;
    assertTrue(asked.size() >= least, asked.size() + " requests");
    assertEquals(asked.size() * 2 * SAMPLES, heard.audio().length());
    assertTrue(greatestJump(heard.audio()) < 800, "a jump of " + greatestJump(heard.audio()));
    assertEquals(2, heard.ends().size(), heard.ends().toString());
  }

  @ParameterizedTest
  @CsvSource({"MP3", "OPUS"})
  void aCodecGivesAllOfIt(AudioFormat format) throws Exception {
    Heard heard = say(settings(format, Mode.COMMIT), "你好。").heard();

    heard.completed();
    dev.voicebridge.audio.Decoded decoded =
        dev.voicebridge.audio.Decoded.of(format, HZ, heard.audio().getBytes());
    assertEquals(SAMPLES * 1000 / HZ, decoded.ms(), 130, "ms");
    assertTrue(decoded.rms() > 3_000, "rms " + decoded.rms());
  }
}
