package dev.voicebridge.upstream.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.audio.AudioFormat;
import dev.voicebridge.upstream.Deadlines;
import dev.voicebridge.upstream.Mode;
import dev.voicebridge.upstream.StreamedUpstreamContract;
import dev.voicebridge.upstream.Upstream;
import dev.voicebridge.upstream.UpstreamException;
import dev.voicebridge.upstream.UpstreamMeter;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An engine that answers in events, as vLLM-Omni does when it is told to stream. */
class SpeechEventsTest extends StreamedUpstreamContract {
  private static final Engine.Clip CLIP = new Engine.Clip("AQID", "audio/wav", "今天天气很好。");

  private final AtomicInteger fallbacks = new AtomicInteger();
  private String deltaKey = "audio";
  private int concurrency = 8;
  private Engine.Manner manner = Engine.Manner.VLLM_OMNI;

  private Engine engine(String name, String baseUrl, List<Engine.Fallback> others) {
    return new Engine(
        name,
        baseUrl,
        KEY,
        manner,
        Set.of(),
        HZ,
        false,
        concurrency,
        Set.of(name),
        Map.of("mum", CLIP),
        others);
  }

  @Override
  protected Upstream upstream(String baseUrl, Deadlines deadlines) {
    UpstreamMeter meter =
        new UpstreamMeter() {
          @Override
          public void delta(boolean fast) {}

          @Override
          public void fellBack() {
            fallbacks.incrementAndGet();
          }
        };
    return new OpenAiSpeech(
        vertx,
        List.of(
            engine("omni", baseUrl, List.of()),
            engine(
                "first",
                baseUrl + "/first",
                List.of(
                    new Engine.Fallback("second", "mum"), new Engine.Fallback("omni", "vivian"))),
            engine("second", "http://127.0.0.1:9", List.of())),
        meter,
        deadlines);
  }

  @Override
  protected String model() {
    return "omni";
  }

  @Override
  protected String voice() {
    return "vivian";
  }

  @Override
  protected boolean cutsShort() {
    return true;
  }

  @Override
  protected void head(HttpServerResponse response) {
    response.setChunked(true).putHeader("content-type", "text/event-stream");
  }

  @Override
  protected void sound(HttpServerResponse response, Buffer bytes) {
    response.write(
        "data: "
            + new JsonObject()
                .put("type", "speech.audio.delta")
                .put(deltaKey, Base64.getEncoder().encodeToString(bytes.getBytes()))
                .encode()
            + "\n\n");
  }

  @Override
  protected void end(HttpServerResponse response) {
    response.end("data: {\"type\":\"speech.audio.done\",\"usage\":{}}\n\n");
  }

  @ParameterizedTest
  @CsvSource({"audio", "delta"})
  void eitherKeyIsUnderstood(String key) throws Exception {
    deltaKey = key;

    assertEquals(2 * SAMPLES, say("Hello.").heard().audio().length());
    assertEquals(
        new JsonObject()
            .put("model", "omni")
            .put("voice", "vivian")
            .put("response_format", "pcm")
            .put("input", "Hello.")
            .put("stream", true)
            .put("stream_format", "audio"),
        asked.get(0).body().toJsonObject());
  }

  @Test
  void anErrorEventIsAFailure() throws Exception {
    answers.add(
        (request, response) -> {
          head(response);
          response.end("event: error\ndata: {\"error\":{\"message\":\"no " + KEY + "\"}}\n\n");
        });

    UpstreamException failure = say("Hello.").heard().failure();
    assertEquals(UpstreamException.Kind.SERVICE, failure.kind());
    assertTrue(!failure.toString().contains(KEY), failure.toString());
  }

  @ParameterizedTest
  @CsvSource({"VLLM_OMNI", "OPENAI", "SILICONFLOW"})
  void aClipTravelsWithEveryRequest(Engine.Manner with) throws Exception {
    manner = with;
    say(settings(AudioFormat.PCM, Mode.COMMIT).with("omni", "mum"), "Hello.").heard().completed();

    JsonObject body = asked.get(0).body().toJsonObject();
    if (with == Engine.Manner.VLLM_OMNI) {
      assertEquals("Base", body.getString("task_type"));
      assertEquals("data:audio/wav;base64,AQID", body.getString("ref_audio"));
      assertEquals("今天天气很好。", body.getString("ref_text"));
    } else {
      assertEquals("", body.getString("voice"));
      assertEquals(
          new JsonArray()
              .add(
                  new JsonObject()
                      .put("audio", "data:audio/wav;base64,AQID")
                      .put("text", "今天天气很好。")),
          body.getJsonArray("references"));
    }
  }

  @Test
  void whoFailsBeforeTheFirstSoundIsReplacedByTheNext() throws Exception {
    answers.add((request, response) -> json(response, 404, "{}"));
    Heard heard =
        say(settings(AudioFormat.PCM, Mode.COMMIT).with("first", "vivian"), "Hello.").heard();

    heard.completed();
    assertEquals(2 * SAMPLES, heard.audio().length());
    assertEquals(2, fallbacks.get(), "the second cannot be reached");
    assertEquals("/first/audio/speech", asked.get(0).path());
    assertEquals("omni", asked.get(1).body().toJsonObject().getString("model"));
  }

  @Test
  void nobodyTakesOverInTheMiddle() throws Exception {
    answers.add(
        (request, response) -> {
          head(response);
          sound(response, tone());
          vertx.setTimer(50, late -> request.connection().close());
        });
    Heard heard =
        say(settings(AudioFormat.PCM, Mode.COMMIT).with("first", "vivian"), "Hello.").heard();

    assertEquals(UpstreamException.Kind.CLOSED, heard.failure().kind());
    assertEquals(0, fallbacks.get());
    assertEquals(1, asked.size());
  }

  @Test
  void noMoreRequestsAreUnderWayThanTheEngineTakes() throws Exception {
    concurrency = 1;
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    for (int i = 0; i < 20; i++) {
      answers.add(
          (request, response) -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            head(response);
            sound(response, tone());
            vertx.setTimer(
                20,
                late -> {
                  now.decrementAndGet();
                  end(response);
                });
          });
    }
    String text = "从前有一座山，山里有一座庙，庙里有一个老和尚。".repeat(8);
    Listening one = say(text);
    Listening two = say(text);

    one.heard().completed();
    two.heard().completed();
    assertEquals(1, most.get());
  }
}
