package dev.voicebridge.upstream.openai;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.audio.AudioFormat;
import dev.voicebridge.upstream.Deadlines;
import dev.voicebridge.upstream.Mode;
import dev.voicebridge.upstream.SpeechRequest;
import dev.voicebridge.upstream.SpeechSettings;
import dev.voicebridge.upstream.UpstreamException;
import dev.voicebridge.upstream.UpstreamListener;
import dev.voicebridge.upstream.UpstreamMeter;
import io.vertx.core.Vertx;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whose key goes to whom. */
class OpenAiSpeechTest {
  private static final Engine OPERATORS =
      new Engine(
          "kokoro",
          "http://127.0.0.1:9/v1",
          "sk-operator",
          Engine.Manner.OPENAI,
          Set.of(),
          24_000,
          false,
          1,
          Set.of("kokoro"),
          Map.of(),
          List.of());

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  @Test
  void aVisitorsVendorKeyNeverReachesAnEngineOfTheOperator() throws Exception {
    OpenAiSpeech speech =
        new OpenAiSpeech(vertx, List.of(OPERATORS), UpstreamMeter.NONE, Deadlines.DEFAULTS);
    SpeechRequest visit = new SpeechRequest(kokoro(), "sk-of-a-visitor");

    Throwable refusal =
        speech
            .open(visit, nobody())
            .transform(
                opened ->
                    opened.failed()
                        ? io.vertx.core.Future.succeededFuture(opened.cause())
                        : io.vertx.core.Future.<Throwable>failedFuture("it was let in"))
            .await(10, TimeUnit.SECONDS);

    assertInstanceOf(UpstreamException.class, refusal);
    assertTrue(!String.valueOf(refusal.getMessage()).contains("sk-"), refusal.getMessage());
  }

  private static SpeechSettings kokoro() {
    return new SpeechSettings(
        "kokoro",
        "af_heart",
        Mode.COMMIT,
        AudioFormat.PCM,
        24_000,
        1,
        1,
        50,
        null,
        "Auto",
        null,
        false,
        true,
        false,
        false,
        null,
        null,
        4_096);
  }

  private static UpstreamListener nobody() {
    return (UpstreamListener)
        Proxy.newProxyInstance(
            UpstreamListener.class.getClassLoader(),
            new Class<?>[] {UpstreamListener.class},
            (proxy, method, arguments) -> null);
  }
}
