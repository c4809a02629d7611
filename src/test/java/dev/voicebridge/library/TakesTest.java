package dev.voicebridge.library;

import static dev.voicebridge.library.LibraryHouse.ANNA;
import static dev.voicebridge.library.LibraryHouse.result;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.config.Config;
import dev.voicebridge.emulator.wire.Fault;
import dev.voicebridge.enrolment.Provider;
import dev.voicebridge.library.StagedStore.Stage;
import dev.voicebridge.voice.Voice;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Takes of a design that nobody keeps don't fill the account. */
@Timeout(120)
@NullUnmarked
final class TakesTest {
  private static final Duration LONG = Duration.ofHours(1);

  @TempDir Path folder;

  private static DesignOrder order(Provider provider, boolean take) {
    return new DesignOrder(
        provider,
        "",
        "Narrator",
        null,
        "A calm, deep male narrator in his fifties, slow and warm",
        "Good evening, and welcome to the story of tonight.",
        List.of(),
        "en",
        null,
        null,
        take);
  }

  private static String theirs(Voice voice) {
    return String.valueOf(voice.providerVoiceId());
  }

  @ParameterizedTest
  @EnumSource(names = {"COSYVOICE", "QWEN"})
  void aTakeThatIsNotKeptGoesInTimeAndEverythingElseStays(Provider provider) throws Exception {
    try (GuestVendors vendors = new GuestVendors(0)) {
      Config config = vendors.config(folder);
      Set<String> staying;
      try (Life before = new Life(config, Life.times(LONG, LONG), Stage.NOTHING_HAPPENS)) {
        result(before.library.make(ANNA, order(provider, true)));
        result(before.library.make(ANNA, order(provider, true)));
        Voice kept = result(before.library.make(ANNA, order(provider, true))).voice();
        Voice noTake = result(before.library.make(ANNA, order(provider, false))).voice();
        result(before.library.edit(ANNA, kept.id(), "Kept", null, null));
        staying = Set.of(theirs(kept), theirs(noTake));

        before.refresh();
        assertEquals(4, vendors.voices(provider).size(), "it isn't time yet");
        assertEquals(4, before.voices().size());
      }

      // One that the vendor won't let go now doesn't keep the other.
      vendors.faults.add(
          new Fault.LimitCall(provider == Provider.QWEN ? "delete" : "delete_voice"));
      try (Life after = new Life(config, Life.times(LONG, Duration.ZERO), Stage.NOTHING_HAPPENS)) {
        after.refresh();
        assertTrue(vendors.faults.isEmpty(), "the fault did not strike");
        assertEquals(3, vendors.voices(provider).size());
        after.refresh();

        assertEquals(staying, Set.copyOf(vendors.voices(provider)));
        assertEquals(
            staying, after.voices().stream().map(TakesTest::theirs).collect(Collectors.toSet()));
      }
    }
  }
}
