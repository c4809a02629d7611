package dev.voicebridge.voice;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store does, whatever it keeps its records in. */
@NullUnmarked
abstract class VoiceStoreContract {
  static final int SECONDS = 20;

  final Vertx vertx = Vertx.vertx();
  VoiceStore store;

  /** An empty one, ready. */
  abstract VoiceStore open() throws Exception;

  @BeforeEach
  void openStore() throws Exception {
    store = open();
  }

  @AfterEach
  void closeStore() throws Exception {
    if (store != null) {
      await(store.close());
    }
    await(vertx.close());
  }

  static <T> T await(Future<T> future) throws Exception {
    return future.await(SECONDS, TimeUnit.SECONDS);
  }

  static VoiceStoreException refusal(Future<?> future) {
    return assertThrows(VoiceStoreException.class, () -> await(future));
  }

  @Test
  void keepsARecordWhole() throws Exception {
    Voice voice = Samples.full("granny");

    Voice stored = await(store.put(voice));

    assertEquals(voice.edit().version(1).done(), stored);
    assertEquals(stored, await(store.get("granny")));
    assertEquals(stored, await(store.byProviderId(voice.provider(), voice.providerVoiceId())));
    assertNull(await(store.get("nobody")));
    assertNull(await(store.byProviderId("siliconflow", voice.providerVoiceId())));
  }

  @Test
  void refusesAChangeToAnOldVersionAndShowsTheCurrentOne() throws Exception {
    Voice first = await(store.put(Samples.full("granny")));
    Voice second = await(store.put(first.edit().displayName("Nonna").done()));

    VoiceStoreException refusal = refusal(store.put(first.edit().displayName("Oma").done()));

    assertEquals(VoiceStoreException.Kind.CONFLICT, refusal.kind());
    assertEquals(second, refusal.current());
    assertEquals(2, second.version());
    assertEquals(
        VoiceStoreException.Kind.CONFLICT, refusal(store.put(Samples.full("granny"))).kind());
  }

  @Test
  void letsOneOfManyWritersWin() throws Exception {
    Voice first = await(store.put(Samples.full("granny")));

    List<Future<Voice>> puts = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      puts.add(store.put(first.edit().displayName("name " + i).done()));
    }
    Future.join(puts).otherwiseEmpty().await(SECONDS, TimeUnit.SECONDS);

