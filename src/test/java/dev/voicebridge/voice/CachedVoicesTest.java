package dev.voicebridge.voice;

import static dev.voicebridge.voice.VoiceStoreContract.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.vertx.core.Vertx;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
@NullUnmarked
class CachedVoicesTest {
  private final Vertx vertx = Vertx.vertx();
  private final VoiceStore store = new MemoryVoiceStore(vertx);

  @AfterEach
  void close() throws Exception {
    await(vertx.close());
  }

  @Test
  void followsTheStore() throws Exception {
    Voice before = await(store.put(Samples.full("before")));
    try (CachedVoices voices = await(CachedVoices.of(store))) {
      assertEquals(before, voices.get("before"));

      Voice after = await(store.put(Samples.full("after")));
      assertEquals(after, await(voices.find("after")));
      RedisVoiceStoreTest.until("here", () -> after.equals(voices.get("after")));
      assertEquals(after, voices.byProviderId(after.provider(), after.providerVoiceId()));
      await(store.delete("before", 1));
      RedisVoiceStoreTest.until("gone", () -> voices.get("before") == null);
      assertEquals(1, voices.list(VoiceQuery.all()).total());
      assertNull(await(voices.find("before")));
    }
  }
}
