package dev.voicebridge.library;

import static dev.voicebridge.library.LibraryHouse.ANNA;
import static dev.voicebridge.library.LibraryHouse.failure;
import static dev.voicebridge.library.LibraryHouse.holds;
import static dev.voicebridge.library.LibraryHouse.result;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.config.Config;
import dev.voicebridge.emulator.wire.Fault;
import dev.voicebridge.emulator.wire.Faults;
import dev.voicebridge.enrolment.EnrolmentException;
import dev.voicebridge.enrolment.Provider;
import dev.voicebridge.enrolment.Sample;
import dev.voicebridge.library.StagedStore.Stage;
import dev.voicebridge.sample.SpokenSample;
import dev.voicebridge.voice.TestVoices;
import dev.voicebridge.voice.Voice;
import dev.voicebridge.voice.VoiceStoreException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
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
  private static final Times TIMES = Life.times(LONG, LONG);
  private static final Duration WORK = Duration.ofMillis(1500);
  private static Buffer sample;
  private static Buffer another;

  @TempDir Path folder;
  private GuestVendors vendors;
  private Faults faults;
  private Config config;

  @BeforeAll
  static void speak() throws Exception {
    sample = Buffer.buffer(SpokenSample.wav(0));
    another = Buffer.buffer(SpokenSample.wav(1));
  }

  @BeforeEach
  void open() throws Exception {
    vendors = new GuestVendors(300);
    faults = vendors.faults;
    config = vendors.config(folder);
  }

  @AfterEach
  void close() throws Exception {
    vendors.close();
  }

  private static CloneOrder order(Provider provider) {
    return order(provider, sample);
  }

  private static CloneOrder order(Provider provider, Buffer sample) {
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

  private static String deleting(Provider provider) {
    return provider == Provider.SILICONFLOW ? "audio/voice/deletions" : "delete";
  }

  private boolean theVendorHas(int voices, Provider provider) {
    try {
      return vendors.voices(provider).size() == voices;
    } catch (TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  private void theVendorMakesIt(Provider provider) {
    holds("the vendor has one voice", () -> theVendorHas(1, provider));
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
    assertEquals(vendors.voices(provider), List.of(String.valueOf(voice.providerVoiceId())));
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
    try (Life first = new Life(config, TIMES, Stage.deathAfter(1))) {
      first.library.make(ANNA, order(provider));
      result(first.store.death());
    }

    try (Life second = new Life(config, TIMES, Stage.NOTHING_HAPPENS)) {
      second.refresh();
      pending(second);
      assertEquals(1, second.places(), "it may still turn up");
    }
    try (Life third = new Life(config, Life.times(Duration.ZERO, LONG), Stage.NOTHING_HAPPENS)) {
      third.refresh();
      assertEquals(List.of(), third.voices());
      assertEquals(0, third.places());
    }
    assertEquals(List.of(), vendors.voices(provider));
  }

  @ParameterizedTest
  @EnumSource
  void aCrashWhileTheVendorWorksLosesNothing(Provider provider) throws Exception {
    faults.add(new Fault.LateWork(creating(provider), WORK));
    try (Life first = new Life(config, TIMES, Stage.NOTHING_HAPPENS)) {
      first.library.make(ANNA, order(provider));
      holds("the vendor is at work", faults::isEmpty);
      first.store.die();
    }

    try (Life second = new Life(config, TIMES, Stage.NOTHING_HAPPENS)) {
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
    try (Life first = new Life(config, TIMES, Stage.NOTHING_HAPPENS)) {
      first.library.make(ANNA, order(provider));
      holds("the vendor is at work", faults::isEmpty);
    }

    try (Life second = new Life(config, TIMES, Stage.NOTHING_HAPPENS)) {
      Voice before = pending(second);
      theVendorMakesIt(provider);
      isTied(second, before, provider);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCrashAfterTheAnswerLosesNothing(Provider provider) throws Exception {
    try (Life first = new Life(config, TIMES, Stage.deathBefore(2))) {
      first.library.make(ANNA, order(provider));
      result(first.store.death());
    }
    assertEquals(1, vendors.voices(provider).size());

    try (Life second = new Life(config, TIMES, Stage.NOTHING_HAPPENS)) {
      isTied(second, pending(second), provider);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStoreThatFailsAfterTheAnswerLosesNothing(Provider provider) throws Exception {
    Throwable away = TestVoices.failure(VoiceStoreException.Kind.UNAVAILABLE);
    try (Life life = new Life(config, TIMES, Stage.failure(2, away))) {
      EnrolmentException told =
          assertInstanceOf(
              EnrolmentException.class, failure(life.library.make(ANNA, order(provider))));
      assertEquals("voice_not_noted", told.diagnosis().code());
      assertTrue(told.mayHaveHappened(), "nobody is to order it again");

      isTied(life, pending(life), provider);
    }
  }

  /** Where the vendor can't change a voice, another takes its place under our id. */
  @ParameterizedTest
  @EnumSource(names = {"QWEN", "SILICONFLOW"})
  void aCrashWhileAVoiceGetsAnotherSampleLeavesTheNewOneAlone(Provider provider) throws Exception {
    Voice old;
    try (Life first = new Life(config, TIMES, Stage.deathBefore(4))) {
      old = result(first.library.make(ANNA, order(provider))).voice();
      first.library.resample(ANNA, old.id(), order(provider, another));
      result(first.store.death());
    }
    assertEquals(2, vendors.voices(provider).size());

    try (Life second = new Life(config, TIMES, Stage.NOTHING_HAPPENS)) {
      holds(
          "the old voice is gone",
          () -> {
            second.refresh();
            return theVendorHas(1, provider);
          });
      second.refresh();
      assertEquals(1, second.voices().size(), second.voices()::toString);
      Voice voice = second.voices().get(0);
      assertEquals(old.id(), voice.id());
      assertEquals("anna", voice.owner());
      assertEquals(old.displayName(), voice.displayName());
      assertEquals(List.of(String.valueOf(voice.providerVoiceId())), vendors.voices(provider));
      assertNotEquals(old.providerVoiceId(), voice.providerVoiceId());
      assertNotNull(voice.sample());
      assertEquals(new Sample.Inline(another, "audio/wav").sha256(), voice.sample().sha256());
      assertEquals(Set.of(Refresh.PREFIX), voice.further().fieldNames());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"QWEN", "SILICONFLOW"})
  void anOldVoiceThatCouldNotBeDeletedIsDeletedByTheNextRefresh(Provider provider)
      throws Exception {
    try (Life life = new Life(config, TIMES, Stage.NOTHING_HAPPENS)) {
      Voice old = result(life.library.make(ANNA, order(provider))).voice();
      faults.add(new Fault.LimitCall(deleting(provider)));
      final Voice made =
          result(life.library.resample(ANNA, old.id(), order(provider, another))).voice();
      assertTrue(faults.isEmpty(), "the fault did not strike");
      assertEquals(2, vendors.voices(provider).size());

      life.refresh();
      life.refresh();

      assertEquals(List.of(String.valueOf(made.providerVoiceId())), vendors.voices(provider));
      assertEquals(1, life.voices().size(), life.voices()::toString);
      assertEquals(Set.of(Refresh.PREFIX), life.voices().get(0).further().fieldNames());
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
                folder.toString(),
                provider.name(),
                file.toString(),
                new JsonObject(new HashMap<String, Object>(vendors.settings())).encode())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("victim.log").toFile())
            .start();
    try {
      holds("the vendor is at work", LONG, () -> faults.isEmpty() || !victim.isAlive());
      assertTrue(victim.isAlive(), () -> log(folder));
    } finally {
      victim.destroyForcibly(); // SIGKILL
      assertTrue(victim.waitFor(10, SECONDS));
    }
    assertFalse(log(folder).contains("made"), "too late");

    try (Life second = new Life(config, TIMES, Stage.NOTHING_HAPPENS)) {
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
      sample = Buffer.buffer(Files.readAllBytes(Path.of(arguments[2])));
      Map<String, String> settings = new HashMap<>();
      new JsonObject(arguments[3])
          .forEach(setting -> settings.put(setting.getKey(), (String) setting.getValue()));
      Config config = GuestVendors.config(settings, Path.of(arguments[0]));
      try (Life life = new Life(config, TIMES, Stage.NOTHING_HAPPENS)) {
        result(life.library.make(ANNA, order(Provider.valueOf(arguments[1]))));
        System.out.println("made");
      }
    }
  }
}
