package dev.voicebridge.voice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@NullUnmarked
class RedisUrlTest {
  @Test
  void readsOneServer() {
    RedisOptions options = RedisUrl.parse("redis://:s%40crt@127.0.0.1:6380/3");

    assertEquals(RedisClientType.STANDALONE, options.getType());
    assertEquals(List.of("redis://:s%40crt@127.0.0.1:6380/3"), options.getEndpoints());
  }

  @Test
  void readsACluster() {
    RedisOptions options = RedisUrl.parse("redis://u:p@a:7000,b,[::1]:7002/0");

    assertEquals(RedisClientType.CLUSTER, options.getType());
    assertEquals(
        List.of("redis://u:p@a:7000", "redis://u:p@b:6379", "redis://u:p@[::1]:7002"),
        options.getEndpoints());
    assertEquals(RedisClientType.CLUSTER, RedisUrl.parse("redis://a?type=cluster").getType());
  }

  @Test
  void readsSentinels() {
    RedisOptions options = RedisUrl.parse("redis://a,b:26380/2?type=sentinel&master=voices");

    assertEquals(RedisClientType.SENTINEL, options.getType());
    assertEquals("voices", options.getMasterName());
    assertEquals(List.of("redis://a:26379/2", "redis://b:26380/2"), options.getEndpoints());
  }

  @Test
  void checksTheNameOfATlsServer() {
    RedisOptions options = RedisUrl.parse("rediss://redis.example");

    assertEquals("HTTPS", options.getNetClientOptions().getHostnameVerificationAlgorithm());
    assertEquals(List.of("rediss://redis.example:6379"), options.getEndpoints());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "http://a",
        "redis://",
        "redis://:hunter2@a:0",
        "redis://:hunter2@a:99999",
        "redis://:hunter2@a,b/1",
        "redis://:hunter2@a,,b",
        "redis://:hunter2@a,b?type=standalone",
        "redis://:hunter2@a?type=magic",
        "redis://:hunter2@a?master=m",
        "redis://:hunter2@a?ssl=true",
        "redis://:hunter2@a/x"
      })
  void refusesWhatItWouldMisunderstandWithoutShowingThePassword(String url) {
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> RedisUrl.parse(url));

    assertFalse(refusal.getMessage().contains("hunter2"), refusal.getMessage());
  }
}