    assertEquals(1, puts.stream().filter(Future::succeeded).count());
    assertEquals(2, await(store.get("granny")).version());
  }

  @Test
  void keepsAPreviewUntilItsVoiceIsDeleted() throws Exception {
    final Voice stored = await(store.put(Samples.full("granny")));
    byte[] audio = new byte[300_000];
    new Random(1).nextBytes(audio);
    assertNull(await(store.preview("granny")));

    await(store.keepPreview("granny", Buffer.buffer("an earlier one")));
    await(store.keepPreview("granny", Buffer.buffer(audio)));

    assertArrayEquals(audio, await(store.preview("granny")).getBytes());
    assertNull(await(store.preview("nobody")));
    await(store.delete("granny", stored.version()));
    assertNull(await(store.preview("granny")));
    assertEquals(
        VoiceStoreException.Kind.GONE,
        refusal(store.keepPreview("granny", Buffer.buffer(audio))).kind());
  }

  @Test
  void neverBringsADeletedVoiceBack() throws Exception {
    Voice stored = await(store.put(Samples.full("granny")));

    assertEquals(VoiceStoreException.Kind.CONFLICT, refusal(store.delete("granny", 9)).kind());
    assertTrue(await(store.delete("granny", stored.version())));

    assertFalse(await(store.delete("granny", stored.version())));
    assertNull(await(store.get("granny")));
    assertNull(await(store.byProviderId(stored.provider(), stored.providerVoiceId())));
    assertEquals(VoiceStoreException.Kind.GONE, refusal(store.put(stored)).kind());
    assertEquals(
        VoiceStoreException.Kind.GONE, refusal(store.put(stored.edit().version(0).done())).kind());
    assertEquals(0, await(store.list(VoiceQuery.all())).total());
  }

  @Test
  void givesAProvidersVoiceToOneRecordOnly() throws Exception {
    Voice annas = await(store.put(Samples.owned("a", "anna").providerVoiceId("v-1").done()));

    VoiceStoreException bobs =
        refusal(store.put(Samples.owned("b", "bob").providerVoiceId("v-1").done()));
    VoiceStoreException nobodys = refusal(store.put(Samples.found("f", "v-1").done()));

    assertEquals(VoiceStoreException.Kind.TAKEN, bobs.kind());
    assertEquals(annas, bobs.current());
    assertEquals(VoiceStoreException.Kind.TAKEN, nobodys.kind());
    assertEquals(annas, await(store.byProviderId(annas.provider(), "v-1")));
  }

  @Test
  void letsAFoundVoiceGiveWayToItsOwner() throws Exception {
    Voice pending = await(store.put(Samples.owned("a", "anna").done()));
    await(store.put(Samples.found("f", "v-1").done()));

    Voice annas = await(store.put(pending.edit().providerVoiceId("v-1").done()));

    assertNull(await(store.get("f")));
    assertEquals(annas, await(store.byProviderId(annas.provider(), "v-1")));
    assertEquals(List.of(annas), await(store.list(VoiceQuery.all())).voices());
  }

  @Test
  void forgetsTheOldProviderIdOfAVoiceThatWasMadeAnew() throws Exception {
    Voice first = await(store.put(Samples.owned("a", "anna").providerVoiceId("v-1").done()));

    Voice second = await(store.put(first.edit().providerVoiceId("v-2").done()));

    assertNull(await(store.byProviderId(first.provider(), "v-1")));
    assertEquals(second, await(store.byProviderId(first.provider(), "v-2")));
    assertEquals(1, await(store.put(Samples.found("f", "v-1").done())).version());
  }

  @Test
  void listsWhatFitsNewestFirstAndByPages() throws Exception {
    for (int i = 0; i < 25; i++) {
      await(
          store.put(
              Samples.owned("v" + i, i % 2 == 0 ? "anna" : "bob")
                  .created(Samples.NOON.plusSeconds(i))
                  .displayName(i == 7 ? "Großmutter 外婆" : "n" + i)
                  .tags(i % 5 == 0 ? List.of("fifth") : List.of())
                  .state(i == 3 ? Voice.State.FAILED : Voice.State.OK)
                  .done()));
    }

    VoicePage page = await(store.list(VoiceQuery.all().page(10, 5)));
    assertEquals(25, page.total());
    assertEquals(
        List.of("v14", "v13", "v12", "v11", "v10"), page.voices().stream().map(Voice::id).toList());
    assertEquals(12, total(VoiceQuery.all().ownedBy("bob")));
    assertEquals(0, total(VoiceQuery.all().ownedBy("")));
    assertEquals(5, total(VoiceQuery.all().tagged("fifth")));
    assertEquals(1, total(VoiceQuery.all().containing("外婆")));
    assertEquals(1, total(VoiceQuery.all().containing("GROSSMUTTER".replace("SS", "ß"))));
    assertEquals(1, total(VoiceQuery.all().inState(Voice.State.FAILED)));
    assertEquals(25, total(VoiceQuery.all().ofModel("cosyvoice-v3.5-plus")));
    assertEquals(0, total(VoiceQuery.all().ofProvider(Voice.SILICONFLOW)));
    assertEquals(0, total(VoiceQuery.all().made(Voice.Origin.FOUND)));
    assertEquals(List.of(), await(store.list(VoiceQuery.all().page(99, 5))).voices());
  }

  private int total(VoiceQuery query) throws Exception {
    return await(store.list(query)).total();
  }

  @Test
  void showsWhatIsLeftPending() throws Exception {
    Voice old = await(store.put(Samples.owned("old", "anna").done()));
    await(store.put(Samples.owned("young", "anna").modified(Samples.NOON.plusSeconds(60)).done()));
    await(store.put(Samples.found("done", "v-1").done()));

    assertEquals(List.of(old), await(store.pending(Samples.NOON.plusSeconds(30))));
  }

  @Test
  void tellsOfEveryChange() throws Exception {
    BlockingQueue<VoiceChange> heard = new LinkedBlockingQueue<>();
    VoiceStore.Watch watch = store.watch(heard::add);

    Voice voice = await(store.put(Samples.full("granny")));
    await(store.delete("granny", 1));

    assertEquals(new VoiceChange("granny", voice), heard.poll(SECONDS, TimeUnit.SECONDS));
    assertEquals(new VoiceChange("granny", null), heard.poll(SECONDS, TimeUnit.SECONDS));
    watch.close();
    await(store.put(Samples.full("granny-2")));
    BlockingQueue<VoiceChange> second = new LinkedBlockingQueue<>();
    store.watch(second::add);
    await(store.put(Samples.found("f", "v-1").done()));
    assertNotNull(second.poll(SECONDS, TimeUnit.SECONDS));
    assertTrue(heard.isEmpty());
  }

  @Test
  void notesAUseWithoutANewVersion() throws Exception {
    await(store.put(Samples.full("granny")));

    store.used("granny", Samples.NOON.plusSeconds(90));
    store.used("granny", Samples.NOON.plusSeconds(30));
    store.used("nobody", Samples.NOON);

    Voice used = await(store.get("granny"));
    assertEquals(Samples.NOON.plusSeconds(90), used.lastUsed());
    assertEquals(1, used.version());
    Voice renamed = await(store.put(used.edit().displayName("Nonna").lastUsed(null).done()));
    assertEquals(Samples.NOON.plusSeconds(90), renamed.lastUsed());
  }

  @Test
  void isUnavailableWhenClosed() throws Exception {
    assertEquals(StoreHealth.State.OK, store.health().state());

    await(store.close());
    await(store.close());

    assertEquals(StoreHealth.State.DOWN, store.health().state());
    assertEquals(
        VoiceStoreException.Kind.UNAVAILABLE, refusal(store.put(Samples.full("x"))).kind());
    assertEquals(VoiceStoreException.Kind.UNAVAILABLE, refusal(store.get("x")).kind());
  }

  @Test
  void answersOnTheCallersContext() throws Exception {
    Context context = vertx.getOrCreateContext();
    Promise<Boolean> same = Promise.promise();

    context.runOnContext(
        v ->
            store
                .put(Samples.full("granny"))
                .onComplete(r -> same.complete(Vertx.currentContext() == context)));

    assertTrue(await(same.future()));
  }
}
