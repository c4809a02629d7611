package dev.voicebridge.library;

import static dev.voicebridge.library.LibraryHouse.ANNA;
import static dev.voicebridge.library.LibraryHouse.OPERATOR;
import static dev.voicebridge.library.LibraryHouse.failure;
import static dev.voicebridge.library.LibraryHouse.holds;
import static dev.voicebridge.library.LibraryHouse.result;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.catalogue.Catalogue;
import dev.voicebridge.config.Config;
import dev.voicebridge.emulator.EmulatorVerticle;
import dev.voicebridge.emulator.SiliconFlowVerticle;
import dev.voicebridge.emulator.engine.EspeakEngine;
import dev.voicebridge.emulator.wire.Fault;
import dev.voicebridge.emulator.wire.Faults;
import dev.voicebridge.enrolment.Provider;
import dev.voicebridge.library.StagedStore.Stage;
import dev.voicebridge.sample.SpokenSample;
import dev.voicebridge.voice.CachedVoices;
import dev.voicebridge.voice.MvVoiceStore;
import dev.voicebridge.voice.SharedRate;
import dev.voicebridge.voice.TestVoices;
import dev.voicebridge.voice.Voice;
import dev.voicebridge.voice.VoiceQuery;
import dev.voicebridge.voice.VoiceStoreException;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.core.shareddata.LocalMap;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A crash at any point of an enrolment leaves either no voice or one that the next refresh ties to
 * its owner.
 */
