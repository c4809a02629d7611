package dev.voicebridge.library;

import static dev.voicebridge.library.LibraryHouse.ANNA;
import static dev.voicebridge.library.LibraryHouse.BERT;
import static dev.voicebridge.library.LibraryHouse.OPERATOR;
import static dev.voicebridge.library.LibraryHouse.failure;
import static dev.voicebridge.library.LibraryHouse.holds;
import static dev.voicebridge.library.LibraryHouse.result;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.emulator.wire.Fault;
import dev.voicebridge.enrolment.Provider;
import dev.voicebridge.library.LibraryException.Reason;
import dev.voicebridge.voice.Voice;
import dev.voicebridge.voice.VoiceQuery;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole library over the guests. */
@Timeout(120)
@NullUnmarked
final class LibraryTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  /** No enrolment may take any time unless somebody waits for it. */
  private static final Times GIVES_UP_AT_ONCE =
      new Times(
          Duration.ofMillis(200),
          LibraryHouse.HASTY.settle(),
          Duration.ZERO,
          LibraryHouse.HASTY.ask(),
          LibraryHouse.HASTY.follow(),
          LibraryHouse.HASTY.take());

  @TempDir Path folder;
  private LibraryHouse house;
  private VoiceLibrary library;

  @BeforeEach
  void open() throws Exception {
    house = new LibraryHouse(folder);
    library = house.library();
  }

  @AfterEach
  void close() {
    house.close();
  }

  private Voice cosyVoice() throws Exception {
    return result(
            library.make(ANNA, LibraryHouse.clone(Provider.COSYVOICE, 0, Agreement.STATED, false)))
        .voice();
  }

  private static void assertRefused(Reason reason, Future<?> future) throws Exception {
    assertEquals(reason, ((LibraryException) failure(future)).reason());
  }

  @Test
  void aCloneIsFollowedUntilItIsReady() throws Exception {
    Voice made = cosyVoice();

    assertEquals(Voice.State.DEPLOYING, made.state());
    assertEquals(Voice.State.OK, result(library.get(ANNA, made.id(), LONG)).state());
  }

  @Test
  void aCloneThatIsStillAwaitedIsNotGivenUpHoweverLongItTakes() throws Exception {
    house.shut(library);
    library = house.open(GIVES_UP_AT_ONCE);
    house.faults.add(new Fault.LateWork("create_voice", Duration.ofMillis(1_500)));

    Future<Made> making =
        library.make(ANNA, LibraryHouse.clone(Provider.COSYVOICE, 0, Agreement.STATED, false));
    holds("the order is with the vendor", house.faults::isEmpty);
    int looks = house.calls.count("list_voice");
    holds("the list was read", () -> house.calls.count("list_voice") > looks + 1);

    Voice made = result(making).voice();
    assertEquals(Voice.State.OK, result(library.get(ANNA, made.id(), LONG)).state());
  }

  @Test
  void aCloneThatTheVendorRejectsEndsAsFailed() throws Exception {
    house.faults.add(new Fault.UndeployVoice("create_voice"));
    Voice made = cosyVoice();

    assertEquals(Voice.State.FAILED, result(library.get(ANNA, made.id(), LONG)).state());
  }

  @Test
  void theSameSampleOffersTheVoiceThatThereIs() throws Exception {
    Voice first = cosyVoice();

    Made offered =
        result(
            library.make(ANNA, LibraryHouse.clone(Provider.COSYVOICE, 0, Agreement.STATED, false)));
    Made another =
        result(
            library.make(ANNA, LibraryHouse.clone(Provider.COSYVOICE, 0, Agreement.STATED, true)));

    assertTrue(offered.existing());
    assertEquals(first.id(), offered.voice().id());
    assertFalse(another.existing());
    assertNotEquals(first.id(), another.voice().id());
  }

  @Test
  void withoutConsentNothingReachesTheVendor() throws Exception {
    house.faults.add(new Fault.LimitCall("create_voice"));

    assertRefused(
        Reason.NO_CONSENT,
        library.make(ANNA, LibraryHouse.clone(Provider.COSYVOICE, 0, Agreement.NONE, false)));
    assertFalse(house.faults.isEmpty(), "the vendor was asked");
  }

  @Test
  void aBadSampleIsRefusedWithTheReportBeforeTheVendorIsAsked() throws Exception {
    house.faults.add(new Fault.LimitCall("create_voice"));

    LibraryException refused =
        (LibraryException)
            failure(
                library.make(
                    ANNA,
                    LibraryHouse.clone(
                        Provider.COSYVOICE, Buffer.buffer("no sound"), Agreement.STATED, false)));

    assertEquals(Reason.SAMPLE_REFUSED, refused.reason());
    assertNotNull(refused.details().getJsonObject("report"));
    assertFalse(house.faults.isEmpty(), "the vendor was asked");
  }

  @Test
  void anothersVoiceIsNotThere() throws Exception {
    String id = cosyVoice().id();

    assertRefused(Reason.NOT_FOUND, library.get(BERT, id, Duration.ZERO));
    assertRefused(Reason.NOT_FOUND, library.edit(BERT, id, "Mine", null, null));
    assertRefused(Reason.NOT_FOUND, library.delete(BERT, id));
    assertRefused(Reason.NOT_FOUND, library.evidence(BERT, id));
    assertNull(library.find(BERT, id));
    assertEquals(0, library.list(BERT, VoiceQuery.all()).total());
    assertEquals(1, library.list(OPERATOR, VoiceQuery.all()).total());
  }

  @Test
  void theEvidenceTellsHowAVoiceCameToBe() throws Exception {
    JsonObject evidence = result(library.evidence(ANNA, cosyVoice().id()));

    assertEquals("cosyvoice-v3.5-plus", evidence.getString("target_model"));
    assertEquals("vendor_upload", evidence.getJsonObject("sample").getString("source"));
    assertEquals(64, evidence.getJsonObject("sample").getString("sha256").length());
    assertFalse(evidence.getJsonArray("request_ids").isEmpty());
    assertFalse(evidence.getJsonObject("usage").isEmpty());
    assertNotNull(evidence.getJsonObject("verdicts"));
    assertEquals("stated", evidence.getJsonObject("consent").getString("how"));
    assertEquals(List.of("anna"), List.of(evidence.getString("owner")));
  }

  @ParameterizedTest
  @CsvSource({"COSYVOICE, create_voice", "QWEN, create", "SILICONFLOW, uploads/audio/voice"})
  void aVoiceWhoseAnswerWasLostIsTiedToItsOwner(Provider provider, String operation)
      throws Exception {
    house.faults.add(new Fault.LoseAnswer(operation));

    failure(library.make(ANNA, LibraryHouse.clone(provider, 0, Agreement.STATED, false)));

    assertTrue(house.faults.isEmpty(), "the fault did not strike");
    holds(
        "the voice is anna's",
        () ->
            library.list(ANNA, VoiceQuery.all()).voices().stream()
                .anyMatch(v -> v.state() == Voice.State.OK && v.providerVoiceId() != null));
    assertEquals(1, library.list(OPERATOR, VoiceQuery.all()).total());
  }

  @ParameterizedTest
  @CsvSource({"COSYVOICE", "QWEN", "SILICONFLOW"})
  void aDeletedVoiceIsGoneHereAndDoesNotComeBack(Provider provider) throws Exception {
    Voice made =
        result(library.make(ANNA, LibraryHouse.clone(provider, 0, Agreement.STATED, false)))
            .voice();
    assertEquals(List.of(made.providerVoiceId()), house.atVendor(provider));

    result(library.delete(ANNA, made.id()));
    assertEquals(List.of(), house.atVendor(provider));
    result(library.refresh());

    assertEquals(0, library.list(OPERATOR, VoiceQuery.all()).total());
  }
}
