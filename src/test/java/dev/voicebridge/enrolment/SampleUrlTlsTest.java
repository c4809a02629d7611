package dev.voicebridge.enrolment;

import static dev.voicebridge.enrolment.ScriptedVendor.failure;
import static dev.voicebridge.enrolment.ScriptedVendor.within;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.voicebridge.SelfSigned;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A sample over https comes from whom its URL names, or not at all. */
@Timeout(60)
@NullUnmarked
final class SampleUrlTlsTest {
  private static final SampleUrlGuard.Bounds BOUNDS =
      new SampleUrlGuard.Bounds(Duration.ofSeconds(10), 1000);

  @TempDir Path folder;
  private final AtomicInteger asked = new AtomicInteger();
  private Vertx vertx;
  private SelfSigned certificate;
  private HttpServer host;

  @BeforeEach
  void open() throws Exception {
    vertx = Vertx.vertx();
    certificate = SelfSigned.of("samples.test", folder);
    host =
        within(
            vertx
                .createHttpServer(
                    new HttpServerOptions().setSsl(true).setKeyCertOptions(certificate.key()))
                .requestHandler(
                    request -> {
                      asked.incrementAndGet();
                      request.response().end("RIFF");
                    })
                .listen(0, "127.0.0.1"));
  }

  @AfterEach
  void close() {
    within(vertx.close());
  }

  private Future<io.vertx.core.buffer.Buffer> fetch(String name) {
    return new SampleUrlGuard(
            vertx,
            Set.of(name + ":" + host.actualPort()),
            BOUNDS,
            any -> Future.succeededFuture(List.of(InetAddress.getLoopbackAddress())))
        .fetch("https://" + name + ":" + host.actualPort() + "/a.wav");
  }

  @Test
  void aCertificateThatNobodyTrustsIsRefused() {
    assertEquals("url_unreachable", failure(fetch("samples.test")).diagnosis().code());
    assertEquals(0, asked.get());
  }

  @Test
  void aTrustedCertificateOfThatNameIsTaken() throws Exception {
    certificate.trustedDuring(() -> assertEquals("RIFF", within(fetch("samples.test")).toString()));

    assertEquals(1, asked.get());
  }

  @Test
  void aTrustedCertificateOfAnotherNameIsRefused() throws Exception {
    certificate.trustedDuring(
        () -> assertEquals("url_unreachable", failure(fetch("other.test")).diagnosis().code()));

    assertEquals(0, asked.get());
  }
}
