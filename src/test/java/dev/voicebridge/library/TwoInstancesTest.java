package dev.voicebridge.library;

import static dev.voicebridge.library.LibraryHouse.ANNA;
import static dev.voicebridge.library.LibraryHouse.BERT;
import static dev.voicebridge.library.LibraryHouse.LOOKS_ONCE;
import static dev.voicebridge.library.LibraryHouse.OPERATOR;
import static dev.voicebridge.library.LibraryHouse.SHARED;
import static dev.voicebridge.library.LibraryHouse.failure;
import static dev.voicebridge.library.LibraryHouse.holds;
import static dev.voicebridge.library.LibraryHouse.result;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.bridge.Caller;
import dev.voicebridge.bridge.CustomVoice;
import dev.voicebridge.bridge.SessionLimits;
import dev.voicebridge.bridge.VoiceBook;
import dev.voicebridge.emulator.wire.Fault;
import dev.voicebridge.enrolment.EnrolmentException;
import dev.voicebridge.enrolment.Provider;
import dev.voicebridge.http.TestBooks;
import dev.voicebridge.library.LibraryException.Reason;
import dev.voicebridge.sample.TestSamples;
import dev.voicebridge.sdk.EnrolmentSdkDrive;
import dev.voicebridge.text.Pronunciations;
import dev.voicebridge.voice.RedisProcess;
import dev.voicebridge.voice.RedisVoiceStore;
import dev.voicebridge.voice.SharedRate;
import dev.voicebridge.voice.StoreHealth;
import dev.voicebridge.voice.Voice;
import dev.voicebridge.voice.VoiceQuery;
import dev.voicebridge.voice.VoiceStoreException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two libraries with one Redis, at one account of each vendor, which keeps its limits. */
@Timeout(180)
@NullUnmarked
final class TwoInstancesTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final int WAITERS = 1_000;

  /** All calls of CosyVoice's that its 10 a second are for. */
  private static final String[] COSY_VOICE = {
    "create_voice", "list_voice", "query_voice", "update_voice", "delete_voice"
  };

  /** What a vendor would have to be asked for before a voice is made. */
  private static final String[] MAKING = {
    "getPolicy", "upload", "create_voice", "create", "uploads/audio/voice", "audio/transcriptions"
  };

  private static RedisProcess redis;

  @TempDir Path folder;
  private LibraryHouse house;

  @BeforeAll
  static void startRedis() throws Exception {
    redis = RedisProcess.start("--save", "");
  }

  @AfterAll
  static void stopRedis() throws Exception {
    redis.close();
  }

  @BeforeEach
  void openHouse() throws Exception {
    redis.restart();
    house =
        new LibraryHouse(
            Map.of("REDIS_URL", redis.url()), new JsonObject().put("rateLimits", true));
  }

  @AfterEach
  void closeHouse() {
    house.close();
  }

  // -- what the tests are told with ---------------------------------------------------------------

  private VoiceLibrary open(Times times) throws Exception {
    VoiceLibrary library = house.open(times);
    inTouch(library);
    return library;
  }

  private static void inTouch(VoiceLibrary library) {
    holds("in touch with Redis", () -> library.health().state() == StoreHealth.State.OK);
  }

  private static void fromMemory(VoiceLibrary library) {
    holds(
        "the library says that it works from memory",
        () -> library.health().state() == StoreHealth.State.FROM_MEMORY);
  }

  private static CloneOrder order(Provider provider, int sample) {
    return LibraryHouse.clone(
        provider, Buffer.buffer(TestSamples.speech(sample)), Agreement.STATED, true);
  }

  private static Voice made(VoiceLibrary library, Asker asker, Provider provider) throws Exception {
    return result(library.make(asker, order(provider, 0))).voice();
  }

  /** One that can be used, and that both know. */
  private static Voice ready(VoiceLibrary library, VoiceLibrary other, Asker asker)
      throws Exception {
    String id = made(library, asker, Provider.COSYVOICE).id();
    Voice voice = result(library.get(asker, id, LONG));
    assertEquals(Voice.State.OK, voice.state());
    assertEquals(Voice.State.OK, result(other.get(asker, id, LONG)).state());
    return voice;
  }

  private static List<Voice> seen(VoiceLibrary library, Asker asker) {
    return library.list(asker, VoiceQuery.all()).voices();
  }

  private VoiceBook book(VoiceLibrary library) {
    return TestBooks.of(library, house.dashScope());
  }

  private static Caller caller(Asker asker) {
    return new Caller(asker.owner(), Set.of(), Set.of(), SessionLimits.DEFAULTS, asker.operator());
  }

  private static void assertNotThere(Future<?> future) throws Exception {
    assertEquals(
        Reason.NOT_FOUND, assertInstanceOf(LibraryException.class, failure(future)).reason());
  }

  private static void assertAway(Future<?> future) throws Exception {
    assertEquals(
        VoiceStoreException.Kind.UNAVAILABLE,
        assertInstanceOf(VoiceStoreException.class, failure(future)).kind());
  }

  private int creations() {
    return house.calls.count(MAKING);
  }

  private EnrolmentSdkDrive elsewhere() {
    return EnrolmentSdkDrive.on(house.dashScope() + "/api/v1", "sk-vendor");
  }

  private Path sample() throws Exception {
    return Files.write(folder.resolve("sample.wav"), TestSamples.speech(1));
  }

  /** Both looked at all lists already, and will not do so again. */
  private List<VoiceLibrary> bothLookedOnce() throws Exception {
    VoiceLibrary one = open(LOOKS_ONCE);
    holds("looked at the last list", () -> house.calls.count("audio/voice/list") == 1);
    return List.of(one, open(LOOKS_ONCE));
  }

  // -- what one does, the other knows -------------------------------------------------------------

  @ParameterizedTest
  @EnumSource
  void aVoiceMadeByOneIsUsableAtTheOtherAtOnce(Provider provider) throws Exception {
    List<VoiceLibrary> both = bothLookedOnce();
    VoiceLibrary one = both.get(0);
    VoiceLibrary other = both.get(1);
    int lists = house.calls.count("list_voice", "list", "audio/voice/list");

    Voice made = made(one, ANNA, provider);
    CustomVoice asked =
        result(book(other).ask(caller(ANNA), String.valueOf(made.providerVoiceId())));
    Voice ours = result(other.get(ANNA, made.id(), LONG));
    Voice theirs = result(other.get(ANNA, String.valueOf(made.providerVoiceId()), LONG));

    assertEquals(made.id(), asked.id());
    assertEquals(made.providerVoiceId(), ours.providerVoiceId());
    assertEquals(Voice.State.OK, ours.state());
    assertEquals(ours, theirs);
    CustomVoice found = book(other).find(caller(ANNA), made.providerVoiceId());
    assertEquals(CustomVoice.Readiness.READY, found.readiness());
    assertNotThere(other.get(BERT, made.id(), Duration.ZERO));
    assertEquals(lists, house.calls.count("list_voice", "list", "audio/voice/list"));
  }

  @Test
  void aVoiceRenamedByOneIsRenamedAtTheOther() throws Exception {
    List<VoiceLibrary> both = bothLookedOnce();
    Voice made = ready(both.get(0), both.get(1), ANNA);

    result(both.get(0).edit(ANNA, made.id(), "Mama", List.of("home"), null));
    holds("renamed", () -> both.get(1).find(ANNA, made.id()).displayName().equals("Mama"));
    result(both.get(1).edit(ANNA, made.id(), "Mutti", null, null));
    holds("renamed back", () -> both.get(0).find(ANNA, made.id()).displayName().equals("Mutti"));

    assertEquals(List.of("home"), both.get(0).find(ANNA, made.id()).tags());
  }

  @Test
  void howWordsAreSaidAtOneIsKnownAtTheOtherAndKept() throws Exception {
    List<VoiceLibrary> both = bothLookedOnce();
    Voice made = ready(both.get(0), both.get(1), ANNA);
    JsonObject words = new JsonObject().put("行长", "航掌");

    result(both.get(0).edit(ANNA, made.id(), null, null, words));
    holds(
        "words",
        () ->
            book(both.get(1))
                .find(caller(ANNA), made.id())
                .pronunciations()
                .equals(Pronunciations.of(Map.of("行长", "航掌"))));
    result(both.get(1).edit(ANNA, made.id(), "Mama", null, null));
    holds("renamed", () -> both.get(0).find(ANNA, made.id()).displayName().equals("Mama"));
    assertEquals(words, VoiceLibrary.pronunciations(both.get(0).find(ANNA, made.id())));

    result(both.get(0).edit(ANNA, made.id(), null, null, new JsonObject()));
    holds(
        "forgotten", () -> VoiceLibrary.pronunciations(both.get(1).find(ANNA, made.id())) == null);
  }

  @Test
  void aVoiceDeletedByOneIsGoneAtTheOther() throws Exception {
    List<VoiceLibrary> both = bothLookedOnce();
    Voice made = ready(both.get(0), both.get(1), ANNA);

    result(both.get(0).delete(ANNA, made.id()));

    assertNotThere(both.get(1).get(ANNA, "unknown-here", Duration.ZERO));
    holds("gone", () -> both.get(1).find(ANNA, made.id()) == null);
    assertNull(both.get(1).find(OPERATOR, String.valueOf(made.providerVoiceId())));
    assertNotThere(both.get(1).get(ANNA, made.id(), Duration.ZERO));
    assertEquals(List.of(), seen(both.get(1), OPERATOR));
  }

  @Test
  void aVoiceDeletedByOneDoesNotComeBackThroughAListThatTheOtherAskedForBefore() throws Exception {
    VoiceLibrary one = open(LOOKS_ONCE);
    holds("looked at the last list", () -> house.calls.count("audio/voice/list") == 1);
    VoiceLibrary looking = open(SHARED);
    Voice made = ready(one, looking, ANNA);
    List<Voice> back = new ArrayList<>();
    house.faults.add(new Fault.SlowCall("list_voice", Duration.ofSeconds(2)));
    holds("the other has asked for a list", house.faults::isEmpty);
    int lists = house.calls.count("list_voice");

    result(one.delete(ANNA, made.id()));
    holds(
        "the list came, and the next one",
        () -> {
          back.addAll(seen(looking, OPERATOR).stream().filter(v -> v.owner() == null).toList());
          return house.calls.count("list_voice") > lists;
        });

    assertEquals(List.of(), back);
    assertEquals(List.of(), seen(looking, OPERATOR));
  }

  // -- what is done elsewhere ---------------------------------------------------------------------

  @Test
  void aVoiceMadeElsewhereAppearsForTheOperatorAndGoesWhenItIsDeletedThere() throws Exception {
    List<VoiceLibrary> both = List.of(open(SHARED), open(SHARED));

    try (EnrolmentSdkDrive elsewhere = elsewhere()) {
      String made = elsewhere.createFromFile("cosyvoice-v3.5-plus", "console", sample());
      for (VoiceLibrary each : both) {
        holds("it appears", () -> each.find(OPERATOR, made) != null);
        holds("it is ready", () -> each.find(OPERATOR, made).state() == Voice.State.OK);
        assertNull(each.find(OPERATOR, made).owner());
        assertEquals(Voice.Origin.FOUND, each.find(OPERATOR, made).origin());
        assertEquals(1, seen(each, OPERATOR).size());
        assertEquals(List.of(), seen(each, ANNA));
        assertNull(each.find(ANNA, made));
        assertNotThere(each.get(ANNA, made, Duration.ZERO));
        assertTrue(book(each).find(caller(ANNA), made).foreign());
      }

      int lists = house.calls.count("list_voice");
      elsewhere.delete(made);
      for (VoiceLibrary each : both) {
        holds("it goes", () -> seen(each, OPERATOR).isEmpty());
      }
      assertTrue(house.calls.count("list_voice") - lists >= 2, "one list was enough");
    }
  }

  @Test
  void aVoiceMadeElsewhereBeforeTheStartIsThereSoonAfterIt() throws Exception {
    try (EnrolmentSdkDrive elsewhere = elsewhere()) {
      String made = elsewhere.createFromFile("cosyvoice-v3.5-plus", "console", sample());

      VoiceLibrary one = open(LOOKS_ONCE);

      holds("it appears", () -> one.find(OPERATOR, made) != null);
    }
  }

  // -- many who want the same ---------------------------------------------------------------------

  /** All at once, from a thread that is none of the library's. */
  private static <T> List<Future<T>> many(
      List<VoiceLibrary> both, Function<VoiceLibrary, Future<T>> question) {
    List<Future<T>> answers = new ArrayList<>();
    for (int i = 0; i < WAITERS; i++) {
      answers.add(question.apply(both.get(i % both.size())));
    }
    return answers;
  }

  /** What was asked for before is under way. */
  private static void taken(List<VoiceLibrary> both) throws Exception {
    for (VoiceLibrary each : both) {
      failure(each.edit(ANNA, "any", "", null, null)); // refused at once, in its turn
    }
  }

  private static int reads() throws Exception {
    String count =
        "EVAL \"return string.match(redis.call('INFO','commandstats'),"
            + "'cmdstat_hget:calls=(%d+)') or '0'\" 0";
    return Integer.parseInt(redis.lines(count, 2).get(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"nobodys-voice", "cosyvoice-v3.5-plus-nobody-1", "speech:nobody:x:y"})
  void aThousandWhoAskForAnUnknownNameAreOneQuestionOfEachInstance(String name) throws Exception {
    List<VoiceLibrary> both = bothLookedOnce();
    int calls = house.calls.count(COSY_VOICE);
    int reads = reads();

    redis.freeze();
    List<Future<Voice>> answers;
    try {
      answers = many(both, each -> each.get(ANNA, name, Duration.ZERO));
      taken(both);
    } finally {
      redis.thaw();
    }
    for (Future<Voice> answer : answers) {
      assertNotThere(answer);
    }

    // By our id, by DashScope's and by SiliconFlow's; at most, and at each of the two.
    assertTrue(reads() - reads <= 6, (reads() - reads) + " reads");
    assertEquals(calls, house.calls.count(COSY_VOICE));
  }

  @Test
  void aThousandWhoWaitForAVoiceInTheMakingAreOneFollower() throws Exception {
    List<VoiceLibrary> both = bothLookedOnce();
    Voice made = made(both.get(0), ANNA, Provider.COSYVOICE);

    for (Future<Voice> answer : many(both, each -> each.get(ANNA, made.id(), LONG))) {
      assertEquals(Voice.State.OK, result(answer).state());
    }

    int asked = house.calls.count("query_voice");
    assertTrue(asked >= 1 && asked <= 10, asked + " questions for 300 ms of work");
  }

  @Test
  void aThousandWhoWantAFreshListGetOneFetch() throws Exception {
    List<VoiceLibrary> both = bothLookedOnce();

    for (Future<Void> done : many(both, VoiceLibrary::refresh)) {
      result(done);
    }

    assertEquals(1, house.calls.count("list_voice"));
    assertEquals(2, house.calls.count("list")); // Qwen's clones and its designs
    assertEquals(1, house.calls.count("audio/voice/list"));
  }

  // -- the vendor's rates -------------------------------------------------------------------------

  @Test
  void tenCallsASecondAreNeverExceededByBothTogether() throws Exception {
    // Measured below: a guest on a machine that stalls counts calls in one moment that came in two.
    house.close();
    house = new LibraryHouse(Map.of("REDIS_URL", redis.url()), new JsonObject());
    Stalls stalls = new Stalls();
    Times slow =
        new Times(
            SHARED.refresh(),
            SHARED.settle(),
            SHARED.pending(),
            Duration.ofSeconds(2), // one question a voice will do
            SHARED.follow(),
            SHARED.take());
    List<VoiceLibrary> both = List.of(open(slow), open(slow));
    String url;
    try (EnrolmentSdkDrive elsewhere = elsewhere()) {
      url = elsewhere.upload(sample());
    }
    CloneOrder order =
        new CloneOrder(
            Provider.COSYVOICE,
            "",
            "Anna",
            null,
            new SampleSource.AtUrl(url),
            Agreement.STATED,
            List.of(),
            null,
            null,
            null,
            null,
            true);

    List<Future<Made>> making = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      making.add(both.get(i % 2).make(ANNA, order));
    }
    List<Future<Void>> deleting = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      String id = result(making.get(i)).voice().id();
      deleting.add(both.get((i + 1) % 2).delete(ANNA, id));
    }
    for (Future<Void> done : deleting) {
      result(done);
    }

    long toleranceMs = 2 * stalls.longestMs();
    List<Long> moments = house.calls.of(COSY_VOICE);
    assertTrue(moments.size() > 48, moments.size() + " calls");
    for (int i = 10; i < moments.size(); i++) {
      long ms = (moments.get(i) - moments.get(i - 10)) / 1_000_000;
      assertTrue(
          ms >= Math.max(600, 1_000 - toleranceMs),
          "calls " + (i - 10) + " to " + i + " in " + ms + " ms, stalls of " + toleranceMs + " ms");
    }
  }

  /** How long this machine leaves a thread waiting that is due; watches until it is asked. */
  private static final class Stalls {
    private static final long STEP_NANOS = 5_000_000;
    private final Thread thread = new Thread(this::watch, "stalls");
    private volatile boolean over;
    private long longestNanos;

    Stalls() {
      thread.setDaemon(true);
      thread.start();
    }

    private void watch() {
      while (!over) {
        long start = System.nanoTime();
        LockSupport.parkNanos(STEP_NANOS);
        longestNanos = Math.max(longestNanos, System.nanoTime() - start - STEP_NANOS);
      }
    }

    long longestMs() throws InterruptedException {
      over = true;
      thread.join(SECONDS.toMillis(10));
      return longestNanos / 1_000_000;
    }
  }

  @Test
  void aHundredAndEightyCallsAMinuteAreNeverExceededByBothTogether() throws Exception {
    Vertx one = Vertx.vertx();
    Vertx other = Vertx.vertx();
    try {
      List<Future<Boolean>> calls = new ArrayList<>();
      for (Vertx vertx : List.of(one, other)) {
        RedisVoiceStore store = RedisVoiceStore.start(vertx, redis.url());
        result(store.ready());
        Vendors vendors = new Vendors(vertx, house.config(), SharedRate.in(vertx, store));
        for (int i = 0; i < 100; i++) {
          calls.add(
              vendors
                  .need(Provider.QWEN)
                  .enrolment()
                  .query("qwen-tts-vc-nobody-1")
                  .transform(answer -> Future.succeededFuture(wasSent(answer.cause()))));
        }
      }
      int sent = 0;
      for (Future<Boolean> call : calls) {
        sent += result(call) ? 1 : 0;
      }

      // A turn that is lost while a connection is waited for is not given twice.
      assertTrue(sent <= 180 && sent > 90, sent + " calls of 200");
      assertEquals(sent, house.calls.count("list")); // clones have no query of their own
    } finally {
      one.close().await(20, SECONDS);
      other.close().await(20, SECONDS);
    }
  }

  private static boolean wasSent(Throwable refusal) {
    String code = assertInstanceOf(EnrolmentException.class, refusal).diagnosis().code();
    assertTrue(Set.of("voice_not_found", "call_not_sent").contains(code), code);
    return code.equals("voice_not_found");
  }

  // -- Redis gone, slow, empty --------------------------------------------------------------------

  private static void assertSpeechGoesOn(VoiceLibrary library, VoiceBook book, Voice voice)
      throws Exception {
    for (String name : List.of(voice.id(), String.valueOf(voice.providerVoiceId()))) {
      assertEquals(CustomVoice.Readiness.READY, book.find(caller(ANNA), name).readiness());
      assertEquals(CustomVoice.Readiness.READY, result(book.ask(caller(ANNA), name)).readiness());
      assertTrue(book.find(caller(BERT), name).foreign());
      assertEquals(voice.id(), result(library.get(ANNA, name, Duration.ZERO)).id());
    }
    assertEquals(1, seen(library, ANNA).size());
    assertEquals(0, seen(library, BERT).size());
  }

  private void assertNothingIsMade(VoiceLibrary library, Voice voice) throws Exception {
    int before = creations();
    List<Supplier<Future<?>>> changes =
        List.of(
            () -> library.make(ANNA, order(Provider.COSYVOICE, 1)),
            () -> library.make(ANNA, order(Provider.QWEN, 1)),
            () -> library.make(ANNA, withoutTranscript(order(Provider.SILICONFLOW, 1))),
            () -> library.resample(ANNA, voice.id(), order(Provider.COSYVOICE, 1)),
            () -> library.edit(ANNA, voice.id(), "Another", null, null),
            () -> library.delete(ANNA, voice.id()));
    for (Supplier<Future<?>> change : changes) {
      long start = System.nanoTime();
      assertAway(change.get());
      assertTrue(System.nanoTime() - start < SECONDS.toNanos(15), "it took too long");
    }
    assertEquals(before, creations());
    assertEquals(0, house.calls.count("delete_voice"));
  }

  private static CloneOrder withoutTranscript(CloneOrder order) {
    return new CloneOrder(
        order.provider(),
        order.targetModel(),
        order.displayName(),
        order.prefix(),
        order.sample(),
        order.agreement(),
        order.tags(),
        order.language(),
        null,
        order.maxPromptSeconds(),
        order.preprocess(),
        order.again());
  }

  /** They are well: both can make voices, which both know. */
  private static void assertHealed(VoiceLibrary one, VoiceLibrary other) throws Exception {
    inTouch(one);
    inTouch(other);
    ready(one, other, BERT);
    ready(other, one, BERT);
  }

  @Test
  void withoutRedisSpeechGoesOnFromMemoryAndNothingIsMade() throws Exception {
    VoiceLibrary one = open(SHARED);
    VoiceLibrary other = open(SHARED);
    Voice voice = ready(one, other, ANNA);

    redis.kill();
    for (VoiceLibrary each : List.of(one, other)) {
      fromMemory(each);
      assertSpeechGoesOn(each, book(each), voice);
      assertNothingIsMade(each, voice);
    }

    redis.restart();
    assertHealed(one, other);
    assertEquals(1, seen(one, ANNA).size());
    assertEquals(3, seen(other, OPERATOR).size());
  }

  @Test
  void whileRedisIsSlowSpeechGoesOnFromMemoryAndNothingIsMade() throws Exception {
    VoiceLibrary one = open(LOOKS_ONCE);
    VoiceLibrary other = open(LOOKS_ONCE);
    Voice voice = ready(one, other, ANNA);

    redis.freeze();
    try {
      assertSpeechGoesOn(one, book(one), voice);
      assertNothingIsMade(other, voice);
      fromMemory(one);
      fromMemory(other);
      assertSpeechGoesOn(other, book(other), voice);
      assertNothingIsMade(one, voice);
    } finally {
      redis.thaw();
    }

    inTouch(one);
    inTouch(other);
    for (VoiceLibrary each : List.of(one, other)) {
      holds("nothing is left of what was refused", () -> seen(each, OPERATOR).size() == 1);
    }
    assertHealed(one, other);
    assertEquals(voice.displayName(), one.find(ANNA, voice.id()).displayName());
  }

  @Test
  void anOrderThatIsRefusedBecauseRedisIsSlowLeavesNoRecordBehind() throws Exception {
    VoiceLibrary one = open(LOOKS_ONCE);
    VoiceLibrary other = open(LOOKS_ONCE);

    redis.freeze();
    try {
      assertAway(one.make(ANNA, order(Provider.QWEN, 1)));
    } finally {
      redis.thaw();
    }

    inTouch(one);
    for (VoiceLibrary each : List.of(one, other)) {
      holds("no record", () -> seen(each, OPERATOR).isEmpty());
    }
    assertEquals(0, house.calls.count("create"));
  }

  @Test
  void aRedisThatLostAllGetsTheVoicesBackWithTheirOwners() throws Exception {
    VoiceLibrary one = open(SHARED);
    VoiceLibrary other = open(SHARED);
    Voice annas = ready(one, other, ANNA);
    Voice berts = ready(other, one, BERT);

    redis.kill();
    fromMemory(one);
    house.shut(other);
    redis.restart();
    VoiceLibrary newcomer = open(SHARED);
    inTouch(one);

    for (VoiceLibrary each : List.of(one, newcomer)) {
      holds(
          "each has her own again",
          () -> each.find(ANNA, annas.id()) != null && each.find(BERT, berts.id()) != null);
      holds("nothing is there twice", () -> seen(each, OPERATOR).size() == 2);
      assertEquals(List.of(annas.id()), seen(each, ANNA).stream().map(Voice::id).toList());
      assertEquals(List.of(berts.id()), seen(each, BERT).stream().map(Voice::id).toList());
    }
  }

  @Test
  void anEnrolmentThatLosesRedisOnItsWayIsStillItsOwners() throws Exception {
    VoiceLibrary one = open(SHARED);
    VoiceLibrary other = open(SHARED);
    house.faults.add(new Fault.SlowCall("create_voice", Duration.ofSeconds(2)));
    Future<Made> making = one.make(ANNA, order(Provider.COSYVOICE, 0));
    holds("the vendor makes it", house.faults::isEmpty);

    redis.kill();
    EnrolmentException told = assertInstanceOf(EnrolmentException.class, failure(making));
    assertTrue(told.mayHaveHappened(), "the vendor has it, whoever asks again pays twice");
    redis.restart();

    for (VoiceLibrary each : List.of(one, other)) {
      holds(
          "it is anna's, and can be used",
          () -> seen(each, ANNA).stream().anyMatch(voice -> voice.state() == Voice.State.OK));
      assertEquals(1, seen(each, OPERATOR).size());
    }
  }

  @Test
  void voicesWhoseOwnersNobodyRemembersAreTheOperatorsAlone() throws Exception {
    VoiceLibrary one = open(SHARED);
    VoiceLibrary other = open(SHARED);
    Set<String> made =
        Set.of(
            String.valueOf(ready(one, other, ANNA).providerVoiceId()),
            String.valueOf(ready(other, one, BERT).providerVoiceId()));

    house.shut(one);
    house.shut(other);
    redis.restart();

    for (VoiceLibrary each : List.of(open(SHARED), open(SHARED))) {
      holds("they come back", () -> seen(each, OPERATOR).size() == 2);
      for (Voice voice : seen(each, OPERATOR)) {
        assertTrue(made.contains(voice.providerVoiceId()));
        assertNull(voice.owner());
        assertTrue(book(each).find(caller(ANNA), voice.id()).foreign());
      }
      assertEquals(List.of(), seen(each, ANNA));
      assertEquals(List.of(), seen(each, BERT));
    }
  }

  // -- a second one starts ------------------------------------------------------------------------

  /** Before the vendor made it, and after. */
  @ParameterizedTest
  @ValueSource(strings = {"upload", "create_voice"})
  void oneThatStartsLeavesAloneWhatAnotherIsEnrolling(String slow) throws Exception {
    VoiceLibrary one = open(SHARED);
    house.faults.add(new Fault.SlowCall(slow, Duration.ofSeconds(5)));
    Future<Made> making = one.make(ANNA, order(Provider.COSYVOICE, 0));
    holds("the enrolment is under way", house.faults::isEmpty);
    String id = seen(one, ANNA).get(0).id();

    VoiceLibrary other = open(SHARED);
    holds("the other knows of it", () -> other.find(ANNA, id) != null);
    int lists = house.calls.count("list_voice");
    holds("lists were looked at", () -> house.calls.count("list_voice") >= lists + 4);

    assertNotNull(other.find(ANNA, id));
    assertEquals(1, seen(other, OPERATOR).size());
    assertTrue(!making.isComplete(), "it was not slow enough to show anything");
    assertEquals(id, result(making).voice().id());
    Voice done = result(other.get(ANNA, id, LONG));
    assertEquals(Voice.State.OK, done.state());
    assertEquals("anna", done.owner());
    assertEquals(1, seen(one, OPERATOR).size());
    assertEquals(1, seen(other, OPERATOR).size());
  }
}
