package dev.voicebridge.voice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against one real server. */
@Timeout(60)
@NullUnmarked
class RedisVoiceStoreTest extends VoiceStoreContract {
  private static RedisProcess redis;

  private final List<RedisVoiceStore> others = new ArrayList<>();

  @BeforeAll
  static void startRedis() throws Exception {
    redis = RedisProcess.start("--save", "");
  }

  @AfterAll
  static void stopRedis() throws Exception {
    redis.close();
  }

  @Override
  VoiceStore open() throws Exception {
    redis.ask("FLUSHALL");
    return reached(RedisVoiceStore.start(vertx, redis.url()));
  }

  private static RedisVoiceStore reached(RedisVoiceStore store) throws Exception {
    await(store.ready());
    return store;
  }

  private RedisVoiceStore another() throws Exception {
    RedisVoiceStore other = RedisVoiceStore.start(vertx, redis.url());
    others.add(other);
    return reached(other);
  }

  @AfterEach
  void closeOthers() throws Exception {
    for (RedisVoiceStore other : others) {
      await(other.close());
    }
  }

  /** Asks again and again, at most for some seconds. */
  static void until(String what, Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (!condition.call()) {
      assertTrue(System.nanoTime() < end, "not in time: " + what);
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  private static void untilOk(VoiceStore store) throws Exception {
    until("in touch", () -> store.health().state() == StoreHealth.State.OK);
  }

  private static void untilAway(VoiceStore store) throws Exception {
    until("away", () -> store.health().state() == StoreHealth.State.FROM_MEMORY);
  }

  @Test
  void tellsAnotherInstanceAtOnce() throws Exception {
    RedisVoiceStore other = another();
    BlockingQueue<VoiceChange> heard = new LinkedBlockingQueue<>();
    other.watch(heard::add);

    long start = System.nanoTime();
    Voice voice = await(store.put(Samples.full("granny")));
    VoiceChange change = heard.poll(SECONDS, TimeUnit.SECONDS);
    long tookMs = Duration.ofNanos(System.nanoTime() - start).toMillis();

    assertEquals(new VoiceChange("granny", voice), change);
    assertTrue(tookMs < 900, "told by the change, not by the next beat: " + tookMs + " ms");
    assertEquals(voice, await(other.get("granny")));
    Voice renamed = await(other.put(voice.edit().displayName("Nonna").done()));
    until("renamed here too", () -> renamed.equals(first(store)));
    await(store.delete("granny", 2));
    until("deleted there too", () -> first(other) == null);
  }

  private static Voice first(VoiceStore store) throws Exception {
    List<Voice> voices = await(store.list(VoiceQuery.all())).voices();
    return voices.isEmpty() ? null : voices.get(0);
  }

  @Test
  void startsWithWhatRedisHolds() throws Exception {
    Voice voice = await(store.put(Samples.full("granny")));
    store.used("granny", Samples.NOON);
    until("noted", () -> redis.ask("HGET {voicebridge}:used granny").equals("$13"));

    RedisVoiceStore other = another();

    assertEquals(
        List.of(voice.edit().lastUsed(Samples.NOON).done()),
        await(other.list(VoiceQuery.all())).voices());
  }

  @Test
  void worksFromMemoryWhileRedisIsGoneAndHeals() throws Exception {
    Voice voice = await(store.put(Samples.full("granny")));

    redis.kill();
    try {
      untilAway(store);
      assertTrue(store.health().detail().startsWith("working from memory"));
      assertEquals(voice, await(store.get("granny")));
      assertEquals(voice, await(store.byProviderId(voice.provider(), voice.providerVoiceId())));
      assertEquals(1, await(store.list(VoiceQuery.all())).total());
      assertEquals(
          VoiceStoreException.Kind.UNAVAILABLE, refusal(store.put(Samples.full("x"))).kind());
    } finally {
      redis.restart();
    }

    untilOk(store);
    assertEquals(2, await(store.put(voice)).version());
  }

  @Test
  void refillsARedisThatLostEverythingButNothingThatWasDeleted() throws Exception {
    RedisVoiceStore other = another();
    Voice annas = await(store.put(Samples.owned("a", "anna").providerVoiceId("v-1").done()));
    Voice bobs = await(other.put(Samples.owned("b", "bob").providerVoiceId("v-2").done()));
    await(store.put(Samples.full("deleted")));
    await(other.delete("deleted", 1));
    until("told", () -> await(store.list(VoiceQuery.all())).total() == 2);

    redis.restart();
    untilAway(store);
    untilOk(store);
    untilOk(other);

    RedisVoiceStore newcomer = another();
    assertEquals(annas, await(newcomer.get("a")));
    assertEquals(bobs, await(newcomer.get("b")));
    assertEquals(annas, await(newcomer.byProviderId(Voice.DASHSCOPE, "v-1")));
    assertNull(await(newcomer.get("deleted")));
    assertEquals(
        VoiceStoreException.Kind.GONE, refusal(newcomer.put(Samples.full("deleted"))).kind());
  }

  @Test
  void givesAVoiceBackToItsOwnerThoughANewcomerFoundItFirst() throws Exception {
    Voice annas = await(store.put(Samples.owned("a", "anna").providerVoiceId("v-1").done()));
    redis.ask("FLUSHALL");

    RedisVoiceStore newcomer = another();
    newcomer.put(Samples.found("f", "v-1").done()).otherwiseEmpty().await(5, TimeUnit.SECONDS);

    until("anna's again", () -> annas.equals(await(newcomer.get("a"))));
    until("found no more", () -> await(newcomer.get("f")) == null);
    assertEquals(annas, await(newcomer.byProviderId(Voice.DASHSCOPE, "v-1")));
    until("alone", () -> await(store.list(VoiceQuery.all())).voices().equals(List.of(annas)));
  }

  @Test
  void doesNotMixItsVoicesIntoSomebodyElsesLibrary() throws Exception {
    await(store.put(Samples.owned("a", "anna").providerVoiceId("v-1").done()));
    await(another().put(Samples.owned("b", "bob").providerVoiceId("v-2").done()));
    until("told", () -> await(store.list(VoiceQuery.all())).total() == 2);
    BlockingQueue<VoiceChange> heard = new LinkedBlockingQueue<>();
    store.watch(heard::add);

    redis.ask(
        "EVAL \"redis.call('HSET',KEYS[1],'library','other','born','1');"
            + "redis.call('HDEL',KEYS[2],'a');redis.call('HDEL',KEYS[3],ARGV[1])\""
            + " 3 {voicebridge}:meta {voicebridge}:voices {voicebridge}:providers"
            + " \"dashscope\\nv-1\"");

    until("forgotten", () -> await(store.list(VoiceQuery.all())).total() == 1);
    assertEquals(new VoiceChange("a", null), heard.poll(SECONDS, TimeUnit.SECONDS));
    assertEquals("$-1", redis.ask("HGET {voicebridge}:voices a"));
  }

  @Test
  void putsBackWhatARolledBackRedisLost() throws Exception {
    Voice first = await(store.put(Samples.full("granny")));
    String old = first.edit().done().toJson().encode().replace("\"", "\\\"");
    Voice second = await(store.put(first.edit().displayName("Nonna").done()));

    redis.ask(
        "EVAL \"redis.call('HSET',KEYS[1],'revision','1');"
            + "redis.call('HSET',KEYS[2],'granny',ARGV[1])\""
            + " 2 {voicebridge}:meta {voicebridge}:voices \""
            + old
            + "\"");

    until("put back", () -> second.equals(await(store.get("granny"))));
  }

  @Test
  void answersInTimeWhileRedisIsFrozen() throws Exception {
    Voice voice = await(store.put(Samples.full("granny")));

    redis.freeze();
    try {
      long start = System.nanoTime();
      assertEquals(voice, await(store.get("granny")));
      VoiceStoreException refusal = refusal(store.put(voice));
      long tookMs = Duration.ofNanos(System.nanoTime() - start).toMillis();
      assertEquals(VoiceStoreException.Kind.UNAVAILABLE, refusal.kind());
      assertTrue(tookMs < 6_000, tookMs + " ms");
      untilAway(store);
    } finally {
      redis.thaw();
    }

    untilOk(store);
    Voice now = await(store.get("granny"));
    assertEquals(now.version() + 1, await(store.put(now)).version());
  }

  @Test
  void hearsWhatItMissed() throws Exception {
    await(store.put(Samples.full("granny")));
    BlockingQueue<VoiceChange> heard = new LinkedBlockingQueue<>();
    store.watch(heard::add);

    // A change whose message never came.
    redis.ask(
        "EVAL \"local v = redis.call('HGET', KEYS[2], 'granny');"
            + "v = string.gsub(v, '\\\"version\\\":1', '\\\"version\\\":2');"
            + "redis.call('HSET', KEYS[2], 'granny', v);"
            + "redis.call('HINCRBY', KEYS[1], 'revision', 1)\""
            + " 2 {voicebridge}:meta {voicebridge}:voices");

    VoiceChange change = heard.poll(SECONDS, TimeUnit.SECONDS);
    assertNotNull(change);
    if (change.voice().version() == 1) {
      // The message of the put, which may come after its answer.
      change = heard.poll(SECONDS, TimeUnit.SECONDS);
      assertNotNull(change);
    }
    assertEquals(2, change.voice().version());
  }

  @Test
  void isDownUntilItReachesRedisAndThenHeals() throws Exception {
    RedisProcess late = RedisProcess.start("--save", "");
    late.kill();
    RedisVoiceStore waiting = RedisVoiceStore.start(vertx, late.url());
    others.add(waiting);
    CachedVoices cached = CachedVoices.following(waiting);
    try {
      assertEquals(StoreHealth.State.DOWN, waiting.health().state());
      assertEquals(VoiceStoreException.Kind.UNAVAILABLE, refusal(waiting.get("a")).kind());
      assertFalse(waiting.ready().isComplete());

      late.restart();
      await(waiting.ready());

      await(waiting.put(Samples.full("granny")));
      until("cached", () -> cached.get("granny") != null);
    } finally {
      cached.close();
      await(waiting.close());
      late.close();
    }
  }

  @Test
  void leavesARecordAloneThatItCantRead() throws Exception {
    redis.ask("HSET {voicebridge}:voices odd \"{\\\"id\\\":\\\"odd\\\",\\\"version\\\":3}\"");

    RedisVoiceStore other = another();

    assertEquals(0, await(other.list(VoiceQuery.all())).total());
    assertEquals(VoiceStoreException.Kind.CONFLICT, refusal(other.put(Samples.full("odd"))).kind());
  }
}