@Timeout(180)
@NullUnmarked
final class CrashTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration WORK = Duration.ofMillis(1500);
  private static Buffer sample;

  @TempDir Path folder;
  private final Faults faults = new Faults();
  private Vertx guests;
  private Config config;

  @BeforeAll
  static void speak() throws Exception {
    sample = Buffer.buffer(SpokenSample.wav(0));
  }

  @BeforeEach
  void open() throws Exception {
    guests = Vertx.vertx();
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
        config(
            "http://127.0.0.1:" + said.get(EmulatorVerticle.PORT),
            "http://127.0.0.1:" + said.get(SiliconFlowVerticle.PORT) + "/v1",
            folder.toString());
  }

  @AfterEach
  void close() throws Exception {
    guests.close().await(20, SECONDS);
  }

  private static Config config(String dashScope, String siliconFlow, String folder) {
    return Config.load(
        Map.of(),
        Map.of(
            "DASHSCOPE_API_KEY",
            "sk-vendor",
            "DASHSCOPE_BASE_URL",
            dashScope,
            "SILICONFLOW_API_KEY",
            "sk-vendor",
            "SILICONFLOW_BASE_URL",
            siliconFlow,
            "VOICEBRIDGE_DATA_DIR",
            folder));
  }

  /** One life of a process; the folder outlasts it. */
  private static final class Life implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    private final StagedStore store;
    private final VoiceLibrary library;

    /**
     * @param pending as in {@link Times}
     */
    Life(Config config, Duration pending, Stage stage) throws TimeoutException {
      store = new StagedStore(result(MvVoiceStore.open(vertx, config.dataDir())), stage);
      CachedVoices voices = result(CachedVoices.of(store));
      Times times =
          new Times(
              Duration.ofMillis(1),
              Duration.ZERO,
              pending,
              Duration.ofMillis(50),
              Duration.ofSeconds(20),
              Duration.ofHours(1));
      library =
          onLoop(
              () ->
                  Future.succeededFuture(
                      new VoiceLibrary(
                          vertx,
                          config,
                          Catalogue.load(),
                          store,
                          voices,
                          SharedRate.local(vertx),
                          times,
                          EnrolmentMeter.NONE)));
    }

    private <T> T onLoop(Supplier<Future<T>> work) throws TimeoutException {
      Promise<T> done = Promise.promise();
      loop.runOnContext(v -> work.get().onComplete(done));
      return result(done.future());
    }

    Future<Made> make(Provider provider) {
      return library.make(ANNA, order(provider));
    }

    /** Only the operator, who sees every record, also sees one too many. */
    List<Voice> voices() {
      return library.list(OPERATOR, VoiceQuery.all()).voices();
    }

    long places() {
      return library.quota().stream()
          .mapToLong(provider -> ((JsonObject) provider).getLong("used"))
          .sum();
    }

    void refresh() {
      try {
        onLoop(library::refresh);
      } catch (TimeoutException e) {
        throw new AssertionError("the refresh does not end", e);
      }
    }

    @Override
    public void close() throws TimeoutException {
      onLoop(library::close);
      result(store.close());
      result(vertx.close());
    }
  }

  private static CloneOrder order(Provider provider) {
    return new CloneOrder(
        provider,
        "",
        "外婆的声音",
        null,
        new SampleSource.Given(sample, "audio/wav"),
        Agreement.STATED,
        List.of("warm", "family"),
        null,
        "Some words.",
        null,
        null,
        false);
  }

  private static String creating(Provider provider) {
    return switch (provider) {
      case COSYVOICE -> "create_voice";
      case QWEN -> "create";
      case SILICONFLOW -> "uploads/audio/voice";
    };
  }

  private List<String> atVendor(Provider provider) throws TimeoutException {
    return LibraryHouse.atVendor(guests, config, provider);
  }

  private void theVendorMakesIt(Provider provider) {
    holds(
        "the vendor has one voice",
        () -> {
          try {
            return atVendor(provider).size() == 1;
          } catch (TimeoutException e) {
            throw new AssertionError(e);
          }
        });
  }

  /** The one voice that is there, as its owner's. */
  private void isTied(Life life, Voice before, Provider provider) throws Exception {
    holds(
        "the voice is ready",
        () -> {
          life.refresh();
          return life.voices().stream().allMatch(voice -> voice.state() == Voice.State.OK);
        });
    assertEquals(1, life.voices().size(), life.voices()::toString);
    assertEquals(1, life.places());
    Voice voice = life.voices().get(0);
    assertEquals(atVendor(provider), List.of(String.valueOf(voice.providerVoiceId())));
    assertEquals(before.id(), voice.id());
    assertEquals("anna", voice.owner());
    assertEquals("外婆的声音", voice.displayName());
    assertEquals(List.of("warm", "family"), voice.tags());
    assertEquals(Voice.Origin.CLONED, voice.origin());
    assertNotNull(voice.consent());
    assertEquals("stated", voice.consent().how());
    assertEquals(before.consent(), voice.consent());
    assertNotNull(voice.sample());
    assertEquals(64, voice.sample().sha256().length());
    assertEquals(before.sample(), voice.sample());
    assertEquals(before.verdicts(), voice.verdicts());
    assertEquals(voice, life.library.find(ANNA, String.valueOf(voice.providerVoiceId())));
  }

  private static Voice pending(Life life) {
    List<Voice> voices = life.voices();
    assertEquals(1, voices.size(), voices::toString);
    assertEquals(Voice.State.PENDING, voices.get(0).state());
    return voices.get(0);
  }

  @ParameterizedTest
  @EnumSource
  void aCrashBeforeTheCallLeavesARecordThatIsGivenUp(Provider provider) throws Exception {
    try (Life first = new Life(config, LONG, Stage.deathAfter(1))) {
      first.make(provider);
      result(first.store.death());
    }

    try (Life second = new Life(config, LONG, Stage.NOTHING_HAPPENS)) {
      second.refresh();
      pending(second);
      assertEquals(1, second.places(), "it may still turn up");
    }
    try (Life third = new Life(config, Duration.ofMillis(1), Stage.NOTHING_HAPPENS)) {
      third.refresh();
      assertEquals(List.of(), third.voices());
      assertEquals(0, third.places());
    }
    assertEquals(List.of(), atVendor(provider));
  }

  @ParameterizedTest
  @EnumSource
  void aCrashWhileTheVendorWorksLosesNothing(Provider provider) throws Exception {
    faults.add(new Fault.LateWork(creating(provider), WORK));
    try (Life first = new Life(config, LONG, Stage.NOTHING_HAPPENS)) {
      first.make(provider);
      holds("the vendor is at work", faults::isEmpty);
      first.store.die();
    }

    try (Life second = new Life(config, LONG, Stage.NOTHING_HAPPENS)) {
      Voice before = pending(second);
      second.refresh(); // perhaps before the vendor is ready
      theVendorMakesIt(provider);
      isTied(second, before, provider);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anOrderlyEndWhileTheVendorWorksLosesNothing(Provider provider) throws Exception {
    faults.add(new Fault.LateWork(creating(provider), WORK));
    try (Life first = new Life(config, LONG, Stage.NOTHING_HAPPENS)) {
      first.make(provider);
      holds("the vendor is at work", faults::isEmpty);
    }

    try (Life second = new Life(config, LONG, Stage.NOTHING_HAPPENS)) {
      Voice before = pending(second);
      theVendorMakesIt(provider);
      isTied(second, before, provider);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCrashAfterTheAnswerLosesNothing(Provider provider) throws Exception {
    try (Life first = new Life(config, LONG, Stage.deathBefore(2))) {
      first.make(provider);
      result(first.store.death());
    }
    assertEquals(1, atVendor(provider).size());

    try (Life second = new Life(config, LONG, Stage.NOTHING_HAPPENS)) {
      isTied(second, pending(second), provider);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStoreThatFailsAfterTheAnswerLosesNothing(Provider provider) throws Exception {
    Throwable away = TestVoices.failure(VoiceStoreException.Kind.UNAVAILABLE);
    try (Life life = new Life(config, LONG, Stage.failure(2, away))) {
      assertInstanceOf(VoiceStoreException.class, failure(life.make(provider)));

      isTied(life, pending(life), provider);
    }
  }

  @ParameterizedTest
  @EnumSource
  void killNineWhileTheVendorWorksLosesNothing(Provider provider) throws Exception {
    faults.add(new Fault.LateWork(creating(provider), WORK));
    Path file = Files.write(folder.resolve("sample.wav"), sample.getBytes());
    Process victim =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Victim.class.getName(),
                config.dashScope().baseUrl(),
                config.siliconFlow().baseUrl(),
                folder.toString(),
                provider.name(),
                file.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("victim.log").toFile())
            .start();
    try {
      holds("the vendor is at work", () -> faults.isEmpty() || !victim.isAlive());
      assertTrue(victim.isAlive(), () -> log(folder));
    } finally {
      victim.destroyForcibly(); // SIGKILL
      assertTrue(victim.waitFor(10, SECONDS));
    }
    assertFalse(log(folder).contains("made"), "too late");

    try (Life second = new Life(config, LONG, Stage.NOTHING_HAPPENS)) {
      Voice before = pending(second);
      theVendorMakesIt(provider);
      isTied(second, before, provider);
    }
  }

  private static String log(Path folder) {
    try {
      return Files.readString(folder.resolve("victim.log"));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Makes one voice, says so, and waits. */
  static final class Victim {
    private Victim() {}

    public static void main(String[] arguments) throws Exception {
      sample = Buffer.buffer(Files.readAllBytes(Path.of(arguments[4])));
      Config config = config(arguments[0], arguments[1], arguments[2]);
      try (Life life = new Life(config, LONG, Stage.NOTHING_HAPPENS)) {
        result(life.make(Provider.valueOf(arguments[3])));
        System.out.println("made");
      }
    }
  }
}
