package dev.voicebridge.voice;

import static dev.voicebridge.voice.VoiceStoreContract.await;
import static dev.voicebridge.voice.VoiceStoreContract.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SharedRateTest {
  private static final Duration PERIOD = Duration.ofMillis(400);
  private static final SharedRate.Pot POT = new SharedRate.Pot("enrolment", 10, PERIOD);
  private static final Duration LONG = Duration.ofSeconds(15);

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() throws Exception {
    await(vertx.close());
  }

  @Test
  void isNeverExceededByOneInstance() throws Exception {
    SharedRate rate = SharedRate.local(vertx);

    neverExceeded(List.of(rate, rate));
  }

  @Test
  void isNeverExceededByTwoInstancesTogether() throws Exception {
    try (RedisProcess redis = RedisProcess.start("--save", "")) {
      RedisVoiceStore one = RedisVoiceStore.start(vertx, redis.url());
      RedisVoiceStore other = RedisVoiceStore.start(vertx, redis.url());
      await(one.ready());
      await(other.ready());

      neverExceeded(List.of(SharedRate.in(vertx, one), SharedRate.in(vertx, other)));

      await(one.close());
      await(other.close());
    }
  }

  /** 40 calls at once: at most 10 in every window of a period, and no slower than they must be. */
  private static void neverExceeded(List<SharedRate> instances) throws Exception {
    ConcurrentLinkedQueue<Long> went = new ConcurrentLinkedQueue<>();
    List<Future<Void>> calls = new ArrayList<>();
    long start = System.nanoTime();
    for (int i = 0; i < 40; i++) {
      SharedRate rate = instances.get(i % instances.size());
      calls.add(rate.take(POT, LONG).onSuccess(v -> went.add(System.nanoTime())));
    }
    Future.all(calls).await(20, TimeUnit.SECONDS);

    long tookMs = (System.nanoTime() - start) / 1_000_000;
    // 40 calls are 4 periods' worth: the last ten may go after three.
    assertTrue(tookMs >= 3 * PERIOD.toMillis(), tookMs + " ms");
    assertTrue(tookMs < 3 * PERIOD.toMillis() + 5_000, tookMs + " ms");
    List<Long> moments = went.stream().sorted().toList();
    assertEquals(40, moments.size());
    for (int i = 10; i < 40; i++) {
      // Half a period for timers that a busy machine fires late; the places themselves are exact.
      long distanceMs = (moments.get(i) - moments.get(i - 10)) / 1_000_000;
      assertTrue(distanceMs >= PERIOD.toMillis() / 2, "ten calls in " + distanceMs + " ms");
    }
  }

  @Test
  void givesPlacesThatKeepTheirDistanceToWhomeverAsks() throws Exception {
    try (RedisProcess redis = RedisProcess.start("--save", "")) {
      RedisVoiceStore one = RedisVoiceStore.start(vertx, redis.url());
      RedisVoiceStore other = RedisVoiceStore.start(vertx, redis.url());
      await(one.ready());
      await(other.ready());
      List<String> key = List.of("{voicebridge}:rate:p");
      List<Long> places = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        RedisLink link = (i % 2 == 0 ? one : other).link();
        await(link.send(RedisScripts.eval(RedisScripts.RATE, key, 3, 100_000, 15_000_000, 0)));
        places.add(Long.parseLong(redis.lines("LINDEX " + key.get(0) + " 0", 2).get(1)));
      }

      for (int i = 3; i < places.size(); i++) {
        long distance = places.get(i) - places.get(i - 3);
        assertTrue(distance >= 100_000, "the " + i + ". came after " + distance + " µs");
      }
      await(one.close());
      await(other.close());
    }
  }

  @Test
  void saysWhenAPlaceIsFreeInsteadOfWaitingTooLong() throws Exception {
    SharedRate rate = SharedRate.local(vertx);
    SharedRate.Pot pot = new SharedRate.Pot("p", 1, Duration.ofSeconds(60));
    await(rate.take(pot, Duration.ZERO));

    SharedRate.TooManyException refusal =
        assertThrows(
            SharedRate.TooManyException.class, () -> await(rate.take(pot, Duration.ofSeconds(5))));

    long seconds = refusal.retryAfter().toSeconds();
    assertTrue(seconds > 50 && seconds <= 63, seconds + " s");
  }

  @Test
  void letsNothingThroughWhileRedisIsAwayNorAllAtOnceAfterwards() throws Exception {
    try (RedisProcess redis = RedisProcess.start("--save", "")) {
      RedisVoiceStore store = RedisVoiceStore.start(vertx, redis.url());
      await(store.ready());
      SharedRate rate = SharedRate.in(vertx, store);
      SharedRate.Pot pot = new SharedRate.Pot("p", 2, Duration.ofSeconds(60));
      await(rate.take(pot, Duration.ZERO));
      redis.kill();
      RedisVoiceStoreTest.until(
          "away", () -> store.health().state() == StoreHealth.State.FROM_MEMORY);

      assertEquals(VoiceStoreException.Kind.UNAVAILABLE, refusal(rate.take(pot, LONG)).kind());

      redis.restart();
      RedisVoiceStoreTest.until("back", () -> store.health().state() == StoreHealth.State.OK);
      assertThrows(SharedRate.TooManyException.class, () -> await(rate.take(pot, Duration.ZERO)));
      await(store.close());
    }
  }
}
