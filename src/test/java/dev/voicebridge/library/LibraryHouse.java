package dev.voicebridge.library;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.voicebridge.catalogue.Catalogue;
import dev.voicebridge.config.Config;
import dev.voicebridge.emulator.EmulatorVerticle;
import dev.voicebridge.emulator.SiliconFlowVerticle;
import dev.voicebridge.emulator.engine.EspeakEngine;
import dev.voicebridge.emulator.wire.Faults;
import dev.voicebridge.enrolment.EnrolledVoice;
import dev.voicebridge.enrolment.Provider;
import dev.voicebridge.sample.SpokenSample;
import dev.voicebridge.voice.SharedRate;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.core.shareddata.LocalMap;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A library with an embedded store, and both guests for its vendors. */
final class LibraryHouse implements AutoCloseable {
  static final Asker ANNA = new Asker("anna", false);
  static final Asker BERT = new Asker("bert", false);
  static final Asker OPERATOR = new Asker("operator", true);
  static final Times HASTY =
      new Times(
          Duration.ofMillis(500),
          Duration.ZERO,
          Duration.ofSeconds(2),
          Duration.ofMillis(50),
          Duration.ofSeconds(20),
          Duration.ofSeconds(60));

  final Faults faults = new Faults();
  private final Vertx guests = Vertx.vertx();
  private final Vertx vertx = Vertx.vertx();
  private final VoiceLibraryVerticle verticle;
  private final Config config;

  LibraryHouse(Path folder) throws Exception {
    DeploymentOptions options =
        new DeploymentOptions()
            .setConfig(new JsonObject().put("key", "sk-vendor").put("deployMs", 300));
    guests
        .deployVerticle(() -> new EmulatorVerticle(EspeakEngine::open, faults), options)
        .await(20, SECONDS);
    guests
        .deployVerticle(() -> new SiliconFlowVerticle(EspeakEngine::open, faults), options)
        .await(20, SECONDS);
    LocalMap<String, Integer> said = guests.sharedData().getLocalMap(EmulatorVerticle.SHARED_MAP);
    config =
        Config.load(
            Map.of(),
            Map.of(
                "DASHSCOPE_API_KEY",
                "sk-vendor",
                "DASHSCOPE_BASE_URL",
                "http://127.0.0.1:" + said.get(EmulatorVerticle.PORT),
                "SILICONFLOW_API_KEY",
                "sk-vendor",
                "SILICONFLOW_BASE_URL",
                "http://127.0.0.1:" + said.get(SiliconFlowVerticle.PORT) + "/v1",
                "VOICEBRIDGE_API_KEYS",
                "anna=0123456789abcdef0123456789abcdef",
                "VOICEBRIDGE_DATA_DIR",
                folder.toString()));
    verticle = new VoiceLibraryVerticle(config, Catalogue.load(), HASTY);
    vertx.deployVerticle(verticle).await(20, SECONDS);
  }

  VoiceLibrary library() {
    return verticle.library();
  }

  /** The ids of the provider's voices, by the vendor's own list. */
  List<String> atVendor(Provider provider) throws TimeoutException {
    return atVendor(vertx, config, provider);
  }

  /** The same with any library's settings. */
  static List<String> atVendor(Vertx vertx, Config config, Provider provider)
      throws TimeoutException {
    return result(
        new Vendors(vertx, config, SharedRate.local(vertx))
            .need(provider)
            .enrolment()
            .list()
            .map(list -> list.voices().stream().map(EnrolledVoice::providerVoiceId).toList()));
  }

  static CloneOrder clone(Provider provider, int sample, Agreement agreement, boolean again)
      throws Exception {
    return clone(provider, Buffer.buffer(SpokenSample.wav(sample)), agreement, again);
  }

  static CloneOrder clone(Provider provider, Buffer sample, Agreement agreement, boolean again) {
    return new CloneOrder(
        provider,
        "",
        "Anna",
        null,
        new SampleSource.Given(sample, "audio/wav"),
        agreement,
        List.of(),
        null,
        "Some words.",
        null,
        null,
        again);
  }

  static <T> T result(Future<T> future) throws TimeoutException {
    return future.await(30, SECONDS);
  }

  /** What the future fails with. */
  static Throwable failure(Future<?> future) throws TimeoutException {
    Future<Throwable> turned =
        future.transform(
            result ->
                result.failed()
                    ? Future.succeededFuture(result.cause())
                    : Future.failedFuture(new AssertionError("it did not fail")));
    return result(turned);
  }

  /** Waits for at most 20 s. */
  static void holds(String what, BooleanSupplier condition) {
    holds(what, Duration.ofSeconds(20), condition);
  }

  static void holds(String what, Duration longest, BooleanSupplier condition) {
    long until = System.nanoTime() + longest.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > until) {
        throw new AssertionError("never came true: " + what);
      }
      LockSupport.parkNanos(5_000_000);
    }
  }

  @Override
  public void close() {
    try {
      vertx.close().await(20, SECONDS);
      guests.close().await(20, SECONDS);
    } catch (TimeoutException e) {
      throw new CompletionException(e);
    }
  }
}
