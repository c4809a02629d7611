package dev.voicebridge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.voicebridge.config.Config;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The preview of a design, after the design. */
@Timeout(120)
final class KeptPreviewTest {
  private static final String ANNA = "anna-key-of-some-length";
  private static final String BERT = "bert-key-of-some-length";
  private static final String OPERATOR = "operator-key-of-some-length";
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir private Path data;

  private Voicebridge start(boolean keep) {
    return Voicebridge.start(
        Config.load(
            Map.of(),
            Map.of(
                "VOICEBRIDGE_PORT",
                "0",
                "VOICEBRIDGE_API_KEYS",
                "anna=" + ANNA + ",bert=" + BERT + ",operator=" + OPERATOR,
                "VOICEBRIDGE_KEEP_PREVIEWS",
                Boolean.toString(keep),
                "VOICEBRIDGE_DATA_DIR",
                data.toString())));
  }

  private static HttpResponse<byte[]> send(
      Voicebridge server, String key, String method, String path, String body) throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
            .timeout(Duration.ofSeconds(60))
            .header("authorization", "Bearer " + key)
            .header("content-type", "application/json")
            .method(method, BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofByteArray());
  }

  private static JsonObject json(HttpResponse<byte[]> answer) {
    return new JsonObject(new String(answer.body(), StandardCharsets.UTF_8));
  }

  private static JsonObject design(Voicebridge server, String format) throws Exception {
    JsonObject order =
        new JsonObject()
            .put("provider", "qwen")
            .put("name", "Narrator")
            .put("format", format)
            .put("description", "A calm, deep male narrator in his fifties, slow and warm")
            .put("preview_text", "Good evening, and welcome to the story of tonight.")
            .put("language", "en");
    HttpResponse<byte[]> made = send(server, ANNA, "POST", "/v1/voices", order.encode());
    assertEquals(201, made.statusCode(), json(made).encode());
    return json(made);
  }

  @ParameterizedTest
  @CsvSource({"wav, audio/wav, 0", "pcm, audio/wav, 44", "mp3, audio/mpeg, 0"})
  void isHeardByItsOwnerUntilTheVoiceIsDeleted(String format, String mediaType, int header)
      throws Exception {
    String path;
    byte[] heard;
    try (Voicebridge server = start(true)) {
      JsonObject made = design(server, format);
      heard = Base64.getDecoder().decode(made.getJsonObject("preview").getString("data"));
      path = made.getJsonObject("voice").getString("preview");
    }
    try (Voicebridge again = start(true)) {
      HttpResponse<byte[]> kept = send(again, ANNA, "GET", path, "");

      assertEquals(200, kept.statusCode());
      assertEquals(mediaType, kept.headers().firstValue("content-type").orElse(""));
      assertArrayEquals(heard, Arrays.copyOfRange(kept.body(), header, kept.body().length));
      assertEquals(404, send(again, BERT, "GET", path, "").statusCode());
      assertEquals(200, send(again, OPERATOR, "GET", path, "").statusCode());

      String voice = path.substring(0, path.length() - "/preview".length());
      assertEquals(204, send(again, ANNA, "DELETE", voice, "").statusCode());
      assertEquals(404, send(again, ANNA, "GET", path, "").statusCode());
    }
  }

  @Test
  void isNotKeptUnlessTheSettingSaysSo() throws Exception {
    try (Voicebridge server = start(false)) {
      JsonObject voice = design(server, "wav").getJsonObject("voice");

      assertNull(voice.getString("preview"));
      HttpResponse<byte[]> none =
          send(server, ANNA, "GET", "/v1/voices/" + voice.getString("id") + "/preview", "");
      assertEquals(404, none.statusCode());
      assertEquals("not_found", json(none).getJsonObject("error").getString("code"));
    }
  }
}
