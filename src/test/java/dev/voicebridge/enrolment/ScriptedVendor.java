package dev.voicebridge.enrolment;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** An HTTP server that remembers what it was asked and answers what it was told, in order. */
final class ScriptedVendor implements AutoCloseable {
  static final String KEY = "sk-very-secret-0123456789";

  /** Enough for a machine under load, little enough for a test that waits for it. */
  static final Patience SHORT =
      new Patience(
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          64 * 1024,
          256 * 1024);

  final Vertx vertx = Vertx.vertx();
  final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final Queue<Consumer<HttpServerRequest>> answers = new ConcurrentLinkedQueue<>();
  private final HttpServer server;

  record Asked(String method, String uri, Map<String, String> headers, Buffer body) {
    String boundary() {
      return headers.getOrDefault("Content-Type", "").replaceFirst(".*boundary=", "");
    }

    JsonObject json() {
      return new JsonObject(body);
    }
  }

  ScriptedVendor() {
    server =
        within(
            vertx
                .createHttpServer()
                .requestHandler(
                    request -> {
                      Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
                      request.headers().forEach(headers::put);
                      request
                          .body()
                          .onSuccess(
                              body -> {
                                asked.add(
                                    new Asked(
                                        request.method().name(), request.uri(), headers, body));
                                Consumer<HttpServerRequest> answer = answers.poll();
                                if (answer == null) {
                                  request.response().setStatusCode(599).end("nothing scripted");
                                } else {
                                  answer.accept(request);
                                }
                              });
                    })
                .listen(0, "127.0.0.1"));
  }

  String url() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  Account account() {
    return new Account(url() + "/", KEY);
  }

  VendorHttp http(Patience patience) {
    return new VendorHttp(vertx, patience);
  }

  CosyVoiceEnrolment cosyVoice() {
    return new CosyVoiceEnrolment(http(SHORT), account(), Pace.UNHURRIED);
  }

  QwenEnrolment qwen() {
    return new QwenEnrolment(http(SHORT), account(), Pace.UNHURRIED);
  }

  SiliconFlowEnrolment siliconFlow() {
    return new SiliconFlowEnrolment(http(SHORT), account(), Pace.UNHURRIED);
  }

  ScriptedVendor then(Consumer<HttpServerRequest> answer) {
    answers.add(answer);
    return this;
  }

  ScriptedVendor then(int status, String body) {
    return then(
        request ->
            request
                .response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end(body));
  }

  /** A success in DashScope's envelope. */
  ScriptedVendor output(String output) {
    return then(
        200,
        "{\"output\":"
            + output
            + ",\"usage\":{\"count\":1},\"request_id\":\"req-"
            + answers.size()
            + "\"}");
  }

  Asked last() {
    return asked.get(asked.size() - 1);
  }

  static <T> T within(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException unchecked) {
        throw unchecked;
      }
      throw new AssertionError(e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  static EnrolmentException failure(Future<?> future) {
    try {
      Object result = within(future);
      throw new AssertionError("did not fail: " + result);
    } catch (EnrolmentException expected) {
      return expected;
    }
  }

  @Override
  public void close() {
    within(vertx.close());
  }
}
