package dev.voicebridge.emulator;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** HTTP without a client library of the vendor's, and a host for samples. */
final class RawHttp implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final HttpServer server;

  RawHttp(Vertx vertx) throws Exception {
    server =
        vertx
            .createHttpServer()
            .requestHandler(
                request -> {
                  byte[] file = files.get(request.path());
                  if (request.path().equals("/away")) {
                    request
                        .response()
                        .setStatusCode(302)
                        .putHeader("Location", "http://192.0.2.1/a.wav")
                        .end();
                  } else if (file == null) {
                    request.response().setStatusCode(404).end();
                  } else {
                    request.response().end(Buffer.buffer(file));
                  }
                })
            .listen(0, "127.0.0.1")
            .await(10, TimeUnit.SECONDS);
  }

  /**
   * @return the URL at which the file can be had
   */
  String serve(byte[] file) {
    String path = "/" + files.size() + ".wav";
    files.put(path, file);
    return url(path);
  }

  String url(String path) {
    return "http://127.0.0.1:" + server.actualPort() + path;
  }

  HttpResponse<byte[]> post(String url, String key, String type, byte[] body) throws Exception {
    return send(
        HttpRequest.newBuilder(URI.create(url))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
  }

  HttpResponse<byte[]> post(String url, String key, JsonObject body) throws Exception {
    return post(url, key, "application/json", body.toBuffer().getBytes());
  }

  HttpResponse<byte[]> get(String url, String key) throws Exception {
    return send(HttpRequest.newBuilder(URI.create(url)).header("Authorization", "Bearer " + key));
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  static JsonObject json(HttpResponse<byte[]> response) {
    return new JsonObject(Buffer.buffer(response.body()));
  }

  @Override
  public void close() {
    try {
      server.close().await(10, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }
}
