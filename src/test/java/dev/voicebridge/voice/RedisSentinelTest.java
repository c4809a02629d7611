package dev.voicebridge.voice;

import static dev.voicebridge.voice.VoiceStoreContract.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A master, its replica and the sentinel that watches them. */
@Timeout(60)
class RedisSentinelTest {
  @Test
  void followsTheSentinelToTheNewMaster() throws Exception {
    Vertx vertx = Vertx.vertx();
    try (RedisProcess master = RedisProcess.start("--save", "");
        RedisProcess replica =
            RedisProcess.start("--save", "", "--replicaof", "127.0.0.1", "" + master.port());
        RedisProcess sentinel = RedisProcess.sentinel(master)) {
      RedisVoiceStoreTest.until(
          "the replica is known",
          () -> sentinel.lines("SENTINEL REPLICAS voices", 1).get(0).equals("*1"));
      RedisVoiceStore store =
          RedisVoiceStore.start(vertx, sentinel.url() + "?type=sentinel&master=voices");
      await(store.ready());
      Voice voice = await(store.put(Samples.full("granny")));
      RedisVoiceStoreTest.until(
          "replicated", () -> replica.ask("HLEN {voicebridge}:voices").equals(":1"));

      master.kill();

      RedisVoiceStoreTest.until(
          "in touch with the new master",
          () ->
              store
                      .put(voice.edit().displayName("Nonna").done())
                      .map(true)
                      .recover(
                          e ->
                              store
                                  .get("granny")
                                  .map(now -> now.version() == 2 && isOk(store))
                                  .otherwise(false))
                      .await(5, TimeUnit.SECONDS)
                  && isOk(store));
      assertEquals("Nonna", await(store.get("granny")).displayName());
      assertEquals(":1", replica.ask("HLEN {voicebridge}:voices"));
      await(store.close());
    } finally {
      await(vertx.close());
    }
  }

  private static boolean isOk(VoiceStore store) {
    return store.health().state() == StoreHealth.State.OK;
  }
}
