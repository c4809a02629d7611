package dev.voicebridge.voice;

import static dev.voicebridge.voice.VoiceStoreContract.await;
import static dev.voicebridge.voice.VoiceStoreContract.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Three masters on loopback. */
@Timeout(60)
@NullUnmarked
class RedisClusterTest {
  private static final int SLOTS = 16_384;

  private static final Vertx vertx = Vertx.vertx();
  private static final List<RedisProcess> members = new ArrayList<>();

  @BeforeAll
  static void startCluster() throws Exception {
    for (int i = 0; i < 3; i++) {
      members.add(RedisProcess.member());
    }
    for (int i = 0; i < 3; i++) {
      StringBuilder slots = new StringBuilder("CLUSTER ADDSLOTS");
      for (int slot = SLOTS * i / 3; slot < SLOTS * (i + 1) / 3; slot++) {
        slots.append(' ').append(slot);
      }
      members.get(i).ask(slots.toString());
      members.get(i).ask("CLUSTER MEET 127.0.0.1 " + members.get((i + 1) % 3).port());
    }
    for (RedisProcess member : members) {
      RedisVoiceStoreTest.until(
          "a cluster", () -> member.lines("CLUSTER INFO", 2).get(1).equals("cluster_state:ok"));
    }
  }

  @AfterAll
  static void stopCluster() throws Exception {
    await(vertx.close());
    for (RedisProcess member : members) {
      member.close();
    }
  }

  @Test
  void keepsTheLibraryInOneSlotAndTellsOthers() throws Exception {
    String all =
        "redis://127.0.0.1:"
            + members.get(0).port()
            + ",127.0.0.1:"
            + members.get(1).port()
            + ",127.0.0.1:"
            + members.get(2).port();
    RedisVoiceStore one = RedisVoiceStore.start(vertx, all);
    RedisVoiceStore other = RedisVoiceStore.start(vertx, members.get(2).url() + "?type=cluster");
    try {
      await(one.ready());
      await(other.ready());
      BlockingQueue<VoiceChange> heard = new LinkedBlockingQueue<>();
      other.watch(heard::add);

      Voice voice = await(one.put(Samples.full("granny")));

      assertEquals(
          new VoiceChange("granny", voice),
          heard.poll(VoiceStoreContract.SECONDS, TimeUnit.SECONDS));
      assertEquals(voice, await(other.get("granny")));
      assertEquals(voice, await(other.byProviderId(voice.provider(), voice.providerVoiceId())));
      assertEquals(
          VoiceStoreException.Kind.CONFLICT, refusal(other.put(Samples.full("granny"))).kind());
      await(
          SharedRate.in(vertx, one)
              .take(new SharedRate.Pot("p", 1, Duration.ofSeconds(1)), Duration.ZERO));
      assertEquals(true, await(other.delete("granny", 1)));
    } finally {
      await(one.close());
      await(other.close());
    }
  }
}
