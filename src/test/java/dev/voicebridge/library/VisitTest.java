package dev.voicebridge.library;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.catalogue.Catalogue;
import dev.voicebridge.config.Config;
import dev.voicebridge.enrolment.Provider;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Visitors of a vendor that only notes who calls. */
@Timeout(60)
final class VisitTest {
  private final Vertx vertx = Vertx.vertx();
  private final List<String> keys = new CopyOnWriteArrayList<>();
  private final AtomicReference<String> status = new AtomicReference<>("OK");
  private VoiceLibrary library;

  @BeforeEach
  void start(@TempDir Path data) throws Exception {
    HttpServer vendor =
        vertx
            .createHttpServer()
            .requestHandler(
                request -> {
                  keys.add(String.valueOf(request.getHeader("authorization")));
                  request
                      .response()
                      .end(
                          new JsonObject()
                              .put(
                                  "output",
                                  new JsonObject()
                                      .put("target_model", "cosyvoice-v3-flash")
                                      .put("status", status.get()))
                              .put("request_id", "1")
                              .encode());
                })
            .listen(0, "127.0.0.1")
            .await(10, TimeUnit.SECONDS);
    Config config =
        Config.load(
            Map.of(),
            Map.of(
                "SILICONFLOW_API_KEY",
                "sk-server",
                "SILICONFLOW_BASE_URL",
                "http://127.0.0.1:1/v1",
                "DASHSCOPE_BASE_URL",
                "http://127.0.0.1:" + vendor.actualPort(),
                "VOICEBRIDGE_DATA_DIR",
                data.toString()));
    VoiceLibraryVerticle verticle =
        new VoiceLibraryVerticle(config, Catalogue.load(), LibraryHouse.HASTY);
    vertx.deployVerticle(verticle).await(20, TimeUnit.SECONDS);
    library = verticle.library();
  }

  @AfterEach
  void stop() throws Exception {
    vertx.close().await(20, TimeUnit.SECONDS);
  }

  private Future<?> ask(String key, int calls) {
    List<Future<?>> asked = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      asked.add(
          library.visit(key).get(Provider.COSYVOICE, "cosyvoice-v3-flash-a-1", Duration.ZERO));
    }
    return Future.all(asked);
  }

  @Test
  void eachVisitorHasTheVendorsRateToThemselves() throws Exception {
    long began = System.nanoTime();
    Future<?> hasty = ask("sk-hasty", 21);
    ask("sk-calm", 1).await(20, TimeUnit.SECONDS);
    assertTrue(
        keys.indexOf("Bearer sk-calm") < 20, "one visitor waits for another: " + keys.size());

    hasty.await(30, TimeUnit.SECONDS);

    long tookMs = (System.nanoTime() - began) / 1_000_000;
    assertTrue(tookMs >= 2_000, "21 calls in " + tookMs + " ms, and 10 a second are allowed");
    assertEquals(22, keys.size());
    assertEquals(List.of(), keys.stream().filter(key -> key.contains("server")).toList());
  }

  @Test
  void whoWaitsForAVoiceIsAnsweredWhenItIsReadyOrTheTimeIsOver() throws Exception {
    status.set("DEPLOYING");
    Visit visit = library.visit("sk-visitor");
    String id = "cosyvoice-v3-flash-a-1";
    assertEquals(
        "DEPLOYING",
        visit
            .get(Provider.COSYVOICE, id, Duration.ofMillis(300))
            .await(20, TimeUnit.SECONDS)
            .vendorStatus());

    var waiting = visit.get(Provider.COSYVOICE, id, Duration.ofSeconds(30));
    status.set("OK");

    assertEquals("OK", waiting.await(20, TimeUnit.SECONDS).vendorStatus());
  }
}
