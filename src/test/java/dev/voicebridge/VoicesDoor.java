package dev.voicebridge;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A caller of {@code /v1/voices}. */
final class VoicesDoor {
  private final HttpClient client = HttpClient.newHttpClient();
  private final FreshServer server;

  VoicesDoor(FreshServer server) {
    this.server = server;
  }

  HttpRequest.Builder to(String path) {
    return server.request(path);
  }

  HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  HttpResponse<byte[]> send(String method, String path, JsonObject body) throws Exception {
    return send(
        to(path)
            .header("content-type", "application/json")
            .method(method, BodyPublishers.ofString(body.encode())));
  }

  HttpResponse<byte[]> get(String path) throws Exception {
    return send(to(path));
  }

  /** Its body is read as it comes. */
  HttpResponse<InputStream> open(String path) throws Exception {
    return client.send(to(path).build(), BodyHandlers.ofInputStream());
  }

  /** A form with a sample. */
  HttpRequest.Builder form(String path, Map<String, String> fields, byte[] file) throws Exception {
    return form("POST", path, fields, file);
  }

  HttpRequest.Builder form(String method, String path, Map<String, String> fields, byte[] file)
      throws Exception {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (Map.Entry<String, String> field : fields.entrySet()) {
      String part =
          "--XX\r\ncontent-disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
              .formatted(field.getKey(), field.getValue());
      body.write(part.getBytes(StandardCharsets.UTF_8));
    }
    body.write(
        "--XX\r\ncontent-disposition: form-data; name=\"file\"; filename=\"s.wav\"\r\n\r\n"
            .getBytes(StandardCharsets.UTF_8));
    body.write(file);
    body.write("\r\n--XX--\r\n".getBytes(StandardCharsets.UTF_8));
    return to(path)
        .header("content-type", "multipart/form-data; boundary=XX")
        .method(method, BodyPublishers.ofByteArray(body.toByteArray()));
  }

  static JsonObject json(HttpResponse<byte[]> answer) {
    return new JsonObject(new String(answer.body(), StandardCharsets.UTF_8));
  }

  static String text(HttpResponse<byte[]> answer) {
    return answer.statusCode() + " " + new String(answer.body(), StandardCharsets.UTF_8);
  }
}
