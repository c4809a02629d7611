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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Libraries with a store of their own or a shared one, and both guests for their vendors. */
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

  /** As {@link #HASTY}, but what is pending may stay so for a while. */
  static final Times SHARED =
      new Times(
          HASTY.refresh(),
          HASTY.settle(),
          Duration.ofSeconds(60),
          HASTY.ask(),
          HASTY.follow(),
          HASTY.take());

  /** Looks at the vendors' lists once, when it starts. */
  static final Times LOOKS_ONCE =
      new Times(
          Duration.ofMinutes(10),
          SHARED.settle(),
          SHARED.pending(),
          SHARED.ask(),
          SHARED.follow(),
          SHARED.take());

  final Faults faults = new Faults();
  final Calls calls = new Calls();
  private final Vertx guests = Vertx.vertx();
  private final Map<VoiceLibrary, Vertx> open = new LinkedHashMap<>();
  private final Map<String, String> settings = new HashMap<>();

  /** An embedded store in that folder. */
  LibraryHouse(Path folder) throws Exception {
    this(Map.of("VOICEBRIDGE_DATA_DIR", folder.toString()), new JsonObject());
    open(HASTY);
  }

  /**
   * The guests alone.
   *
   * @param storage where the libraries keep their voices
   * @param guest how the guests differ from usual
   */
  LibraryHouse(Map<String, String> storage, JsonObject guest) throws Exception {
    faults.witness(calls);
    DeploymentOptions options =
        new DeploymentOptions()
            .setConfig(
                new JsonObject().put("key", "sk-vendor").put("deployMs", 300).mergeIn(guest));
    try {
      guests
          .deployVerticle(() -> new EmulatorVerticle(EspeakEngine::open, faults), options)
          .await(20, SECONDS);
      guests
          .deployVerticle(() -> new SiliconFlowVerticle(EspeakEngine::open, faults), options)
          .await(20, SECONDS);
    } catch (Exception e) {
      close();
      throw e;
    }
    LocalMap<String, Integer> said = guests.sharedData().getLocalMap(EmulatorVerticle.SHARED_MAP);
    settings.putAll(storage);
    settings.put("DASHSCOPE_API_KEY", "sk-vendor");
    settings.put("DASHSCOPE_BASE_URL", "http://127.0.0.1:" + said.get(EmulatorVerticle.PORT));
    settings.put("SILICONFLOW_API_KEY", "sk-vendor");
    settings.put(
        "SILICONFLOW_BASE_URL", "http://127.0.0.1:" + said.get(SiliconFlowVerticle.PORT) + "/v1");
    settings.put("VOICEBRIDGE_API_KEYS", "anna=0123456789abcdef0123456789abcdef");
  }

  /** Another instance, as a process of its own would be. */
  VoiceLibrary open(Times times) throws TimeoutException {
    Vertx vertx = Vertx.vertx();
    VoiceLibraryVerticle verticle = new VoiceLibraryVerticle(config(), Catalogue.load(), times);
    try {
      vertx.deployVerticle(verticle).await(20, SECONDS);
    } catch (TimeoutException | RuntimeException e) {
      vertx.close().await(20, SECONDS);
      throw e;
    }
    open.put(verticle.library(), vertx);
    return verticle.library();
  }

  /** Ends that instance. */
  void shut(VoiceLibrary library) throws TimeoutException {
    Vertx vertx = open.remove(library);
    if (vertx != null) {
      vertx.close().await(20, SECONDS);
    }
  }

  Config config() {
    return Config.load(Map.of(), settings);
  }

  String dashScope() {
    return String.valueOf(settings.get("DASHSCOPE_BASE_URL"));
  }

  /** The first that was opened. */
  VoiceLibrary library() {
    return open.keySet().iterator().next();
  }

  /** What reached the guests, and when. */
  static final class Calls implements Consumer<String> {
    private final List<Call> heard = new CopyOnWriteArrayList<>();

    /**
     * @param nanos as {@link System#nanoTime}
     */
    record Call(String operation, long nanos) {}

    @Override
    public void accept(String operation) {
      heard.add(new Call(operation, System.nanoTime()));
    }

    /** The moments of all calls of these kinds, in order. */
    List<Long> of(String... operations) {
      return heard.stream()
          .filter(call -> List.of(operations).contains(call.operation()))
          .map(Call::nanos)
          .toList();
    }

    int count(String... operations) {
      return of(operations).size();
    }
  }

  /** The ids of the provider's voices, by the vendor's own list. */
  List<String> atVendor(Provider provider) throws TimeoutException {
    return atVendor(guests, config(), provider);
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
      for (VoiceLibrary library : List.copyOf(open.keySet())) {
        shut(library);
      }
      guests.close().await(20, SECONDS);
    } catch (TimeoutException e) {
      throw new CompletionException(e);
    }
  }
}
