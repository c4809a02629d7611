package dev.voicebridge.voice;

import static dev.voicebridge.voice.VoiceStoreContract.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.voicebridge.SelfSigned;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code rediss://}: a real Redis behind TLS, which is ended before it. */
@Timeout(60)
@NullUnmarked
final class RedisTlsTest {
  @TempDir Path folder;
  private final AtomicInteger admitted = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();
  private Vertx vertx;
  private RedisProcess redis;

  @BeforeEach
  void open() throws Exception {
    vertx = Vertx.vertx();
    redis = RedisProcess.start("--save", "");
  }

  @AfterEach
  void close() throws Exception {
    await(vertx.close());
    redis.close();
  }

  /** The URL of the Redis behind that certificate. */
  private String behind(SelfSigned certificate) throws Exception {
    NetClient plain = vertx.createNetClient();
    NetServer tls =
        await(
            vertx
                .createNetServer(
                    new NetServerOptions().setSsl(true).setKeyCertOptions(certificate.key()))
                .connectHandler(
                    socket -> {
                      admitted.incrementAndGet();
                      socket.pause();
                      plain
                          .connect(redis.port(), "127.0.0.1")
                          .onSuccess(server -> join(socket, server))
                          .onFailure(none -> socket.close());
                    })
                .exceptionHandler(handshake -> failed.incrementAndGet())
                .listen(0, "127.0.0.1"));
    return "rediss://localhost:" + tls.actualPort();
  }

  private static void join(NetSocket one, NetSocket other) {
    one.pipeTo(other);
    other.pipeTo(one);
  }

  private void isRefused(String url) throws Exception {
    RedisVoiceStore store = RedisVoiceStore.start(vertx, url);
    RedisVoiceStoreTest.until("the certificate was refused twice", () -> failed.get() > 1);
    assertEquals(0, admitted.get());
    assertNotEquals(StoreHealth.State.OK, store.health().state());
    assertEquals(
        VoiceStoreException.Kind.UNAVAILABLE,
        VoiceStoreContract.refusal(store.put(Samples.full("granny"))).kind());
    await(store.close());
  }

  @Test
  void aCertificateThatNobodyTrustsIsRefused() throws Exception {
    isRefused(behind(SelfSigned.of("localhost", folder)));
  }

  @Test
  void aTrustedCertificateOfAnotherNameIsRefused() throws Exception {
    SelfSigned certificate = SelfSigned.of("redis.test", folder);
    certificate.trustedDuring(() -> isRefused(behind(certificate)));
  }

  @Test
  void voicesAreKeptOverTlsWhereTheCertificateIsTrusted() throws Exception {
    SelfSigned certificate = SelfSigned.of("localhost", folder);
    certificate.trustedDuring(
        () -> {
          RedisVoiceStore store = RedisVoiceStore.start(vertx, behind(certificate));
          store.ready().await(20, TimeUnit.SECONDS);

          Voice voice = await(store.put(Samples.full("granny")));

          assertEquals(voice, await(store.get("granny")));
          await(store.close());
        });
    assertEquals(0, failed.get());
  }
}
