package dev.voicebridge.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.sample.TestSamples;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The library as another client sees it: makes voices for the page's tests and looks after them.
 */
final class VoicesOverHttp {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final URI server;
  private final HttpClient client = HttpClient.newHttpClient();

  VoicesOverHttp(URI server) {
    this.server = server;
  }

  /** A clone of one of the test speakers. */
  String clone(String name, int speaker, String... tags) throws Exception {
    String data = Base64.getEncoder().encodeToString(TestSamples.speech(speaker));
    return made(
        new JsonObject()
            .put("provider", "qwen")
            .put("name", name)
            .put("consent", true)
            .put("tags", new JsonArray(List.of(tags)))
            .put("sample", new JsonObject().put("data", "data:audio/wav;base64," + data)));
  }

  String design(String name, String description) throws Exception {
    return made(
        new JsonObject()
            .put("provider", "cosyvoice")
            .put("name", name)
            .put("description", description)
            .put("preview_text", "Good evening, and welcome to the first chapter."));
  }

  private String made(JsonObject order) throws Exception {
    HttpResponse<String> answer = send("POST", "v1/voices", order);
    assertEquals(201, answer.statusCode(), answer.body());
    return new JsonObject(answer.body()).getJsonObject("voice").getString("id");
  }

  JsonObject get(String id) throws Exception {
    HttpResponse<String> answer = send("GET", "v1/voices/" + id, null);
    assertEquals(200, answer.statusCode(), answer.body());
    return new JsonObject(answer.body());
  }

  boolean exists(String id) throws Exception {
    return send("GET", "v1/voices/" + id, null).statusCode() == 200;
  }

  List<JsonObject> all() throws Exception {
    return new JsonObject(send("GET", "v1/voices?limit=1000", null).body())
        .getJsonArray("data").stream().map(JsonObject.class::cast).toList();
  }

  String idOf(String name) throws Exception {
    return all().stream()
        .filter(voice -> name.equals(voice.getString("name")))
        .map(voice -> voice.getString("id"))
        .findFirst()
        .orElseThrow();
  }

  void delete(String id) throws Exception {
    int status = send("DELETE", "v1/voices/" + id, null).statusCode();
    assertTrue(status == 204 || status == 404, () -> "deletion answered " + status);
  }

  void deleteAll() throws Exception {
    for (JsonObject voice : all()) {
      delete(voice.getString("id"));
    }
  }

  /** Returns when the server knows no such voice any more. */
  void awaitGone(String id) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (exists(id)) {
      if (System.nanoTime() > end) {
        throw new TimeoutException(id + " is still there after " + PATIENCE);
      }
      LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
    }
  }

  private HttpResponse<String> send(String method, String path, @Nullable JsonObject body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve("/" + path)).timeout(Duration.ofSeconds(60));
    if (body == null) {
      request.method(method, BodyPublishers.noBody());
    } else {
      request
          .header("content-type", "application/json")
          .method(method, BodyPublishers.ofString(body.encode()));
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }
}
